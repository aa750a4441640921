using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Publishing.Monitoring.Prometheus;
using RecoAspire.Publishing.Monitoring.Rules;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring;

/// <summary><c>monitoring/base</c> with its namespaces, and <c>monitoring/regions/{region}</c>: what is applied.</summary>
internal sealed class MonitoringFolders : IPublishedPart
{
    private const string Platform = "monitoring-platform";

    private static readonly string[] Everywhere =
        ["platform", Watchers.Prometheus, Watchers.Alertmanager, Watchers.Adapter, Watchers.Grafana, Watchers.KubeStateMetrics, Watchers.NodeExporter];

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var index = new KustomizeFolder("monitoring/base", "What every region has. Apply an overlay of regions/: configuration and rules come from there.");
        foreach (var folder in Everywhere) index.Include(folder);
        return [.. index.Files(), .. PlatformFolder(deployment.Topology.KubernetesVersion), .. deployment.Topology.Regions.SelectMany(r => Overlay(deployment, r))];
    }

    private static IEnumerable<PublishedFile> PlatformFolder(string version) => new KustomizeFolder("monitoring/base/platform", "Namespaces and what holds for everything in them.")
        .Add("namespace.yaml", "What watches may no more than what is watched. What must see machines has a namespace of its own.",
            Namespace(Deployment.Monitoring, "restricted", version),
            Namespace(Watchers.NodeAgents, "privileged", version).Because(
                "node-exporter reads the machine's file systems, dcgm-exporter the kubelet's socket as root. Pod Security `baseline` forbids\nhost paths, so only `privileged` lets them in. Nothing else runs here, and no person needs rights here."))
        .Add("quota.yaml", "Outside kube-system GKE lets pods be critical to their machine only where a quota allows it.",
            Objects.In(Watchers.NodeAgents, "v1", "ResourceQuota", "node-critical", Platform, ("spec", Map(
                ("hard", Map(("pods", "1000"))),
                ("scopeSelector", Map(("matchExpressions", List(Map(("operator", "In"), ("scopeName", "PriorityClass"), ("values", List("system-node-critical")))))))))))
        .Add("network.yaml", "Nothing may talk to anything; each workload's own policy opens what it needs.",
            [.. NetworkPolicies.Defaults(Deployment.Monitoring), .. NetworkPolicies.Defaults(Watchers.NodeAgents)])
        .Files();

    private static Map Namespace(string name, string level, string version) => Map(
        ("apiVersion", "v1"),
        ("kind", "Namespace"),
        ("metadata", Map(
            ("name", name),
            ("labels", Objects.Labels(Platform)
                .With("pod-security.kubernetes.io/enforce", level).With("pod-security.kubernetes.io/enforce-version", $"v{version}")
                .With("pod-security.kubernetes.io/audit", "restricted").With("pod-security.kubernetes.io/audit-version", $"v{version}")
                .With("pod-security.kubernetes.io/warn", level).With("pod-security.kubernetes.io/warn-version", $"v{version}")))));

    private static IEnumerable<PublishedFile> Overlay(Deployment deployment, Region region)
    {
        var primary = region.Role == RegionRole.Primary;
        var folder = new KustomizeFolder($"monitoring/regions/{region.Name}", $"Monitoring of {region.Name}: kubectl apply -k this folder.").Include("../../base");
        if (region.Offers(RegionService.GpuCluster)) folder.Include($"../../base/{Watchers.Dcgm}");
        if (primary) folder.Include("../../global");
        else
        {
            folder.Add("secrets.yaml", "The password of the primary region's view over all.", Secrets.Of(Secrets.RemoteWrite, Watchers.Prometheus,
                ("password", "recoaspire-prometheus-remote-write-password"), ("ca.crt", "recoaspire-prometheus-remote-write-ca-crt")));
        }

        return folder
            .AddFile("prometheus.yml", PrometheusConfig.Of(deployment.Topology, region))
            .Set("configMapGenerator", List(
                Map(("name", "prometheus-config"), ("namespace", Deployment.Monitoring), ("files", List("prometheus.yml"))),
                Map(("name", "prometheus-region-rules"), ("namespace", Deployment.Monitoring),
                    ("files", ListOf(RuleCatalogue.OfRegion(deployment, region).Select(g => $"rules/{g.Name}.rules.yml"))))))
            .Files();
    }
}
