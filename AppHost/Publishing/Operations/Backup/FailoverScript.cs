using RecoAspire.Publishing.Edge;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>The script that moves a region's viewers, with the regions of the topology in it.</summary>
internal static class FailoverScript
{
    private const string Mark = "    # REGIONS: name, the next region, its servers during a failover, its servers otherwise\n";

    public static string Write(DeploymentTopology topology)
    {
        var cases = topology.Regions.Select(region =>
        {
            var next = topology.Region(region.FailOverTo);
            var servers = Math.Min(next.Capacity.ApiServers + region.Capacity.ApiServers, topology.Gateway.MaxReplicas);
            return $"    {region.Name}) echo {next.Name} {servers} {next.Capacity.ApiServers} ;;\n";
        });
        return EmbeddedText.Read("operations/Scripts/failover.sh")
            .Replace(Mark, Mark + string.Concat(cases), StringComparison.Ordinal)
            .Replace("TTL_SECONDS", $"{GeoRouting.TtlSeconds}", StringComparison.Ordinal);
    }
}
