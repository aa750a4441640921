using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;

namespace RecoAspire.Publishing.Monitoring;

/// <summary>Credentials of what watches, fetched from the region's cloud; pods read them as files.</summary>
internal static class Secrets
{
    /// <summary>Read-only key of Qdrant, which its own namespace has under the same name in the cloud's store.</summary>
    public const string Qdrant = "prometheus-qdrant";

    /// <summary>Password with which regions write to the primary's global view.</summary>
    public const string RemoteWrite = "prometheus-remote-write";

    /// <summary>A Secret with one key for each pair of key and name in the cloud's store.</summary>
    public static Map Of(string name, string workload, params IEnumerable<(string Key, string Remote)> keys) =>
        ExternalSecrets.Fetched(name, workload, Deployment.Monitoring, template: null, keys);
}
