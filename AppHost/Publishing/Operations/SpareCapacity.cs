using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations;

/// <summary>Pods that do nothing but hold room: a machine takes minutes to come, a failover has five.</summary>
internal static class SpareCapacity
{
    private const string Name = "spare-capacity";
    private const int User = 65535;

    public static IEnumerable<Node> Objects(Region region, DeploymentTopology topology)
    {
        yield return Kubernetes.Objects.In("", "scheduling.k8s.io/v1", "PriorityClass", "reco-spare", Name,
            ("value", -10),
            ("globalDefault", false),
            ("preemptionPolicy", "Never"),
            ("description", "Holds room for others and is evicted first."));
        yield return Kubernetes.Objects.ServiceAccount(Name);
        yield return Kubernetes.Objects.Of("networking.k8s.io/v1", "NetworkPolicy", Name, Name, ("spec", Map(
            ("podSelector", Kubernetes.Objects.Selector(Name)),
            ("policyTypes", List("Ingress", "Egress")))));
        yield return Kubernetes.Objects.DisruptionBudget(Name, "100%");
        var gateway = topology.Workloads["gateway"];
        var container = Map(
            ("name", "pause"),
            ("image", topology.Images.OfEngine("pause")),
            ("resources", Map(
                ("requests", Map(("cpu", Pods.Cores(gateway.Cpu)), ("memory", $"{gateway.MemoryMib}Mi"))),
                ("limits", Map(("memory", $"{gateway.MemoryMib}Mi"))))),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts()));
        yield return Kubernetes.Objects.Of("apps/v1", "Deployment", Name, Name, ("spec", Map(
            ("replicas", ((Node)Spare(region, topology)).Because("As many gateways as the next region must add at once when this one's neighbour is lost, at a tenth of the load.")),
            ("revisionHistoryLimit", 2),
            ("selector", Kubernetes.Objects.Selector(Name)),
            ("template", Pods.Template(Name, User, List(container), component: "scaling", settings: Map(
                ("priorityClassName", "reco-spare"),
                ("terminationGracePeriodSeconds", 0),
                ("topologySpreadConstraints", Pods.Spread(Name))))))));
    }

    /// <summary>A tenth of the gateways of the largest region that fails over to this one, at least one.</summary>
    private static int Spare(Region region, DeploymentTopology topology) => Math.Max(1, (topology.Regions
        .Where(r => r.FailOverTo == region.Name).Select(r => r.Capacity.ApiServers).DefaultIfEmpty().Max() + 9) / 10);
}
