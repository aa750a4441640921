using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>Network policies from the list of allowed connections; whatever is not in it is denied on both sides.</summary>
public static class NetworkPolicies
{
    /// <summary>Denies everything in a namespace but names.</summary>
    public static IEnumerable<Map> Defaults(string @namespace)
    {
        yield return Objects.In(@namespace, "networking.k8s.io/v1", "NetworkPolicy", "default-deny", "platform", ("spec", Map(
            ("podSelector", Map()),
            ("policyTypes", List("Ingress", "Egress")))));
        yield return Objects.In(@namespace, "networking.k8s.io/v1", "NetworkPolicy", "allow-dns", "platform", ("spec", Map(
            ("podSelector", Map()),
            ("policyTypes", List("Egress")),
            ("egress", List(ToNames)))));
    }

    /// <summary>Egress to the cluster's name service, and to the copy of it that some clusters have on each node.</summary>
    public static Map ToNames => Map(
        ("to", List(
            Map(
                ("namespaceSelector", NamespaceSelector("kube-system")),
                ("podSelector", Map(("matchLabels", Map(("k8s-app", "kube-dns")))))),
            Map(("ipBlock", Map(("cidr", "169.254.20.10/32")))))),
        ("ports", List(TcpPort(53), Map(("protocol", "UDP"), ("port", 53)))));

    /// <summary>What one workload may accept and open.</summary>
    /// <param name="workload">Whose pods.</param>
    /// <param name="deployment">All connections.</param>
    /// <param name="more">Rules for peers outside the cluster's workloads: pairs of direction (<c>ingress</c>, <c>egress</c>) and rule.</param>
    public static Map Of(Peer workload, Deployment deployment, params ReadOnlySpan<(string Direction, Map Rule)> more)
    {
        var ingress = Rules(deployment.Edges.Where(e => e.To == workload), e => e.From, "from", workload);
        var egress = Rules(deployment.Edges.Where(e => e.From == workload), e => e.To, "to", workload);
        foreach (var (direction, rule) in more) (direction == "ingress" ? ingress : egress).Add(rule);
        return Objects.In(workload.Namespace, "networking.k8s.io/v1", "NetworkPolicy", workload.Name, workload.Name, ("spec", Map(
            ("podSelector", Objects.Selector(workload.Name)),
            ("policyTypes", List("Ingress", "Egress")),
            ("ingress", ingress.Count == 0 ? null : new Sequence(ingress)),
            ("egress", egress.Count == 0 ? null : new Sequence(egress)))));
    }

    /// <summary>Egress to HTTPS outside the cluster, such as a cloud's API or object storage.</summary>
    public static (string Direction, Map Rule) ToInternet(params ReadOnlySpan<int> ports)
    {
        var list = new List<Node>();
        foreach (var port in ports) list.Add(TcpPort(port));
        return ("egress", Map(
            ("to", List(Map(("ipBlock", Map(
                ("cidr", "0.0.0.0/0"),
                // Not the machine's own metadata service: it would hand out the node's identity.
                ("except", List("169.254.0.0/16"))))))),
            ("ports", new Sequence(list))));
    }

    // One rule for each peer, with all its ports.
    private static List<Node> Rules(IEnumerable<NetworkEdge> edges, Func<NetworkEdge, Peer> other, string key, Peer self) =>
        [.. edges.GroupBy(other).OrderBy(g => g.Key.Namespace, StringComparer.Ordinal).ThenBy(g => g.Key.Name, StringComparer.Ordinal).Select(group => Map(
            (key, List(Map(
                ("namespaceSelector", group.Key.Namespace == self.Namespace ? null : NamespaceSelector(group.Key.Namespace)),
                ("podSelector", Objects.Selector(group.Key.Name))))),
            ("ports", ListOf(group.Select(e => e.Port).Distinct().Order().Select(TcpPort)))))];

    private static Map NamespaceSelector(string name) => Map(("matchLabels", Map(("kubernetes.io/metadata.name", name))));

    private static Map TcpPort(int port) => Map(("protocol", "TCP"), ("port", port));
}
