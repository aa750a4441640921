namespace RecoAspire.Topology;

/// <summary>
/// What is deployed where: regions, capacities, targets, prices. Read from <c>topology.yaml</c> by <see cref="TopologyFile"/>;
/// names in the file are those of the properties in snake case. Units stand last in a name.
/// </summary>
public sealed record DeploymentTopology
{
    /// <summary>The file's format; 1.</summary>
    public required int Version { get; init; }

    /// <summary>The DNS zone, such as <c>tv5monde.com</c>.</summary>
    public required string Domain { get; init; }

    /// <summary>The API's record in the zone.</summary>
    public required string Host { get; init; }

    public required Accounts Accounts { get; init; }

    public required IReadOnlyList<Region> Regions { get; init; }

    /// <summary>Answers continents that no region names.</summary>
    public required string DefaultRegion { get; init; }

    /// <summary>By store: <c>vector_db</c>, <c>knowledge_graph</c>, <c>user_profiles</c>.</summary>
    public required IReadOnlyDictionary<string, Replication> Replication { get; init; }

    public required ServiceLevels Slo { get; init; }

    /// <summary>By store, and <c>hot_path_api</c>.</summary>
    public required IReadOnlyDictionary<string, RecoveryObjective> RecoveryObjectives { get; init; }

    public required Images Images { get; init; }

    /// <summary>Minor version of the clusters, such as <c>1.34</c>.</summary>
    public required string KubernetesVersion { get; init; }

    /// <summary>By resource of the app model.</summary>
    public required IReadOnlyDictionary<string, Workload> Workloads { get; init; }

    public required GatewayScaling Gateway { get; init; }

    public required GpuWorkers Gpu { get; init; }

    /// <summary>The embedding service where a region has no GPUs.</summary>
    public required Workload EmbeddingCpu { get; init; }

    public required VectorCluster Qdrant { get; init; }

    public required GraphCluster Neo4j { get; init; }

    public required IReadOnlyList<StorageClass> StorageClasses { get; init; }

    public required IReadOnlyList<NodePool> NodePools { get; init; }

    public required HealthCheckPolicy HealthCheck { get; init; }

    public required CdnPolicy Cdn { get; init; }

    public required BackupPolicy Backup { get; init; }

    public required PriceTable Prices { get; init; }

    /// <summary>Where alerts go.</summary>
    public Alerting Alerting { get; init; } = new();

    /// <summary>The region that is primary; a valid topology has exactly one.</summary>
    public Region Primary => Regions.Single(r => r.Role == RegionRole.Primary);

    /// <summary>A region by its name.</summary>
    public Region Region(string name) => Regions.Single(r => r.Name == name);
}
