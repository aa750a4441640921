using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Qdrant;

/// <summary>Creates the collections with the layout that the topology gives.</summary>
public static class CollectionsJob
{
    /// <summary>Name of the task's workload.</summary>
    public const string Name = "qdrant-collections";

    private const int DeadlineSeconds = 3600;
    private const int User = 1000;

    /// <summary>Each collection's name and the body of the call that creates it.</summary>
    public static IReadOnlyList<(string Name, string Text)> Collections(VectorCluster layout) =>
        [("collaborative", Body(layout, size: 192, "Dot")), ("text", Body(layout, size: 256, "Cosine"))];

    /// <summary>The task.</summary>
    public static Map Of(DeploymentTopology topology, IReadOnlyList<(string Name, string Text)> collections)
    {
        var container = Map(
            ("name", "create"),
            ("image", topology.Images.OfEngine("curl")),
            ("command", List("sh", "/scripts/create-collections.sh")),
            ("env", List(
                Pods.Variable("QDRANT_URL", "http://qdrant-service:6333"),
                Pods.Variable("API_KEY_FILE", "/keys/api-key"),
                Pods.Variable("RUN", "/tmp"),
                Pods.Variable("COLLECTIONS", "/scripts"),
                Pods.Variable("PEERS", $"{topology.Primary.Capacity.VectorNodes}"),
                Pods.Variable("WAIT_SECONDS", $"{DeadlineSeconds - 600}"))),
            ("resources", Pods.Resources(Small)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", new Sequence([.. Pods.Mounts().Items, ReadOnlyMount("scripts", "/scripts"), ReadOnlyMount("keys", "/keys")])));
        return Job(
            Name, User, container,
            List(ConfigVolume("scripts", Name), SecretVolume("keys", "qdrant", "api-key")),
            DeadlineSeconds,
            [File("Qdrant/create-collections.sh"), .. collections.Select(c => c.Text)]);
    }

    private static string Body(VectorCluster layout, int size, string distance) => JsonText.Write(Map(
        ("vectors", Map(("size", size), ("distance", distance), ("on_disk", true))),
        ("shard_number", layout.Shards),
        ("replication_factor", layout.ReplicasPerShard),
        ("write_consistency_factor", layout.WriteConsistency),
        ("quantization_config", Map(("scalar", Map(("type", "int8"), ("quantile", layout.Quantile), ("always_ram", true)))))));
}
