namespace RecoAspire.Topology;

/// <summary>What a region is to the others. Every region serves and takes writes; the roles order failover and training.</summary>
public enum RegionRole { Primary, Secondary, Tertiary }

/// <summary>Who owns the machines.</summary>
public enum CloudProvider { Aws, Gcp }

/// <summary>What a region can offer.</summary>
public enum RegionService { HotPathApi, VectorSearch, KnowledgeGraph, GpuCluster }

/// <summary>One region: one cluster, one overlay.</summary>
public sealed record Region
{
    /// <summary>Logical name; a DNS label. Where the region lies is <see cref="Provider"/> and <see cref="Location"/>.</summary>
    public required string Name { get; init; }

    public required RegionRole Role { get; init; }

    public required CloudProvider Provider { get; init; }

    /// <summary>The provider's own name of the region.</summary>
    public required string Location { get; init; }

    /// <summary>At least two.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    /// <summary>Route 53 continent codes (AF AN AS EU NA OC SA) that are answered from here.</summary>
    public required IReadOnlyList<string> Continents { get; init; }

    /// <summary>The region that answers when this one does not.</summary>
    public required string FailOverTo { get; init; }

    public required IReadOnlyList<RegionService> Services { get; init; }

    public required Capacity Capacity { get; init; }

    /// <summary>Whether the region offers a service.</summary>
    public bool Offers(RegionService service) => Services.Contains(service);
}

/// <summary>How many of what a region has. 0 where the file says nothing.</summary>
public sealed record Capacity
{
    /// <summary>Lower bound of the gateway's autoscaler, in pods.</summary>
    public int ApiServers { get; init; }

    /// <summary>Upper bound of the GPU node pool, in nodes.</summary>
    public int GpuNodes { get; init; }

    /// <summary>Embedding workers with GPUs, in pods.</summary>
    public int GpuWorkers { get; init; }

    /// <summary>Qdrant nodes.</summary>
    public int VectorNodes { get; init; }

    /// <summary>Neo4j servers that vote; odd.</summary>
    public int GraphPrimaries { get; init; }

    /// <summary>Neo4j servers that only read.</summary>
    public int GraphSecondaries { get; init; }

    public int KafkaBrokers { get; init; }

    /// <summary>ScyllaDB nodes.</summary>
    public int ProfileNodes { get; init; }

    /// <summary>A capacity by its name in the file, such as <c>vector_nodes</c>; null when there is none of that name.</summary>
    public int? Of(string name) => name switch
    {
        "api_servers" => ApiServers,
        "gpu_nodes" => GpuNodes,
        "gpu_workers" => GpuWorkers,
        "vector_nodes" => VectorNodes,
        "graph_primaries" => GraphPrimaries,
        "graph_secondaries" => GraphSecondaries,
        "kafka_brokers" => KafkaBrokers,
        "profile_nodes" => ProfileNodes,
        _ => null,
    };
}
