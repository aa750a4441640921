using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Exporters;

/// <summary><c>monitoring/base/node-exporter</c> and <c>monitoring/base/dcgm-exporter</c>: what machines and GPUs do.</summary>
internal sealed class NodeAgents : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) =>
    [
        .. Folder(Watchers.NodeExporter, "Every machine.", NodeExporter(deployment.Topology), deployment),
        .. Folder(Watchers.Dcgm, "Every machine with GPUs: only regions that have some take this folder in.", Dcgm(deployment.Topology), deployment),
    ];

    private static IEnumerable<PublishedFile> Folder(string name, string remark, Map daemonSet, Deployment deployment) => new KustomizeFolder($"monitoring/base/{name}", remark)
        .Add("serviceaccount.yaml", "No token.", Objects.ServiceAccount(name, Watchers.NodeAgents))
        .Add("daemonset.yaml", "It sees the machine, so it has a namespace of its own; see namespace.yaml.", daemonSet)
        .Add("pdb.yaml", "A drain does not stop for it.", Objects.DisruptionBudget(name, new Scalar("10%"), Watchers.NodeAgents))
        .Add("network.yaml", "Asked by Prometheus; opens nothing.", NetworkPolicies.Of(Watchers.Peer(name), deployment))
        .Files();

    private static Map NodeExporter(DeploymentTopology topology)
    {
        var container = Map(
            ("name", Watchers.NodeExporter),
            ("image", topology.Images.OfEngine("node_exporter")),
            ("args", List(
                "--path.procfs=/host/proc", "--path.sysfs=/host/sys", "--path.rootfs=/host/root",
                "--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run|var/lib/(containers|kubelet)/.+)($|/)",
                new Scalar("--no-collector.netdev").Because("It does not share the machine's network, so that network policies hold for it; the kubelet reports traffic."),
                "--no-collector.netclass", "--no-collector.wifi",
                $"--web.listen-address=:{Watchers.NodeExporterPort}")),
            ("ports", List(Pods.Port("metrics", Watchers.NodeExporterPort))),
            ("startupProbe", Pods.HttpProbe("/", "metrics", 5, 12)),
            ("readinessProbe", Pods.HttpProbe("/", "metrics", 10, 3)),
            ("livenessProbe", Pods.HttpProbe("/", "metrics", 15, 4)),
            ("resources", Pods.Resources(Watchers.NodeExporterSize)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", List(
                Map(("name", "tmp"), ("mountPath", "/tmp")),
                Map(("name", "proc"), ("mountPath", "/host/proc"), ("readOnly", true)),
                Map(("name", "sys"), ("mountPath", "/host/sys"), ("readOnly", true)),
                Map(("name", "root"), ("mountPath", "/host/root"), ("readOnly", true), ("mountPropagation", "HostToContainer")))));
        return WatcherPods.DaemonSet(Watchers.NodeExporter, Pods.Template(Watchers.NodeExporter, Watchers.Nobody, List(container), List(
            HostPath("proc", "/proc"), HostPath("sys", "/sys"), HostPath("root", "/")), Settings(List(Map(("operator", "Exists")))), component: "service"));
    }

    private static Map Dcgm(DeploymentTopology topology)
    {
        var container = Map(
            ("name", Watchers.Dcgm),
            ("image", topology.Images.OfEngine("dcgm_exporter")),
            ("args", List("-f", "/etc/dcgm-exporter/default-counters.csv")),
            ("env", List(
                Pods.Variable("DCGM_EXPORTER_LISTEN", $":{Watchers.DcgmPort}"),
                Pods.Variable("DCGM_EXPORTER_KUBERNETES", "true"),
                Pods.VariableFromPod("NODE_NAME", "spec.nodeName"))),
            ("ports", List(Pods.Port("metrics", Watchers.DcgmPort))),
            ("startupProbe", Pods.HttpProbe("/health", "metrics", 10, 30)),
            ("readinessProbe", Pods.HttpProbe("/health", "metrics", 15, 3)),
            ("livenessProbe", Pods.HttpProbe("/health", "metrics", 15, 6)),
            ("resources", Pods.Resources(Watchers.DcgmSize)),
            // The kubelet's socket, which says whose GPU it is, belongs to root. No SYS_ADMIN: profiling counters are not read.
            ("securityContext", Pods.Restricted.With("runAsNonRoot", false).With("runAsUser", 0).With("runAsGroup", 0)),
            ("volumeMounts", List(
                Map(("name", "tmp"), ("mountPath", "/tmp")),
                Map(("name", "pod-resources"), ("mountPath", "/var/lib/kubelet/pod-resources"), ("readOnly", true)))));
        var settings = Settings(List(Map(("key", "nvidia.com/gpu"), ("operator", "Exists"), ("effect", "NoSchedule"))))
            .With("nodeSelector", Map(("nvidia.com/gpu.product", topology.Gpu.Product)))
            .With("securityContext", Map(("seccompProfile", Map(("type", "RuntimeDefault")))));
        return WatcherPods.DaemonSet(Watchers.Dcgm, Pods.Template(Watchers.Dcgm, 0, List(container), List(HostPath("pod-resources", "/var/lib/kubelet/pod-resources")), settings, component: "service"));
    }

    private static Map Settings(Sequence tolerations) => Map(
        ("priorityClassName", "system-node-critical"),
        ("terminationGracePeriodSeconds", 15),
        ("tolerations", tolerations));

    private static Map HostPath(string name, string path) => Map(("name", name), ("hostPath", Map(("path", path), ("type", "Directory"))));
}
