using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>What pods take, and how the engines are laid out.</summary>
internal static class WorkloadRules
{
    /// <summary>Workloads that run our own images.</summary>
    public static readonly string[] OwnServices = ["gateway", "eventlog", "profile", "vectorsearch", "graph", "embedding", "agentdb", "ops"];

    private static readonly string[] Engines = ["qdrant", "neo4j", "kafka", "cache", "scylladb"];

    public static void CheckWorkloads(DeploymentTopology topology, TopologyErrors errors)
    {
        errors.Keys("workloads", topology.Workloads.Keys, [.. OwnServices, .. Engines]);
        foreach (var (name, workload) in topology.Workloads) CheckWorkload(TopologyPath.Key("workloads", name), workload, errors);
    }

    public static void CheckEmbedding(DeploymentTopology topology, TopologyErrors errors) => CheckWorkload("embedding_cpu", topology.EmbeddingCpu, errors);

    public static void CheckGpuWorkers(DeploymentTopology topology, TopologyErrors errors)
    {
        errors.Above0("gpu.per_worker", topology.Gpu.PerWorker);
        errors.NotEmpty("gpu.product", topology.Gpu.Product);
        errors.Above0("gpu.lag_records_per_worker", topology.Gpu.LagRecordsPerWorker);
    }

    public static void CheckVectorCluster(DeploymentTopology topology, TopologyErrors errors)
    {
        var qdrant = topology.Qdrant;
        errors.Above0("qdrant.shards", qdrant.Shards);
        if (errors.Above0("qdrant.replicas_per_shard", qdrant.ReplicasPerShard))
            errors.Between("qdrant.write_consistency", qdrant.WriteConsistency, 1, qdrant.ReplicasPerShard, "qdrant.replicas_per_shard");
        errors.ProperShare("qdrant.rebalance_imbalance", qdrant.RebalanceImbalance);
        errors.Between("qdrant.quantile", qdrant.Quantile, 0.5, 1);
    }

    public static void CheckGraphCluster(DeploymentTopology topology, TopologyErrors errors)
    {
        var neo4j = topology.Neo4j;
        errors.OneOf("neo4j.edition", neo4j.Edition, "enterprise", "community");
        errors.Above0("neo4j.p99_target_ms", neo4j.P99TargetMs);
        if (errors.Above0("neo4j.scale_down_ms", neo4j.ScaleDownMs))
            errors.Demand(neo4j.ScaleUpMs > neo4j.ScaleDownMs, "neo4j.scale_up_ms", $"must be more than neo4j.scale_down_ms ({neo4j.ScaleDownMs}), is {neo4j.ScaleUpMs}: else readers come and go");
        errors.Above0("neo4j.cooldown_seconds", neo4j.CooldownSeconds);
    }

    private static void CheckWorkload(string path, Workload workload, TopologyErrors errors)
    {
        errors.Above0($"{path}.cpu", workload.Cpu);
        errors.Above0($"{path}.memory_mib", workload.MemoryMib);
        errors.Demand(
            workload.MemoryLimitMib >= workload.MemoryMib, $"{path}.memory_limit_mib", $"must not be less than memory_mib ({workload.MemoryMib}), is {workload.MemoryLimitMib}");
        errors.AtLeast($"{path}.storage_gib", workload.StorageGib, 0);
        errors.AtLeast($"{path}.replicas", workload.Replicas ?? 0, 0);
        if (workload.RequestsPerSecond is { } rate) errors.Above0($"{path}.requests_per_second", rate);
    }
}
