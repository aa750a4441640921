namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>The ConfigMap that tells pods which region they are in; each overlay makes it.</summary>
internal static class RegionConfig
{
    public const string Name = "region";
    public const string Key = "name";
}
