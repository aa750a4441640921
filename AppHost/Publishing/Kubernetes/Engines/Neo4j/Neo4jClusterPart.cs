using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Neo4j;

/// <summary>The graph store, Enterprise: primaries that vote on every write, secondaries that only read. A region lists this folder or the Community one, never both.</summary>
public sealed class Neo4jClusterPart : IPublishedPart, INetworkPart, IRegionalPart
{
    private const int Cluster = 6000;
    private const int Raft = 7000;
    private const int Routing = 7688;
    private const int Backup = 6362;
    private const int Metrics = 2004;

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        if (deployment.Topology.Neo4j.Edition != "enterprise") yield break;
        var neo4j = Peer.Of(Neo4jServer.Name);
        foreach (var port in (int[])[Cluster, Raft, Routing, Ports.Bolt]) yield return new(neo4j, neo4j, port);
        yield return new(Peer.Of(RoleJob.Name), neo4j, Ports.Bolt);
        yield return new(Peer.InMonitoring("prometheus"), neo4j, Metrics);
    }

    /// <inheritdoc/>
    /// <exception cref="PublishException">The servers that vote differ between regions: their names stand in the base.</exception>
    public IEnumerable<Map> Patches(Deployment deployment, Region region)
    {
        var (primary, here) = (deployment.Topology.Primary.Capacity, region.Capacity);
        if (!region.Offers(RegionService.KnowledgeGraph) || deployment.Topology.Neo4j.Edition != "enterprise") yield break;
        if (here.GraphPrimaries != primary.GraphPrimaries) throw new PublishException($"topology.yaml: regions: '{region.Name}': graph_primaries: must be those of the primary region, {primary.GraphPrimaries}.");
        if (here.GraphSecondaries == primary.GraphSecondaries) yield break;
        yield return OverlayPatch.Variables("StatefulSet", Neo4jServer.Name, Neo4jServer.Name, ("NEO4J_initial_dbms_default__secondaries__count", $"{here.GraphSecondaries}"));
    }

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var topology = deployment.Topology;
        var folder = new KustomizeFolder("k8s/base/neo4j",
                "The graph store as a cluster: Neo4j Enterprise, which needs a licence of Neo4j's. Without one, a region lists ../neo4j-community instead.")
            .Add("primaries.yaml", "The servers that vote.", Servers(topology, "primary", topology.Primary.Capacity.GraphPrimaries))
            .Add("secondaries.yaml", "The servers that only read. No controller changes their number: a set's replicas do, and so does a line of topology.yaml.",
                Servers(topology, "secondary", topology.Primary.Capacity.GraphSecondaries));
        return Neo4jServer.AddCommon(
                folder, deployment,
                [("cluster", Cluster, null), ("raft", Raft, null), ("routing", Routing, null), ("backup", Backup, null), ("metrics", Metrics, null)],
                [RoleJob.PasswordKey],
                [Budget("primary"), Budget("secondary")])
            .Add("role.yaml", "Creates the services' user with the rights that it needs.",
                Objects.ServiceAccount(RoleJob.Name),
                NetworkPolicies.Of(Peer.Of(RoleJob.Name), deployment),
                RoleJob.Of(topology))
            .AddFile("create-role.sh", File("Neo4j/create-role.sh"))
            .Set("configMapGenerator", ConfigMaps((RoleJob.Name, RoleJob.Name, ["create-role.sh"])))
            .Files();
    }

    // One budget for each role: a majority of the primaries must stay, whatever happens to the secondaries.
    private static Map Budget(string role) => Objects.Of("policy/v1", "PodDisruptionBudget", $"neo4j-{role}", Neo4jServer.Name, ("spec", Map(
        ("maxUnavailable", 1),
        ("unhealthyPodEvictionPolicy", "AlwaysAllow"),
        ("selector", Objects.Selector(Neo4jServer.Name, role)))));

    private static Map Servers(DeploymentTopology topology, string role, int count)
    {
        var workload = topology.Workloads[Neo4jServer.Name];
        var spread = Map(
            ("affinity", Map(("podAntiAffinity", Map(("requiredDuringSchedulingIgnoredDuringExecution", List(Map(
                ("labelSelector", Objects.Selector(Neo4jServer.Name, role)),
                ("topologyKey", "kubernetes.io/hostname")))))))),
            ("topologySpreadConstraints", Pods.Spread(Neo4jServer.Name, hard: true, hardZones: role == "primary", component: role)));
        var template = Neo4jServer.Template(
            topology.Images.OfEngine("neo4j"), workload, role, spread, Settings(topology, role),
            [Pods.Port("cluster", Cluster), Pods.Port("raft", Raft), Pods.Port("routing", Routing), Pods.Port("backup", Backup), Pods.Port("metrics", Metrics)]);
        return StatefulSet(
            $"neo4j-{role}", Neo4jServer.Name, count, template,
            List(Objects.Claim("data", "fast-ssd", workload.StorageGib)),
            component: role);
    }

    private static IEnumerable<Node> Settings(DeploymentTopology topology, string role)
    {
        var capacity = topology.Primary.Capacity;
        var own = Neo4jServer.OwnAddress;
        yield return Pods.Variable("NEO4J_ACCEPT_LICENSE_AGREEMENT", "yes").Because(
            "Says that you have a licence of Neo4j Enterprise: it stands here because topology.yaml says `neo4j: edition: enterprise`.\nWithout a licence write `edition: community` there.");
        yield return Neo4jServer.Setting("server.cluster.advertised_address", $"{own}:{Cluster}");
        yield return Neo4jServer.Setting("server.cluster.raft.advertised_address", $"{own}:{Raft}");
        yield return Neo4jServer.Setting("server.routing.advertised_address", $"{own}:{Routing}");
        yield return Neo4jServer.Setting("server.bolt.advertised_address", $"{own}:{Ports.Bolt}");
        yield return Neo4jServer.Setting("dbms.cluster.discovery.version", "V2_ONLY");
        yield return Neo4jServer.Setting("dbms.cluster.discovery.resolver_type", "LIST").Because("By the primaries' names: asking Kubernetes instead would need a token in every pod.");
        yield return Neo4jServer.Setting("dbms.cluster.discovery.v2.endpoints", string.Join(',',
            Enumerable.Range(0, capacity.GraphPrimaries).Select(i => $"neo4j-primary-{i}.{Certificates.Qualified(Neo4jServer.Name)}:{Cluster}")));
        yield return Neo4jServer.Setting("dbms.cluster.minimum_initial_system_primaries_count", $"{capacity.GraphPrimaries}");
        yield return Neo4jServer.Setting("initial.dbms.default_primaries_count", $"{capacity.GraphPrimaries}");
        yield return Neo4jServer.Setting("initial.dbms.default_secondaries_count", $"{capacity.GraphSecondaries}");
        yield return Neo4jServer.Setting("initial.server.mode_constraint", role.ToUpperInvariant());
        yield return Neo4jServer.Setting("server.cluster.system_database_mode", role.ToUpperInvariant());
        yield return Neo4jServer.Setting("dbms.routing.enabled", "true");
        yield return Neo4jServer.Setting("dbms.routing.default_router", "SERVER");
        // Servers show each other a certificate of their own authority: the ports between them ask for no password.
        foreach (var setting in Neo4jServer.Policy("cluster", clientAuthentication: "REQUIRE")) yield return setting;
        yield return Neo4jServer.Setting("server.backup.enabled", "true");
        yield return Neo4jServer.Setting("server.backup.listen_address", $"0.0.0.0:{Backup}");
        yield return Neo4jServer.Setting("server.metrics.prometheus.enabled", "true");
        yield return Neo4jServer.Setting("server.metrics.prometheus.endpoint", $"0.0.0.0:{Metrics}");
        yield return Neo4jServer.Setting("server.metrics.csv.enabled", "false").Because("It would write beside the program, where nothing can be written.");
        yield return Neo4jServer.Setting("dbms.security.cluster_status_auth_enabled", "false").Because("Who steers traffic asks for a server's role without a password; the network policy says who that is.");
    }
}
