using RecoAspire.Publishing.Kubernetes.Engines.Cache;
using RecoAspire.Publishing.Kubernetes.Engines.Kafka;
using RecoAspire.Publishing.Kubernetes.Engines.Neo4j;
using RecoAspire.Publishing.Kubernetes.Engines.Qdrant;
using RecoAspire.Publishing.Kubernetes.Engines.ScyllaDb;

namespace RecoAspire.Publishing.Kubernetes.Engines;

/// <summary>The stores that others publish.</summary>
public static class EngineParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } = [new QdrantPart(), new Neo4jClusterPart(), new Neo4jCommunityPart(), new KafkaPart(), new CachePart(), new ScyllaDbPart()];
}
