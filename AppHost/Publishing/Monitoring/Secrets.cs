using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using static RecoAspire.Publishing.Documents.Tree;

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
        Objects.In(Deployment.Monitoring, "external-secrets.io/v1", "ExternalSecret", name, workload, ("spec", Map(
            ("refreshInterval", "1h"),
            ("secretStoreRef", Map(("kind", "ClusterSecretStore"), ("name", "reco-secrets"))),
            ("target", Map(
                ("name", name),
                ("creationPolicy", "Owner"),
                // An outage of the cloud's store must not take credentials away.
                ("deletionPolicy", "Retain"))),
            ("data", ListOf(keys.Select(k => Map(("secretKey", k.Key), ("remoteRef", Map(("key", k.Remote))))))))));
}
