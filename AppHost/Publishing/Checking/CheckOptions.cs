namespace RecoAspire.Publishing.Checking;

/// <summary>Traffic from one workload to a port of another. Both are written <c>namespace/name</c>.</summary>
/// <param name="From">The workload that connects.</param>
/// <param name="To">The workload that listens.</param>
/// <param name="Port">The container's port, 1 to 65535.</param>
public readonly record struct TrafficEdge(string From, string To, long Port)
{
    /// <summary><c>from -> to:port</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{From} -> {To}:{Port}");
}

/// <summary>Traffic that a policy allows between a workload and addresses outside of the cluster.</summary>
/// <param name="Workload"><c>namespace/name</c>.</param>
/// <param name="Egress">True from the workload outwards, false inwards.</param>
/// <param name="Cidr">The addresses.</param>
/// <param name="Ports"><c>443/TCP</c>, separated by commas; empty for all.</param>
public readonly record struct ExternalEdge(string Workload, bool Egress, string Cidr, string Ports);

/// <summary>What a set is checked against.</summary>
public sealed record CheckOptions
{
    /// <summary>Folder with <c>k8s-VERSION.json.gz</c> and <c>crds.json.gz</c>; null: objects are not checked against schemas.</summary>
    public string? SchemasFolder { get; init; }

    /// <summary>Kubernetes versions whose schemas every object has to fit.</summary>
    public IReadOnlyList<string> KubernetesVersions { get; init; } = ["1.32", "1.34"];

    /// <summary>Namespaces that objects may be in, each with a Namespace object in the set.</summary>
    public IReadOnlySet<string> Namespaces { get; init; } = new HashSet<string> { "recommendation", "monitoring" };

    /// <summary>Namespaces that objects may be in and that every cluster has.</summary>
    public IReadOnlySet<string> BuiltInNamespaces { get; init; } = new HashSet<string> { "kube-system" };

    /// <summary>Host names outside of the cluster that configuration may name; <c>*.example.org</c> covers all below it. Addresses too.</summary>
    public IReadOnlyList<string> ExternalHosts { get; init; } = [];

    /// <summary>GatewayClasses that a cluster has beside those of the set.</summary>
    public IReadOnlySet<string> GatewayClasses { get; init; } = new HashSet<string>();

    /// <summary>DaemonSets, by name, that may use the node's network and folders, and be root.</summary>
    public IReadOnlySet<string> NodeAgents { get; init; } = new HashSet<string>();

    /// <summary>Workloads, <c>namespace/name</c>, whose pods an operator makes out of an object of the set.</summary>
    public IReadOnlySet<string> Operated { get; init; } = new HashSet<string>();

    /// <summary>Namespaces outside of the set that policies may name.</summary>
    public IReadOnlySet<string> OtherNamespaces { get; init; } = new HashSet<string>();

    /// <summary>Accounts outside of the set, <c>namespace/name</c>, that may be given a role in it.</summary>
    public IReadOnlySet<string> OtherAccounts { get; init; } = new HashSet<string>();

    /// <summary>Workloads, <c>namespace/name</c>, that only hold room and answer nobody: they need no probes.</summary>
    public IReadOnlySet<string> Idle { get; init; } = new HashSet<string>();

    /// <summary>Exactly the traffic between workloads that policies have to allow; null: not compared.</summary>
    public IReadOnlyCollection<TrafficEdge>? ExpectedEdges { get; init; }

    /// <summary>Folders searched for kubectl and kustomize before those of PATH.</summary>
    public IReadOnlyList<string> ToolFolders { get; init; } = [];

    /// <summary>How long one rendering may take.</summary>
    public TimeSpan ToolTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
