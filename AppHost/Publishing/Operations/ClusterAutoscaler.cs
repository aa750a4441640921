using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations;

/// <summary>The node autoscaler of an AWS region, with what it may do and nothing more.</summary>
internal static class ClusterAutoscaler
{
    private const string Name = "cluster-autoscaler";
    private const string Namespace = "kube-system";
    private const int User = 65534;
    private const int MetricsPort = 8085;

    public static IEnumerable<Node> Objects(Region region, DeploymentTopology topology)
    {
        yield return In("v1", "ServiceAccount",
            // It asks the API server, so it needs a token; the cloud role comes by the annotation (IRSA).
            ("automountServiceAccountToken", false))
            .With("metadata", Map(
                ("name", Name),
                ("namespace", Namespace),
                ("labels", Kubernetes.Objects.Labels(Name)),
                ("annotations", CloudIdentity.Annotation(topology, region, Name))));
        yield return Cluster("ClusterRole", ("rules", List(
            Rule([""], ["events", "endpoints"], ["create", "patch"]),
            Rule([""], ["pods/eviction"], ["create"]),
            Rule([""], ["pods/status"], ["update"]),
            Rule([""], ["nodes"], ["watch", "list", "get", "update"]),
            Rule([""], ["namespaces", "pods", "services", "replicationcontrollers", "persistentvolumeclaims", "persistentvolumes"], ["watch", "list", "get"]),
            Rule(["apps"], ["statefulsets", "replicasets", "daemonsets"], ["watch", "list", "get"]),
            Rule(["batch"], ["jobs", "cronjobs"], ["watch", "list", "get"]),
            Rule(["policy"], ["poddisruptionbudgets"], ["watch", "list"]),
            Rule(["storage.k8s.io"], ["storageclasses", "csinodes", "csidrivers", "csistoragecapacities", "volumeattachments"], ["watch", "list", "get"]),
            Rule(["resource.k8s.io"], ["deviceclasses", "resourceclaims", "resourceslices"], ["watch", "list", "get"]))));
        yield return Cluster("ClusterRoleBinding", ("roleRef", RoleRef("ClusterRole")), ("subjects", Subjects()));
        yield return In("rbac.authorization.k8s.io/v1", "Role", ("rules", List(
            Rule(["coordination.k8s.io"], ["leases"], ["create"]),
            Rule(["coordination.k8s.io"], ["leases"], ["get", "update"], Name),
            Rule([""], ["configmaps"], ["create", "list", "watch"]),
            Rule([""], ["configmaps"], ["delete", "get", "update"], "cluster-autoscaler-status", "cluster-autoscaler-priority-expander"))));
        yield return In("rbac.authorization.k8s.io/v1", "RoleBinding", ("roleRef", RoleRef("Role")), ("subjects", Subjects()));
        yield return Kubernetes.Objects.In(Namespace, "v1", "ConfigMap", "cluster-autoscaler-priority-expander", Name, ("data", Map(
            // Higher first: spot machines while they are to be had.
            ("priorities", "10:\n  - .*\n50:\n  - .*-spot.*\n"))));
        yield return Kubernetes.Objects.DisruptionBudget(Name, 1, Namespace);
        yield return Kubernetes.Objects.In(Namespace, "networking.k8s.io/v1", "NetworkPolicy", Name, Name, ("spec", Map(
            ("podSelector", Kubernetes.Objects.Selector(Name)),
            ("policyTypes", List("Ingress", "Egress")),
            ("egress", List(
                ((Node)NetworkPolicies.ToInternet(443, 6443).Rule).Because("The API server and the cloud's API."),
                NetworkPolicies.ToNames)))));
        yield return Workload(region, topology);
    }

    private static Map Workload(Region region, DeploymentTopology topology)
    {
        Node probe(int period) => Map(("httpGet", Map(("path", "/health-check"), ("port", "metrics"))), ("periodSeconds", period), ("timeoutSeconds", 5), ("failureThreshold", 6));
        var container = Map(
            ("name", Name),
            ("image", topology.Images.OfEngine("cluster_autoscaler")),
            ("args", List(
                "--cloud-provider=aws",
                $"--namespace={Namespace}",
                $"--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/recoaspire-{region.Name}",
                "--balance-similar-node-groups",
                "--expander=priority,least-waste",
                "--scale-down-delay-after-add=10m",
                "--scale-down-unneeded-time=10m",
                ((Node)"--skip-nodes-with-local-storage=true").Because("A worker's scratch data is work that would be done twice."),
                "--skip-nodes-with-system-pods=true",
                "--leader-elect=true",
                "--v=2")),
            ("env", List(Pods.Variable("AWS_REGION", region.Location))),
            ("ports", List(Pods.Port("metrics", MetricsPort))),
            ("resources", Pods.Resources(new Workload { Cpu = 0.1, MemoryMib = 600, MemoryLimitMib = 600 })),
            ("startupProbe", probe(5)),
            ("livenessProbe", probe(10)),
            ("readinessProbe", probe(10)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts()));
        return In("apps/v1", "Deployment", ("spec", Map(
            ("replicas", 2),
            ("revisionHistoryLimit", 5),
            ("selector", Kubernetes.Objects.Selector(Name)),
            ("template", Pods.Template(Name, User, List(container), component: "scaling", settings: Map(
                ("automountServiceAccountToken", true),
                ("priorityClassName", "system-cluster-critical"),
                ("terminationGracePeriodSeconds", 30),
                ("topologySpreadConstraints", Pods.Spread(Name))))))));
    }

    private static Map In(string apiVersion, string kind, params ReadOnlySpan<(string Key, Node? Value)> entries) =>
        Kubernetes.Objects.In(Namespace, apiVersion, kind, Name, Name, entries);

    private static Map Cluster(string kind, params ReadOnlySpan<(string Key, Node? Value)> entries) =>
        Kubernetes.Objects.In("", "rbac.authorization.k8s.io/v1", kind, Name, Name, entries);

    private static Map Rule(string[] groups, string[] resources, string[] verbs, params string[] names) => Map(
        ("apiGroups", ListOf(groups)),
        ("resources", ListOf(resources)),
        ("resourceNames", names.Length == 0 ? null : ListOf(names)),
        ("verbs", ListOf(verbs)));

    private static Map RoleRef(string kind) => Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", kind), ("name", Name));

    private static Sequence Subjects() => List(Map(("kind", "ServiceAccount"), ("name", Name), ("namespace", Namespace)));
}
