using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>Secrets that the cluster fetches from the region's cloud. No value stands in the set.</summary>
public static class ExternalSecrets
{
    /// <summary>The store of the region's cloud; each overlay has its own under this name.</summary>
    public const string Store = "reco-secrets";

    /// <summary>A Secret that is kept equal to what the cloud's store holds.</summary>
    /// <param name="name">Name of the Secret, and of the object that fetches it.</param>
    /// <param name="workload">Whose it is.</param>
    /// <param name="keys">Keys; the cloud's name of each is <see cref="RemoteName"/>.</param>
    /// <param name="template">Keys made from the fetched ones; null where the fetched ones are all.</param>
    /// <param name="namespace">Where it is wanted.</param>
    /// <param name="source">The Secret whose values these are, where they are another one's.</param>
    public static Map Of(string name, string workload, IEnumerable<string> keys, Map? template = null, string? @namespace = null, string? source = null) =>
        Fetched(name, workload, @namespace ?? Deployment.Namespace, template, keys.Select(key => (key, RemoteName(source ?? name, key))));

    /// <summary>The same, where a key has another name in the cloud's store.</summary>
    /// <param name="name">Name of the Secret, and of the object that fetches it.</param>
    /// <param name="workload">Whose it is.</param>
    /// <param name="namespace">Where it is wanted.</param>
    /// <param name="template">Keys made from the fetched ones; null where the fetched ones are all.</param>
    /// <param name="keys">Keys, each with the cloud's whole name of it.</param>
    public static Map Fetched(string name, string workload, string @namespace, Map? template, IEnumerable<(string Key, string Remote)> keys) =>
        Objects.In(@namespace, "external-secrets.io/v1", "ExternalSecret", name, workload, ("spec", Map(
            ("refreshInterval", "1h"),
            ("secretStoreRef", Map(("kind", "ClusterSecretStore"), ("name", Store))),
            ("target", Map(
                ("name", name),
                ("creationPolicy", "Owner"),
                // An outage of the cloud's store must not take a running service's password away.
                ("deletionPolicy", "Retain"),
                ("template", template is null ? null : Map(("engineVersion", "v2"), ("mergePolicy", "Merge"), ("data", template))))),
            ("data", ListOf(keys.Select(key => Map(
                ("secretKey", key.Key),
                ("remoteRef", Map(("key", key.Remote))))))))));

    /// <summary>The name in the cloud's store: letters, digits and hyphens only, which every cloud takes.</summary>
    public static string RemoteName(string secret, string key) => $"recoaspire-{secret}-{key}";
}
