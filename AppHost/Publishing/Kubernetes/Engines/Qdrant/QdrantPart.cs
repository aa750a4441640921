using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Qdrant;

/// <summary>The vector store: one cluster of peers in each region.</summary>
public sealed class QdrantPart : IPublishedPart, INetworkPart, IRegionalPart
{
    private const string Name = "qdrant";
    private const string ClientService = "qdrant-service";
    private const int User = 1000;

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        var qdrant = Peer.Of(Name);
        // A new node asks the others whether they are ready, then joins them.
        yield return new(qdrant, qdrant, Ports.QdrantHttp);
        yield return new(qdrant, qdrant, Ports.QdrantPeers);
        yield return new(Peer.Of(CollectionsJob.Name), qdrant, Ports.QdrantHttp);
        yield return new(Peer.InMonitoring("prometheus"), qdrant, Ports.QdrantHttp);
    }

    /// <inheritdoc/>
    public IEnumerable<Map> Patches(Deployment deployment, Region region) =>
        region.Offers(RegionService.VectorSearch) && region.Capacity.VectorNodes != deployment.Topology.Primary.Capacity.VectorNodes
            ? [OverlayPatch.Variables("Job", CollectionsJob.Name, "create", ("PEERS", $"{region.Capacity.VectorNodes}"))]
            : [];

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var collections = CollectionsJob.Collections(deployment.Topology.Qdrant);
        var folder = new KustomizeFolder("k8s/base/qdrant", "The vector store.")
            .Add("statefulset.yaml", "The peers.", StatefulSet(deployment.Topology))
            .Add("services.yaml", "The peers by name, and the one name that clients use.",
                Objects.Service(Name, Name, headless: true, publishNotReady: true, [("http", Ports.QdrantHttp, null), ("grpc", Ports.QdrantGrpc, null), ("p2p", Ports.QdrantPeers, null)]),
                Objects.Service(ClientService, Name, headless: false, publishNotReady: false, [("http", Ports.QdrantHttp, "http"), ("grpc", Ports.QdrantGrpc, "kubernetes.io/h2c")]))
            .Add("policies.yaml", "Account, disruption and network.",
                Objects.ServiceAccount(Name),
                Objects.DisruptionBudget(Name, 1),
                NetworkPolicies.Of(Peer.Of(Name), deployment),
                Objects.ServiceAccount(CollectionsJob.Name),
                NetworkPolicies.Of(Peer.Of(CollectionsJob.Name), deployment))
            .Add("secrets.yaml", "Keys from the cloud's store.", ExternalSecrets.Of(Name, Name, ["api-key", "read-only-api-key"]))
            .Add("certificates.yaml", "What peers prove to each other that they are peers with.",
                [.. Certificates.Authority(Name), Certificates.Of(Name, "qdrant-peers", Name, Certificates.NamesOf(Name, pods: Name))])
            .Add("collections.yaml", "Creates the collections once.", CollectionsJob.Of(deployment.Topology, collections))
            .AddFile("find-peer.sh", File("Qdrant/find-peer.sh"))
            .AddFile("start.sh", File("Qdrant/start.sh"))
            .AddFile("create-collections.sh", File("Qdrant/create-collections.sh"));
        foreach (var (collection, text) in collections) folder.AddFile($"{collection}.json", text);
        return folder.Set("configMapGenerator", ConfigMaps(
            ("qdrant-scripts", Name, ["find-peer.sh", "start.sh"]),
            (CollectionsJob.Name, CollectionsJob.Name, ["create-collections.sh", .. collections.Select(c => $"{c.Name}.json")]))).Files();
    }

    private static Map StatefulSet(DeploymentTopology topology)
    {
        var workload = topology.Workloads[Name];
        var template = Pods.Template(
            Name,
            User,
            component: "engine",
            initContainers: List(FindPeer(topology)),
            containers: List(Server(topology, workload)),
            volumes: List(
                ConfigVolume("scripts", "qdrant-scripts", mode: 365),
                SecretVolume("certificates", "qdrant-peers", "tls.crt", "tls.key", "ca.crt"),
                EmptyVolume("run", "1Mi")),
            settings: Map(
                ("priorityClassName", "reco-stores"),
                // Time to hand over what is in flight and to flush.
                ("terminationGracePeriodSeconds", 120),
                ("affinity", Pods.ApartFromItself(Name)),
                ("topologySpreadConstraints", Pods.Spread(Name, hard: true))));
        return EngineObjects.StatefulSet(Name, Name, topology.Primary.Capacity.VectorNodes, template, List(
            Objects.Claim("storage", "fast-ssd", workload.StorageGib),
            Objects.Claim("snapshots", "fast-ssd", workload.StorageGib)));
    }

    private static Map FindPeer(DeploymentTopology topology) => Map(
        ("name", "find-peer"),
        ("image", topology.Images.OfEngine("curl")),
        ("command", List("sh", "/scripts/find-peer.sh")),
        ("env", List(
            Pods.Variable("STORAGE", "/qdrant/storage"),
            Pods.Variable("JOIN_FILE", "/run/qdrant/join"),
            Pods.Variable("PEER_DOMAIN", Certificates.Qualified(Name)),
            Pods.Variable("MOST_PEERS", $"{topology.Regions.Max(r => r.Capacity.VectorNodes)}"),
            Pods.Variable("FOUNDING_WAIT_SECONDS", "180").Because("Longer than the peers of a cluster that restarts as a whole take until the first is ready."))),
        ("resources", Pods.Resources(Small)),
        ("securityContext", Pods.Restricted),
        ("volumeMounts", List(
            ReadOnlyMount("scripts", "/scripts"),
            ReadOnlyMount("storage", "/qdrant/storage"),
            Map(("name", "run"), ("mountPath", "/run/qdrant")),
            Map(("name", "tmp"), ("mountPath", "/tmp")))));

    private static Map Server(DeploymentTopology topology, Workload workload) => Map(
        ("name", Name),
        ("image", topology.Images.OfEngine(Name)),
        ("command", List("sh", "/scripts/start.sh")),
        ("env", List(
            Pods.Variable("QDRANT_PROGRAM", "./entrypoint.sh"),
            Pods.Variable("JOIN_FILE", "/run/qdrant/join"),
            Pods.Variable("PEER_DOMAIN", Certificates.Qualified(Name)),
            Pods.Variable("PEER_SCHEME", "https"),
            Pods.Variable("QDRANT_INIT_FILE_PATH", "/run/qdrant/initialized").Because("The image writes it beside its program, where nothing can be written."),
            Pods.Variable("QDRANT__CLUSTER__ENABLED", "true"),
            Pods.Variable("QDRANT__CLUSTER__P2P__PORT", $"{Ports.QdrantPeers}"),
            Pods.Variable("QDRANT__CLUSTER__P2P__ENABLE_TLS", "true").Because("The peers' port asks for no key; peers lie in several zones."),
            Pods.Variable("QDRANT__TLS__CERT", "/certificates/tls.crt"),
            Pods.Variable("QDRANT__TLS__KEY", "/certificates/tls.key"),
            Pods.Variable("QDRANT__TLS__CA_CERT", "/certificates/ca.crt"),
            Pods.Variable("QDRANT__SERVICE__HTTP_PORT", $"{Ports.QdrantHttp}"),
            Pods.Variable("QDRANT__SERVICE__GRPC_PORT", $"{Ports.QdrantGrpc}"),
            Pods.VariableFromSecret("QDRANT__SERVICE__API_KEY", Name, "api-key"),
            Pods.VariableFromSecret("QDRANT__SERVICE__READ_ONLY_API_KEY", Name, "read-only-api-key"),
            Pods.Variable("QDRANT__SERVICE__ENABLE_SNAPSHOT_URL_RECOVERY", "false").Because("Else whoever has the key makes a pod fetch any address of the network."),
            Pods.Variable("QDRANT__STORAGE__STORAGE_PATH", "/qdrant/storage"),
            Pods.Variable("QDRANT__STORAGE__SNAPSHOTS_PATH", "/qdrant/snapshots"),
            Pods.Variable("QDRANT__STORAGE__TEMP_PATH", "/qdrant/snapshots/tmp").Because("A snapshot is put together there; /tmp is small."),
            Pods.Variable("QDRANT__TELEMETRY_DISABLED", "true"))),
        ("ports", List(Pods.Port("http", Ports.QdrantHttp), Pods.Port("grpc", Ports.QdrantGrpc), Pods.Port("p2p", Ports.QdrantPeers))),
        ("startupProbe", Pods.HttpProbe("/livez", "http", periodSeconds: 5, failures: 360).Because("Half an hour: segments are loaded before the port opens.")),
        ("livenessProbe", Pods.HttpProbe("/livez", "http", periodSeconds: 10, failures: 6)),
        ("readinessProbe", Pods.HttpProbe("/readyz", "http", periodSeconds: 5, failures: 3)),
        ("lifecycle", Map(("preStop", Map(("sleep", Map(("seconds", 10))))))),
        ("resources", Pods.Resources(workload)),
        ("securityContext", Pods.Restricted),
        ("volumeMounts", new Sequence([
            .. Pods.Mounts(("storage", "/qdrant/storage"), ("snapshots", "/qdrant/snapshots"), ("run", "/run/qdrant")).Items,
            ReadOnlyMount("scripts", "/scripts"),
            ReadOnlyMount("certificates", "/certificates")])));
}
