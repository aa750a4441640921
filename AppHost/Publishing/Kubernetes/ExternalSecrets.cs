using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>Secrets that the cluster fetches from the cloud's own store; their values are nowhere in the set.</summary>
public static class ExternalSecrets
{
    /// <summary>The region's store.</summary>
    public const string Store = "reco-secrets";

    /// <summary>A Secret whose keys are properties of one secret in the cloud's store: a JSON object.</summary>
    /// <param name="name">The Secret's name.</param>
    /// <param name="workload">Whose it is.</param>
    /// <param name="stored">Name in the cloud's store; letters, digits and hyphens, since Google's knows no others.</param>
    /// <param name="keys">The Secret's keys; the properties have the same names.</param>
    /// <param name="composed">Where values are made of them: the Secret then holds these alone.</param>
    /// <param name="namespace">The workload's namespace.</param>
    public static Map Of(string name, string workload, string stored, IEnumerable<string> keys, Map? composed = null, string? @namespace = null) =>
        Objects.In(@namespace ?? Deployment.Namespace, "external-secrets.io/v1", "ExternalSecret", name, workload, ("spec", Map(
            ("refreshInterval", "1h"),
            ("secretStoreRef", Map(("kind", "ClusterSecretStore"), ("name", Store))),
            ("target", Map(
                ("name", name),
                ("creationPolicy", "Owner"),
                // An outage of the store must not take a running service's password away.
                ("deletionPolicy", "Retain"),
                ("template", composed is null ? null : Map(("data", composed))))),
            ("data", ListOf(keys.Select(key => Map(
                ("secretKey", key),
                ("remoteRef", Map(("key", stored), ("property", key))))))))));
}
