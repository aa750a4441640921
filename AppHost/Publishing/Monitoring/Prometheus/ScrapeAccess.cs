using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Prometheus;

/// <summary>What Prometheus may read: pods of the namespaces that it scrapes, machines with their metrics, the adapter's metrics.</summary>
internal static class ScrapeAccess
{
    /// <summary>Namespaces with something to scrape.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = [Deployment.Namespace, Deployment.Monitoring, Watchers.NodeAgents, Watchers.Scylla, Watchers.ScyllaManager, Watchers.CertManager];

    public static IEnumerable<Node> Of()
    {
        foreach (var space in Namespaces)
        {
            yield return Objects.In(space, "rbac.authorization.k8s.io/v1", "Role", Watchers.Prometheus, Watchers.Prometheus, ("rules", List(
                Rule("", ["pods"], ["get", "list", "watch"]))));
            yield return Objects.In(space, "rbac.authorization.k8s.io/v1", "RoleBinding", Watchers.Prometheus, Watchers.Prometheus,
                ("roleRef", Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "Role"), ("name", Watchers.Prometheus))),
                ("subjects", Subject(Watchers.Prometheus)));
        }

        yield return Objects.In("", "rbac.authorization.k8s.io/v1", "ClusterRole", "reco-prometheus", Watchers.Prometheus, ("rules", List(
            Rule("", ["nodes"], ["get", "list", "watch"]).Because("Machines belong to no namespace: their zone is a label of every series."),
            Rule("", ["nodes/metrics"], ["get"]),
            Map(("nonResourceURLs", List("/metrics")), ("verbs", List("get"))).Because("The adapter asks the API server whether the caller may."))));
        yield return ClusterBinding("reco-prometheus", "reco-prometheus", Watchers.Prometheus);
    }

    /// <summary>A rule of a role.</summary>
    public static Map Rule(string group, IEnumerable<string> resources, IEnumerable<string> verbs) =>
        Map(("apiGroups", List(group)), ("resources", ListOf(resources)), ("verbs", ListOf(verbs)));

    /// <summary>An account of the monitoring namespace.</summary>
    public static Sequence Subject(string account) => List(Map(("kind", "ServiceAccount"), ("name", account), ("namespace", Deployment.Monitoring)));

    /// <summary>Gives a cluster role to an account.</summary>
    public static Map ClusterBinding(string name, string role, string account) => Objects.In("", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name, account,
        ("roleRef", Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "ClusterRole"), ("name", role))),
        ("subjects", Subject(account)));
}
