namespace RecoAspire.Topology;

/// <summary>
/// How many gateway pods the promised peak takes. Regions share the peak as they share the API servers; a region that is lost gives its
/// share to the one that it fails over to.
/// </summary>
public static class PeakLoad
{
    /// <summary>Requests per second that reach a region at the peak.</summary>
    /// <param name="topology">A topology whose regions have at least one API server together.</param>
    /// <param name="region">One of its regions.</param>
    /// <param name="lost">The region that is down; null: none.</param>
    public static double RequestsPerSecond(DeploymentTopology topology, Region region, Region? lost = null)
    {
        if (lost?.Name == region.Name) return 0;
        double servers = region.Capacity.ApiServers;
        if (lost?.FailOverTo == region.Name) servers += lost.Capacity.ApiServers;
        return topology.Slo.PeakRequestsPerSecond * servers / topology.Regions.Sum(r => r.Capacity.ApiServers);
    }

    /// <summary>Gateway pods for that load with the topology's headroom.</summary>
    /// <inheritdoc cref="RequestsPerSecond"/>
    public static int Pods(DeploymentTopology topology, Region region, Region? lost = null) =>
        (int)Math.Ceiling(RequestsPerSecond(topology, region, lost) * topology.Gateway.Headroom / topology.Gateway.TargetRequestsPerSecond);

    /// <summary>The most pods that a region needs when any one other region is lost, and which one that is.</summary>
    /// <inheritdoc cref="RequestsPerSecond"/>
    public static (int Pods, Region? Lost) WorstCase(DeploymentTopology topology, Region region) =>
        topology.Regions.Where(r => r.Name != region.Name).Cast<Region?>().Prepend(null)
            .Select(lost => (Pods: Pods(topology, region, lost), Lost: lost)).MaxBy(c => c.Pods);
}
