using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Publishing.Monitoring.Prometheus;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Exporters;

/// <summary><c>monitoring/base/kube-state-metrics</c>: what is wanted against what is there.</summary>
internal sealed class KubeStateMetrics : IPublishedPart
{
    private const string Name = Watchers.KubeStateMetrics;
    private const string Rbac = "rbac.authorization.k8s.io/v1";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => new KustomizeFolder("monitoring/base/kube-state-metrics", "What is wanted against what is there.")
        .Add("serviceaccount.yaml", "It reads objects, so its token is mounted.", Objects.ServiceAccount(Name, Deployment.Monitoring))
        .Add("access.yaml", "Reads what it reports, in the namespaces of the set, and machines. No Secrets, no ConfigMaps.", Access())
        .Add("deployment.yaml", "One: two would report everything twice.", Deploy(deployment.Topology))
        .Add("pdb.yaml", "It may be drained.", Objects.DisruptionBudget(Name, 1, Deployment.Monitoring))
        .Add("network.yaml", "Asked by Prometheus; asks the API server.", NetworkPolicies.Of(Watchers.Peer(Name), deployment, WatcherPods.ToApiServer))
        .Files();

    private static string[] Namespaces => [Deployment.Namespace, Deployment.Monitoring, Watchers.NodeAgents, Watchers.Scylla];

    private static IEnumerable<Node> Access()
    {
        foreach (var space in Namespaces)
        {
            yield return Objects.In(space, Rbac, "Role", Name, Name, ("rules", List(
                ScrapeAccess.Rule("", ["pods", "persistentvolumeclaims"], ["list", "watch"]),
                ScrapeAccess.Rule("apps", ["deployments", "statefulsets", "daemonsets"], ["list", "watch"]),
                ScrapeAccess.Rule("batch", ["cronjobs", "jobs"], ["list", "watch"]),
                ScrapeAccess.Rule("autoscaling", ["horizontalpodautoscalers"], ["list", "watch"]),
                ScrapeAccess.Rule("policy", ["poddisruptionbudgets"], ["list", "watch"]))));
            yield return Objects.In(space, Rbac, "RoleBinding", Name, Name,
                ("roleRef", Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "Role"), ("name", Name))),
                ("subjects", ScrapeAccess.Subject(Name)));
        }

        yield return Objects.In("", Rbac, "ClusterRole", "reco-kube-state-metrics", Name, ("rules", List(ScrapeAccess.Rule("", ["nodes"], ["list", "watch"]))));
        yield return ScrapeAccess.ClusterBinding("reco-kube-state-metrics", "reco-kube-state-metrics", Name);
    }

    private static Map Deploy(DeploymentTopology topology)
    {
        var container = Map(
            ("name", Name),
            ("image", topology.Images.OfEngine("kube_state_metrics")),
            ("args", List(
                $"--port={Watchers.KubeStateMetricsPort}",
                $"--telemetry-port={Watchers.KubeStateMetricsSelf}",
                "--resources=cronjobs,daemonsets,deployments,horizontalpodautoscalers,jobs,nodes,persistentvolumeclaims,poddisruptionbudgets,pods,statefulsets",
                $"--namespaces={string.Join(',', Namespaces)}")),
            ("ports", List(Pods.Port("metrics", Watchers.KubeStateMetricsPort), Pods.Port("self", Watchers.KubeStateMetricsSelf))),
            ("startupProbe", Pods.HttpProbe("/livez", "metrics", 5, 24)),
            ("readinessProbe", Pods.HttpProbe("/readyz", "self", 10, 3)),
            ("livenessProbe", Pods.HttpProbe("/livez", "metrics", 15, 4)),
            ("resources", Pods.Resources(Watchers.KubeStateMetricsSize)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts()));
        return WatcherPods.Deployment(Name, 1, Pods.Template(Name, Watchers.Nobody, List(container), settings: WatcherPods.Settings(Name, token: true)));
    }
}
