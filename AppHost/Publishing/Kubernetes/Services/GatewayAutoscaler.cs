using System.Globalization;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>The one autoscaler of the gateway. Not by memory: a heap that has grown does not shrink, so it would never scale in.</summary>
internal static class GatewayAutoscaler
{
    public static Map Of(DeploymentTopology topology, Region region) => Objects.Of("autoscaling/v2", "HorizontalPodAutoscaler", "gateway", "gateway", ("spec", Map(
        ("scaleTargetRef", Map(("apiVersion", "apps/v1"), ("kind", "Deployment"), ("name", "gateway"))),
        ("minReplicas", region.Capacity.ApiServers),
        ("maxReplicas", topology.Gateway.MaxReplicas),
        ("metrics", List(
            CpuMetric(topology.Gateway.TargetCpuPercent),
            PodsMetric("http_requests_per_second", topology.Gateway.TargetRequestsPerSecond))),
        ("behavior", Behaviour(topology.Gateway)))));

    /// <summary>The part of the requested cores that pods use.</summary>
    public static Map CpuMetric(int percent) => Map(
        ("type", "Resource"),
        ("resource", Map(("name", "cpu"), ("target", Map(("type", "Utilization"), ("averageUtilization", percent))))));

    /// <summary>How fast it may go up and down.</summary>
    public static Map Behaviour(GatewayScaling scaling) => Map(
        ("scaleUp", Step(scaling.ScaleUp, "Max")),
        ("scaleDown", Step(scaling.ScaleDown, "Min")));

    /// <summary>A metric of each pod, which prometheus-adapter serves.</summary>
    public static Map PodsMetric(string name, int average) => Map(
        ("type", "Pods"),
        ("pods", Map(
            ("metric", Map(("name", name))),
            ("target", Map(("type", "AverageValue"), ("averageValue", average.ToString(CultureInfo.InvariantCulture)))))));

    private static Map Step(ScalingStep step, string select) => Map(
        ("stabilizationWindowSeconds", step.StabilizationSeconds),
        ("selectPolicy", select),
        ("policies", List(
            Map(("type", "Percent"), ("value", step.Percent), ("periodSeconds", step.PeriodSeconds)),
            step.Pods == 0 ? null : Map(("type", "Pods"), ("value", step.Pods), ("periodSeconds", step.PeriodSeconds)))));
}
