using System.Globalization;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>What the NetworkPolicies of a set allow, computed as a network plugin does.</summary>
internal sealed class NetworkPolicies
{
    private const string NamespaceName = "kubernetes.io/metadata.name";
    private static readonly Peer Dns = new("kube-system", new Dictionary<string, string> { ["k8s-app"] = "kube-dns" }, [new ContainerPort("dns", 53, "UDP"), new ContainerPort("dns-tcp", 53, "TCP")]);
    private readonly ObjectSet set;
    private readonly ILookup<string, KubernetesObject> policies;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> namespaces = [];

    public NetworkPolicies(ObjectSet set)
    {
        this.set = set;
        policies = set.OfKind("NetworkPolicy").ToLookup(policy => policy.Namespace);
        foreach (var name in set.Workloads.Select(w => w.Namespace).Append(Dns.Namespace).Distinct())
        {
            var labels = new Dictionary<string, string>(set.FindCluster("Namespace", name)?["metadata"]["labels"].ToLabels() ?? new Dictionary<string, string>()) { [NamespaceName] = name };
            namespaces[name] = labels;
        }
    }

    /// <summary>Every pair of workloads and declared port that both sides let through.</summary>
    public IReadOnlySet<TrafficEdge> AllowedEdges()
    {
        var edges = new HashSet<TrafficEdge>();
        foreach (var from in set.Workloads)
            foreach (var to in set.Workloads)
                foreach (var port in to.Ports.Where(port => Allows(PeerOf(from), PeerOf(to), port)))
                    edges.Add(new TrafficEdge(from.Id, to.Id, port.Number));
        return edges;
    }

    /// <summary>What is allowed to and from addresses.</summary>
    public IReadOnlySet<ExternalEdge> ExternalEdges()
    {
        var edges = new HashSet<ExternalEdge>();
        foreach (var workload in set.Workloads)
            foreach (var policy in Selecting(PeerOf(workload)))
            {
                foreach (var rule in policy.Spec["ingress"].Items) AddBlocks(workload, rule, "from", egress: false, edges);
                foreach (var rule in policy.Spec["egress"].Items) AddBlocks(workload, rule, "to", egress: true, edges);
            }

        return edges;
    }

    /// <summary>Whether a workload reaches the cluster's DNS.</summary>
    public bool AllowsNames(Workload workload) => Dns.Ports.All(port => Passes(PeerOf(workload), Dns, port, egress: true));

    /// <summary>Whether a peer of a policy is some workload, or the cluster's DNS.</summary>
    public bool MatchesAnyone(KubernetesObject policy, YamlNode peer) =>
        set.Workloads.Select(PeerOf).Append(Dns).Any(someone => Matches(peer, someone, policy.Namespace));

    /// <summary>The ports, of those given, that a policy's port covers.</summary>
    public static IEnumerable<ContainerPort> Covers(YamlNode port, IEnumerable<ContainerPort> ports) => ports.Where(candidate =>
    {
        if ((port["protocol"].TextOrNull ?? "TCP") != candidate.Protocol) return false;
        if (!port["port"].Exists) return true;
        if (port["endPort"].Number is { } end) return candidate.Number >= port["port"].Number && candidate.Number <= end;
        return port["port"].Number is { } number ? candidate.Number == number : candidate.Name == port["port"].Text;
    });

    private static Peer PeerOf(Workload workload) => new(workload.Namespace, workload.Labels, workload.Ports);

    private bool Allows(Peer from, Peer to, ContainerPort port) => Passes(from, to, port, egress: true) && Passes(to, from, port, egress: false);

    // A pod that no policy of the direction selects is open in it.
    private bool Passes(Peer own, Peer other, ContainerPort port, bool egress)
    {
        var selecting = Selecting(own).Where(policy => Governs(policy, egress)).ToList();
        var (rules, peers) = egress ? ("egress", "to") : ("ingress", "from");
        return selecting.Count == 0 || selecting.Any(policy => policy.Spec[rules].Items.Any(rule =>
            (rule["ports"].Items.Count == 0 || rule["ports"].Items.Any(p => Covers(p, [port]).Any()))
            && (rule[peers].Items.Count == 0 || rule[peers].Items.Any(peer => Matches(peer, other, policy.Namespace)))));
    }

    private IEnumerable<KubernetesObject> Selecting(Peer peer) => policies[peer.Namespace].Where(policy => LabelSelector.Matches(policy.Spec["podSelector"], peer.Labels));

    private static bool Governs(KubernetesObject policy, bool egress)
    {
        var types = policy.Spec["policyTypes"].Items;
        if (types.Count > 0) return types.Any(type => type.Text == (egress ? "Egress" : "Ingress"));
        return !egress || policy.Spec["egress"].Exists;
    }

    private bool Matches(YamlNode peer, Peer other, string policyNamespace)
    {
        if (peer["ipBlock"].Exists) return false;
        var inNamespace = peer["namespaceSelector"].Exists ? LabelSelector.Matches(peer["namespaceSelector"], namespaces[other.Namespace]) : other.Namespace == policyNamespace;
        return inNamespace && (!peer["podSelector"].Exists || LabelSelector.Matches(peer["podSelector"], other.Labels));
    }

    private static void AddBlocks(Workload workload, YamlNode rule, string peers, bool egress, HashSet<ExternalEdge> edges)
    {
        var ports = string.Join(",", rule["ports"].Items.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port["port"].Text}/{port["protocol"].TextOrNull ?? "TCP"}")));
        // Without a peer a rule means everybody.
        if (rule[peers].Items.Count == 0) edges.Add(new ExternalEdge(workload.Id, egress, "0.0.0.0/0", ports));
        foreach (var block in rule[peers].Items.Select(peer => peer["ipBlock"]).Where(block => block.Exists))
            edges.Add(new ExternalEdge(workload.Id, egress, block["cidr"].Text, ports));
    }

    private sealed record Peer(string Namespace, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<ContainerPort> Ports);
}
