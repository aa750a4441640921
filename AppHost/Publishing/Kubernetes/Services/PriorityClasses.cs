namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>Who goes first when machines are short; defined in <c>k8s/base/platform</c>.</summary>
internal static class PriorityClasses
{
    public const string Serving = "reco-serving";
    public const string Stores = "reco-stores";
    public const string Batch = "reco-batch";
}
