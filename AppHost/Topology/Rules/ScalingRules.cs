using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>The gateway's autoscaler can do what is promised.</summary>
internal static class ScalingRules
{
    public static void CheckGateway(DeploymentTopology topology, TopologyErrors errors)
    {
        var gateway = topology.Gateway;
        errors.Above0("gateway.max_replicas", gateway.MaxReplicas);
        errors.Between("gateway.target_cpu_percent", gateway.TargetCpuPercent, 1, 100);
        errors.Above0("gateway.target_requests_per_second", gateway.TargetRequestsPerSecond);
        errors.AtLeast("gateway.headroom", gateway.Headroom, 1);
        CheckStep("gateway.scale_up", gateway.ScaleUp, mostPercent: 1000, errors);
        CheckStep("gateway.scale_down", gateway.ScaleDown, mostPercent: 100, errors);
    }

    public static void CheckBounds(DeploymentTopology topology, TopologyErrors errors)
    {
        for (var i = 0; i < topology.Regions.Count; i++)
        {
            var servers = topology.Regions[i].Capacity.ApiServers;
            errors.Demand(servers <= topology.Gateway.MaxReplicas, $"regions[{i}].capacity.api_servers", $"must not be more than gateway.max_replicas ({topology.Gateway.MaxReplicas}), is {servers}");
        }
    }

    public static void CheckPeak(DeploymentTopology topology, TopologyErrors errors)
    {
        var gateway = topology.Gateway;
        if (gateway.TargetRequestsPerSecond <= 0 || topology.Regions.Count == 0 || topology.Regions.Any(r => r.Capacity.ApiServers < 0)) return;
        // Without pods to share it there is no load to speak of; CapacityRules says so.
        if (topology.Regions.All(r => r.Capacity.ApiServers == 0)) return;
        var (region, need) = topology.Regions.Select(r => (r.Name, PeakLoad.WorstCase(topology, r))).MaxBy(r => r.Item2.Pods);
        errors.Demand(
            gateway.MaxReplicas >= need.Pods,
            "gateway.max_replicas",
            $"must be {need.Pods} or more, is {gateway.MaxReplicas}: '{region}' needs them at slo.peak_requests_per_second{(need.Lost is null ? "" : $" while '{need.Lost.Name}' is lost")}");
    }

    private static void CheckStep(string path, ScalingStep step, int mostPercent, TopologyErrors errors)
    {
        errors.Between($"{path}.stabilization_seconds", step.StabilizationSeconds, 0, 3600, "Kubernetes' range");
        errors.Between($"{path}.percent", step.Percent, 1, mostPercent);
        errors.AtLeast($"{path}.pods", step.Pods, 0);
        errors.Between($"{path}.period_seconds", step.PeriodSeconds, 1, 1800, "Kubernetes' range");
    }
}
