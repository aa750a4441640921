namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Cases for <see cref="PlatformRules"/>.</summary>
internal static class PlatformRuleTests
{
    public static IReadOnlyList<RuleTest> All { get; } =
    [
        new RuleTest("One volume loses 1 of 100 GB an hour, one is as it was, one has 2 % left", "2m")
            .Given(Volume("available", "data-kafka-0"), "40000000000-33333333x190").Given(Volume("capacity", "data-kafka-0"), "100000000000x190")
            .Given(Volume("available", "data-qdrant-0"), "40000000000x190").Given(Volume("capacity", "data-qdrant-0"), "100000000000x190")
            .Given(Volume("available", "data-neo4j-0"), "2000000000x190").Given(Volume("capacity", "data-neo4j-0"), "100000000000x190")
            .Quiet("10m", "VolumeFillingUp").Quiet("4m", "VolumeAlmostFull")
            .Fires("6h", "VolumeFillingUp", "-57.74Gi", ("namespace", "recommendation"), ("persistentvolumeclaim", "data-kafka-0"))
            .Fires("30m", "VolumeAlmostFull", "2%", ("namespace", "recommendation"), ("persistentvolumeclaim", "data-neo4j-0")),
        new RuleTest("The gateway's autoscaler is at its end, another one is not, a third has only one size")
            .Given(Autoscaler("status_current", "gateway"), "200x30").Given(Autoscaler("spec_max", "gateway"), "200x30").Given(Autoscaler("spec_min", "gateway"), "80x30")
            .Given(Autoscaler("status_current", "embedding"), "6x30").Given(Autoscaler("spec_max", "embedding"), "20x30").Given(Autoscaler("spec_min", "embedding"), "6x30")
            .Given(Autoscaler("status_current", "fixed"), "3x30").Given(Autoscaler("spec_max", "fixed"), "3x30").Given(Autoscaler("spec_min", "fixed"), "3x30")
            .Quiet("10m", "AutoscalerAtMaximum")
            .Fires("20m", "AutoscalerAtMaximum", "200", ("namespace", "recommendation"), ("horizontalpodautoscaler", "gateway")),
        new RuleTest("One pod is in a crash loop, flapping between waiting and running; another namespace's is not ours")
            .Given("kube_pod_container_status_waiting_reason{namespace=\"recommendation\",pod=\"graph-0\",container=\"graph\",reason=\"CrashLoopBackOff\"}", "1 _ 1 1 _ 1 1 _ 1 1 1 _ 1 1 _ 1")
            .Given("kube_pod_container_status_waiting_reason{namespace=\"recommendation\",pod=\"graph-1\",container=\"graph\",reason=\"ContainerCreating\"}", "1x20")
            .Given("kube_pod_container_status_waiting_reason{namespace=\"other\",pod=\"x\",container=\"x\",reason=\"CrashLoopBackOff\"}", "1x20")
            .Quiet("4m", "PodCrashLooping")
            .Fires("12m", "PodCrashLooping", null, ("namespace", "recommendation"), ("pod", "graph-0"), ("container", "graph")),
        new RuleTest("One restart for want of memory, one for another reason")
            .Given("kube_pod_container_status_restarts_total{namespace=\"recommendation\",pod=\"gateway-a\",container=\"gateway\"}", "0x5 1x40")
            .Given("kube_pod_container_status_last_terminated_reason{namespace=\"recommendation\",pod=\"gateway-a\",container=\"gateway\",reason=\"OOMKilled\"}", "_x5 1x40")
            .Given("kube_pod_container_status_restarts_total{namespace=\"recommendation\",pod=\"graph-a\",container=\"graph\"}", "0x5 1x40")
            .Given("kube_pod_container_status_last_terminated_reason{namespace=\"recommendation\",pod=\"graph-a\",container=\"graph\",reason=\"Error\"}", "_x5 1x40")
            .Quiet("5m", "ContainerOutOfMemory")
            .Fires("10m", "ContainerOutOfMemory", null, ("namespace", "recommendation"), ("pod", "gateway-a"), ("container", "gateway"))
            .Quiet("40m", "ContainerOutOfMemory"),
        new RuleTest("Pods are missing in a Deployment, a StatefulSet and a DaemonSet; a complete one is quiet")
            .Given("kube_deployment_spec_replicas{namespace=\"recommendation\",deployment=\"gateway\"}", "80x30").Given("kube_deployment_status_replicas_ready{namespace=\"recommendation\",deployment=\"gateway\"}", "77x30")
            .Given("kube_deployment_spec_replicas{namespace=\"recommendation\",deployment=\"ops\"}", "1x30").Given("kube_deployment_status_replicas_ready{namespace=\"recommendation\",deployment=\"ops\"}", "1x30")
            .Given("kube_statefulset_replicas{namespace=\"monitoring\",statefulset=\"prometheus\"}", "2x30").Given("kube_statefulset_status_replicas_ready{namespace=\"monitoring\",statefulset=\"prometheus\"}", "1x30")
            .Given("kube_daemonset_status_desired_number_scheduled{namespace=\"node-agents\",daemonset=\"node-exporter\"}", "30x30").Given("kube_daemonset_status_number_ready{namespace=\"node-agents\",daemonset=\"node-exporter\"}", "28x30")
            .Quiet("10m", "WorkloadNotReady")
            .Fires("20m", "WorkloadNotReady", "3", ("namespace", "recommendation"), ("deployment", "gateway"), ("workload", "gateway"))
            .Fires("20m", "WorkloadNotReady", "1", ("namespace", "monitoring"), ("statefulset", "prometheus"), ("workload", "prometheus"))
            .Fires("20m", "WorkloadNotReady", "2", ("namespace", "node-agents"), ("daemonset", "node-exporter"), ("workload", "node-exporter")),
        new RuleTest("One certificate has 10 days, one has 80", "2m")
            .Given("certmanager_certificate_expiration_timestamp_seconds{name=\"api\",exported_namespace=\"recommendation\"}", "871200x70")
            .Given("certmanager_certificate_expiration_timestamp_seconds{name=\"qdrant\",exported_namespace=\"recommendation\"}", "6912000x70")
            .Quiet("30m", "CertificateExpiresSoon")
            .Fires("2h", "CertificateExpiresSoon", "10d 0h 0m 0s", ("name", "api"), ("exported_namespace", "recommendation")),
        new RuleTest("One machine is gone, another one's disk is full")
            .Given("kube_node_status_condition{node=\"a\",condition=\"Ready\",status=\"true\"}", "0x60").Given("kube_node_status_condition{node=\"b\",condition=\"Ready\",status=\"true\"}", "1x60")
            .Given("node_filesystem_avail_bytes{node=\"b\",mountpoint=\"/\",fstype=\"ext4\"}", "5x60").Given("node_filesystem_size_bytes{node=\"b\",mountpoint=\"/\",fstype=\"ext4\"}", "100x60")
            .Given("node_filesystem_avail_bytes{node=\"c\",mountpoint=\"/\",fstype=\"ext4\"}", "50x60").Given("node_filesystem_size_bytes{node=\"c\",mountpoint=\"/\",fstype=\"ext4\"}", "100x60")
            .Quiet("5m", "NodeNotReady").Quiet("20m", "NodeDiskFillingUp")
            .Fires("20m", "NodeNotReady", null, ("node", "a"), ("condition", "Ready"), ("status", "true"))
            .Fires("40m", "NodeDiskFillingUp", "5%", ("node", "b"), ("mountpoint", "/"), ("fstype", "ext4")),
    ];

    private static string Volume(string what, string claim) => $"kubelet_volume_stats_{what}_bytes{{namespace=\"recommendation\",persistentvolumeclaim=\"{claim}\"}}";

    private static string Autoscaler(string what, string name) => $"kube_horizontalpodautoscaler_{what}_replicas{{namespace=\"recommendation\",horizontalpodautoscaler=\"{name}\"}}";
}
