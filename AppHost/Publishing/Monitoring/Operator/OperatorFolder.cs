using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Publishing.Monitoring.Rules;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Operator;

/// <summary>
/// <c>monitoring/operator</c>: the same targets and the same rules as objects of the Prometheus operator, for clusters that have one.
/// It replaces base's Prometheus and Alertmanager; nothing else takes it in.
/// </summary>
internal sealed class OperatorFolder : IPublishedPart
{
    private const string Api = "monitoring.coreos.com/v1";
    private const string Workload = "monitoring-operator";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var rules = new RuleFiles(deployment.Topology.Alerting.RunbooksUrl);
        var files = new List<PublishedFile>(new KustomizeFolder("monitoring/operator/base", "For clusters with the Prometheus operator, instead of monitoring/base/prometheus.")
            .Add("monitors.yaml", "What is scraped.", Monitors())
            .Add("rules.yaml", "The rules of monitoring/base/prometheus/rules.", RuleCatalogue.Everywhere(deployment.Topology).Select(g => Rule(g, rules)))
            .Files());
        foreach (var region in deployment.Topology.Regions)
        {
            files.AddRange(new KustomizeFolder($"monitoring/operator/regions/{region.Name}", $"Rules of {region.Name} as objects of the operator.")
                .Include("../../base")
                .Add("rules.yaml", $"The rules of monitoring/regions/{region.Name}/rules.", RuleCatalogue.OfRegion(deployment, region).Select(g => Rule(g, rules)))
                .Files());
        }

        return files;
    }

    private static Map Rule(RuleGroup group, RuleFiles files) => Objects.In(Deployment.Monitoring, Api, "PrometheusRule", group.Name, Workload, ("spec", files.Groups(group)));

    private static IEnumerable<Node> Monitors()
    {
        yield return PodMonitor("services", Deployment.Namespace, "metrics", [("NotIn", ["qdrant"])]);
        yield return PodMonitor("qdrant", Deployment.Namespace, "http", [("In", ["qdrant"])], Map(("authorization", Map(("credentials", Map(("name", "qdrant"), ("key", "read-only-api-key")))))));
        yield return PodMonitor("node-agents", Watchers.NodeAgents, "metrics", []);
        yield return PodMonitor("kube-state-metrics", Deployment.Monitoring, "metrics", [("In", [Watchers.KubeStateMetrics])], Map(("honorLabels", true)));
        yield return Objects.In(Deployment.Monitoring, Api, "ServiceMonitor", "adapter", Workload, ("spec", Map(
            ("selector", Objects.Selector(Watchers.Adapter)),
            ("jobLabel", Objects.NameLabel),
            ("endpoints", List(Map(
                ("port", "https"),
                ("scheme", "https"),
                ("bearerTokenFile", "/var/run/secrets/kubernetes.io/serviceaccount/token"),
                ("tlsConfig", Map(
                    ("ca", Map(("secret", Map(("name", "prometheus-adapter-tls"), ("key", "ca.crt"))))),
                    ("serverName", $"{Watchers.Adapter}.{Deployment.Monitoring}.svc")))))))));
    }

    private static Map PodMonitor(string name, string @namespace, string port, (string Operator, string[] Names)[] filter, Map? endpoint = null)
    {
        var settings = Map(("port", port), ("relabelings", List(
            Map(("sourceLabels", List("__meta_kubernetes_pod_label_app_kubernetes_io_name")), ("targetLabel", "job")),
            Map(("sourceLabels", List("__meta_kubernetes_pod_node_name")), ("targetLabel", "node")))));
        foreach (var (key, value) in endpoint?.Entries ?? []) settings = settings.With(key, value);
        return Objects.In(@namespace, Api, "PodMonitor", name, Workload, ("spec", Map(
            ("selector", Map(
                ("matchLabels", Map(("app.kubernetes.io/part-of", "recoaspire"))),
                ("matchExpressions", filter.Length == 0 ? null : ListOf(filter.Select(f => Map(("key", Objects.NameLabel), ("operator", f.Operator), ("values", ListOf(f.Names)))))))),
            ("podMetricsEndpoints", List(settings)))));
    }
}
