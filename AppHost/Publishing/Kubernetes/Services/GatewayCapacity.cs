using RecoAspire.Topology;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// What each region's gateways must carry. The peak is shared in proportion to <c>api_servers</c>; when a region is lost, its whole
/// share goes to the region that it fails over to, which is what the DNS records do. A region must therefore carry its own share
/// and the largest share that may come to it, one region being lost at a time.
/// </summary>
public static class GatewayCapacity
{
    /// <summary>Requests per second that a region may have to answer, with the loss of one other region.</summary>
    public static double RequestsPerSecond(DeploymentTopology topology, Region region)
    {
        var others = topology.Regions.Where(r => r.Name != region.Name && r.FailOverTo == region.Name && r.Offers(RegionService.HotPathApi));
        var servers = region.Capacity.ApiServers + others.Select(r => r.Capacity.ApiServers).DefaultIfEmpty(0).Max();
        var all = topology.Regions.Where(r => r.Offers(RegionService.HotPathApi)).Sum(r => r.Capacity.ApiServers);
        return all == 0 ? 0 : topology.Slo.PeakRequestsPerSecond * servers / all;
    }

    /// <summary>Pods that a region may need: its requests, with headroom, over what one pod is asked to answer.</summary>
    /// <exception cref="PublishException">The autoscaler may not start so many.</exception>
    public static int Pods(DeploymentTopology topology, Region region)
    {
        var gateway = topology.Gateway;
        var pods = (int)Math.Ceiling(Math.Round(RequestsPerSecond(topology, region) * gateway.Headroom / gateway.TargetRequestsPerSecond, 6));
        if (pods > gateway.MaxReplicas)
        {
            throw new PublishException(
                $"topology.yaml: gateway.max_replicas: {gateway.MaxReplicas} are too few for {region.Name}, which needs {pods} when a region that fails over to it is lost.");
        }

        if (region.Capacity.ApiServers <= gateway.MaxReplicas) return pods;
        throw new PublishException($"topology.yaml: regions.{region.Name}.capacity.api_servers: {region.Capacity.ApiServers} are more than gateway.max_replicas, {gateway.MaxReplicas}.");
    }
}
