using RecoAspire.Topology;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>All rules: those that hold everywhere, and those that depend on what a region has.</summary>
internal static class RuleCatalogue
{
    public static IReadOnlyList<RuleGroup> Everywhere(DeploymentTopology topology) =>
        [SloRules.Of(topology.Slo), ServingRules.Of(topology), ReplicationRules.Of(topology), PlatformRules.Of(), WatchingRules.Of()];

    public static IReadOnlyList<RuleGroup> OfRegion(Deployment deployment, Region region) =>
    [
        RegionRules.Of(deployment, region),
        BackupRules.Of(deployment.Topology, region),
        CostRules.Of(deployment.Topology, region),
        .. region.Offers(RegionService.GpuCluster) ? [GpuRules.Of()] : Array.Empty<RuleGroup>(),
    ];

    /// <summary>Every group of every region; a group of the same name may come several times.</summary>
    public static IEnumerable<RuleGroup> All(Deployment deployment) =>
        [.. Everywhere(deployment.Topology), .. deployment.Topology.Regions.SelectMany(r => OfRegion(deployment, r))];
}
