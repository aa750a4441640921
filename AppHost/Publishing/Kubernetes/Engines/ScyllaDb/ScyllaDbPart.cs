using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.ScyllaDb;

/// <summary>
/// The profile store, run by Scylla's operator: the image's entry point demands root, and replacing a node, upgrading and cleaning up after
/// scaling are steps that a stateful set does not know. Its pods run as root with SYS_NICE, so they have a namespace of their own.
/// </summary>
public sealed class ScyllaDbPart : IPublishedPart, INetworkPart, IRegionalPart
{
    /// <summary>Where the operator puts the nodes.</summary>
    public const string Namespace = "scylladb";

    /// <summary>Name of the cluster; the operator makes the Service <c>scylladb-client</c> and one Service for each node.</summary>
    public const string Name = "scylladb";

    // The operator's label on the nodes.
    private const string NodeName = "scylla";
    private const string Configuration = "scylladb-settings";
    private const int Peers = 7000;
    private const int PeersTls = 7001;
    private const int Cql = 9042;
    private const int CqlTls = 9142;
    private const int Metrics = 9180;
    private const int Agent = 10001;

    /// <summary>The nodes as the network sees them.</summary>
    public static Peer Node { get; } = new(Namespace, NodeName);

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        yield return new(Node, Node, Peers);
        yield return new(Node, Node, PeersTls);
        yield return new(Peer.InMonitoring("prometheus"), Node, Metrics);
    }

    /// <inheritdoc/>
    public IEnumerable<Map> Patches(Deployment deployment, Region region)
    {
        var topology = deployment.Topology;
        yield return OverlayPatch.Of("ScyllaCluster", Name,
            OverlayPatch.Replace("/spec/datacenter/racks", Racks(topology, region)),
            OverlayPatch.Add("/spec/backups", List(Backup(topology, region))));
    }

    // Scylla Manager makes and ages these copies; it counts what to keep, and knows an interval instead of a time of day.
    private static Map Backup(DeploymentTopology topology, Region region)
    {
        var policy = topology.Backup.UserProfiles;
        var interval = CronSchedule.TryParse(policy.Schedule, out _)?.LongestGap ?? throw new PublishException("topology.yaml: backup.user_profiles.schedule: is no schedule.");
        return Map(
            ("name", "user-profiles"),
            ("location", List($"{(region.Provider == CloudProvider.Aws ? "s3" : "gcs")}:{topology.Backup.Bucket}-{region.Name}")),
            ("interval", $"{(int)interval.TotalHours}h"),
            ("retention", Math.Max(1, (int)(TimeSpan.FromDays(policy.RetentionDays) / interval))));
    }

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) =>
        new KustomizeFolder("k8s/base/scylladb",
                """
                The profile store. Needs Scylla's operator, whose objects these are: it makes the nodes, their accounts, their disruption budget,
                their certificates and the Services, scylladb-client.scylladb.svc (8043: Alternator over TLS, 9142: CQL over TLS) among them.
                There is no default superuser: the first one is made with cqlsh through the maintenance socket in a node's pod.
                """.ReplaceLineEndings("\n"))
            .Add("namespace.yaml", "A namespace of its own.", SecuredNamespace(), Objects.In(Namespace, "v1", "ConfigMap", Configuration, Name, ("data", Map(("scylla.yaml", File("ScyllaDb/scylla.yaml"))))))
            .Add("cluster.yaml", "The nodes.", Cluster(deployment.Topology))
            .Add("policies.yaml", "Network.", [.. NetworkPolicies.Defaults(Namespace), NetworkPolicies.Of(Node, deployment, FromOperators, ToKubernetes)])
            .Files();

    /// <summary>One rack for each zone of a region: a replica of every row lies in each.</summary>
    /// <exception cref="PublishException">The nodes cannot be spread evenly.</exception>
    public static Sequence Racks(DeploymentTopology topology, Region region)
    {
        var nodes = region.Capacity.ProfileNodes;
        if (nodes % region.Zones.Count != 0) throw new PublishException($"topology.yaml: regions: '{region.Name}': profile_nodes: {nodes} nodes are no even share of {region.Zones.Count} zones.");
        return ListOf(region.Zones.Select((zone, i) => (Node?)Rack(topology, $"rack-{i + 1}", zone, nodes / region.Zones.Count)));
    }

    private static Node SecuredNamespace() => Map(
        ("apiVersion", "v1"),
        ("kind", "Namespace"),
        ("metadata", Map(
            ("name", Namespace),
            ("labels", Objects.Labels(Name)
                .With("pod-security.kubernetes.io/enforce", "privileged")
                .With("pod-security.kubernetes.io/warn", "baseline"))))).Because("The operator runs the nodes as root with SYS_NICE, which neither restricted nor baseline allows. Nothing else runs here.");

    private static Map Cluster(DeploymentTopology topology)
    {
        var server = topology.Images.Engines[Name];
        var agent = topology.Images.Engines["scylla_manager_agent"];
        return Objects.In(Namespace, "scylla.scylladb.com/v1", "ScyllaCluster", Name, Name, ("spec", Map(
            ("repository", server.Image),
            ("version", server.Tag),
            ("agentRepository", agent.Image),
            ("agentVersion", agent.Tag),
            ("developerMode", false),
            ("automaticOrphanedNodeCleanup", true),
            ("alternator", Map(("writeIsolation", "only_rmw_uses_lwt")).Because("No port: the operator then serves HTTPS on 8043 only.")),
            ("datacenter", Map(
                // Each region has a cluster of its own: profiles reach the others through the log, where they merge.
                ("name", "reco"),
                ("racks", Racks(topology, topology.Primary)))))));
    }

    private static Map Rack(DeploymentTopology topology, string name, string zone, int members)
    {
        var workload = topology.Workloads[Name];
        return Map(
            ("name", name),
            ("members", members),
            ("scyllaConfig", Configuration),
            ("storage", Map(("capacity", $"{workload.StorageGib}Gi"), ("storageClassName", "fast-ssd"))),
            ("resources", Map(
                ("requests", Map(("cpu", Pods.Cores(workload.Cpu)), ("memory", $"{workload.MemoryLimitMib}Mi"))),
                ("limits", Map(
                    ("cpu", ((Node)Pods.Cores(workload.Cpu)!).Because("The one CPU limit of the set: the operator takes the number of shards from it, and each shard takes a whole core.")),
                    ("memory", $"{workload.MemoryLimitMib}Mi"))))),
            ("agentResources", Pods.Resources(new Workload { Cpu = 0.1, MemoryMib = 128, MemoryLimitMib = 256 })),
            ("placement", Map(
                ("nodeAffinity", Map(("requiredDuringSchedulingIgnoredDuringExecution", Map(("nodeSelectorTerms", List(Map(("matchExpressions", List(Map(
                    ("key", "topology.kubernetes.io/zone"),
                    ("operator", "In"),
                    ("values", List(zone)))))))))))),
                ("podAntiAffinity", Map(("requiredDuringSchedulingIgnoredDuringExecution", List(Map(
                    ("labelSelector", Objects.Selector(NodeName)),
                    ("topologyKey", "kubernetes.io/hostname")))))))));
    }

    // The operator and Scylla Manager ask the agent in each node's pod, and speak CQL.
    private static (string, Map) FromOperators => ("ingress", Map(
        ("from", List(Map(("namespaceSelector", Map(("matchExpressions", List(Map(
            ("key", "kubernetes.io/metadata.name"),
            ("operator", "In"),
            ("values", List("scylla-operator", "scylla-manager")))))))))),
        ("ports", List(Tcp(Agent), Tcp(Cql), Tcp(CqlTls)))));

    // The operator's part in each pod reads and writes its objects.
    private static (string, Map) ToKubernetes => NetworkPolicies.ToInternet(443, 6443);

    private static Map Tcp(int port) => Map(("protocol", "TCP"), ("port", port));
}
