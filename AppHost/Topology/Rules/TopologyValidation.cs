using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>What a topology must mean, beyond its form. A rule looks only at sections that could be read as a whole.</summary>
internal static class TopologyValidation
{
    private static readonly Rule[] Rules =
    [
        new(NameRules.CheckVersion, "version"),
        new(NameRules.CheckNames, "domain", "host"),
        new(RegionRules.CheckEach, "regions"),
        new(RegionRules.CheckTogether, "regions"),
        new(RegionRules.CheckDefault, "regions", "default_region"),
        new(CapacityRules.CheckServices, "regions"),
        new(CapacityRules.CheckGpus, "regions", "gpu", "node_pools"),
        new(CapacityRules.CheckVectorNodes, "regions", "qdrant"),
        new(CapacityRules.CheckGraphServers, "regions", "neo4j"),
        new(PromiseRules.CheckReplication, "replication"),
        new(PromiseRules.CheckServiceLevels, "slo"),
        new(PromiseRules.CheckHealthCheck, "health_check"),
        new(PromiseRules.CheckCdn, "cdn"),
        new(RecoveryRules.CheckObjectives, "recovery_objectives"),
        new(RecoveryRules.CheckBackups, "backup"),
        new(RecoveryRules.CheckReach, "recovery_objectives", "slo", "replication", "backup"),
        new(ImageRules.CheckImages, "images"),
        new(ImageRules.CheckKubernetesVersion, "kubernetes_version"),
        new(WorkloadRules.CheckWorkloads, "workloads"),
        new(WorkloadRules.CheckEmbedding, "embedding_cpu"),
        new(WorkloadRules.CheckGpuWorkers, "gpu"),
        new(WorkloadRules.CheckVectorCluster, "qdrant"),
        new(WorkloadRules.CheckGraphCluster, "neo4j"),
        new(ScalingRules.CheckGateway, "gateway"),
        new(ScalingRules.CheckBounds, "gateway", "regions"),
        new(ScalingRules.CheckPeak, "gateway", "regions", "slo"),
        new(InfrastructureRules.CheckStorageClasses, "storage_classes"),
        new(InfrastructureRules.CheckNodePools, "node_pools"),
        new(InfrastructureRules.CheckPrices, "prices"),
    ];

    public static void Check(DeploymentTopology topology, TopologyErrors errors)
    {
        // Decided before the first rule speaks: what one of them finds does not silence the others.
        Rule[] possible = [.. Rules.Where(r => !r.Sections.Any(errors.AreIn))];
        foreach (var rule in possible) rule.Check(topology, errors);
    }

    private sealed record Rule(Action<DeploymentTopology, TopologyErrors> Check, params string[] Sections);
}
