using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// Autoscalers of the services behind the gateway: from the replicas of the topology to what the peak needs, by the rate that one pod was
/// measured to carry. A new pod fills its view from the log before it is ready, so the floor should be near the load of an ordinary day.
/// </summary>
internal static class ServiceAutoscaler
{
    /// <summary>Whether an autoscaler owns the number of a workload's pods.</summary>
    public static bool Owns(Workload workload) => workload.RequestsPerSecond is not null;

    /// <summary>The least pods.</summary>
    public static int Least(Workload workload) => Math.Max(1, workload.Replicas ?? 1);

    /// <summary>The most pods: the region's load with the worst other region lost, with headroom.</summary>
    public static int Most(Workload workload, DeploymentTopology topology, Region region)
    {
        var load = PeakLoad.RequestsPerSecond(topology, region, PeakLoad.WorstCase(topology, region).Lost);
        return Math.Max(Least(workload), (int)Math.Ceiling(load * topology.Gateway.Headroom / workload.RequestsPerSecond!.Value));
    }

    /// <summary>The autoscaler, with a region's numbers.</summary>
    public static Map Of(string name, Workload workload, DeploymentTopology topology, Region region) =>
        Objects.Of("autoscaling/v2", "HorizontalPodAutoscaler", name, name, ("spec", Map(
            ("scaleTargetRef", Map(("apiVersion", "apps/v1"), ("kind", "StatefulSet"), ("name", name))),
            ("minReplicas", Least(workload)),
            ("maxReplicas", Most(workload, topology, region)),
            ("metrics", List(GatewayAutoscaler.CpuMetric(topology.Gateway.TargetCpuPercent))),
            ("behavior", GatewayAutoscaler.Behaviour(topology.Gateway)))));
}
