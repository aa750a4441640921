using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Cache;

/// <summary>What several gateways share: answers of the last minutes. The gateways compute again what it loses.</summary>
public sealed class CachePart : IPublishedPart, INetworkPart
{
    private const string Name = "cache";
    private const int User = 999;
    private const int MetricsPort = 9121;

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        yield return new(Peer.InMonitoring("prometheus"), Peer.Of(Name), MetricsPort);
    }

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) =>
        new KustomizeFolder("k8s/base/cache", "The gateways' shared cache.")
            .Add("deployment.yaml", "One server without files: after a loss it is empty, and the gateways fill it again.", Server(deployment.Topology))
            .Add("services.yaml", "The name that clients use.", Objects.Service(Name, Name, headless: false, publishNotReady: false, [("redis", Ports.Redis, "redis")]))
            .Add("policies.yaml", "Account, disruption and network.",
                Objects.ServiceAccount(Name),
                Objects.DisruptionBudget(Name, 1),
                NetworkPolicies.Of(Peer.Of(Name), deployment))
            .Add("secrets.yaml", "The password from the cloud's store.", ExternalSecrets.Of(Name, Name, ["password"]))
            .AddFile("start.sh", File("Cache/start.sh"))
            .AddFile("redis.conf", File("Cache/redis.properties"))
            .Set("configMapGenerator", ConfigMaps(("cache-server", Name, ["start.sh", "redis.conf"])))
            .Files();

    private static Map Server(DeploymentTopology topology)
    {
        var workload = topology.Workloads[Name];
        var template = Pods.Template(
            Name,
            User,
            component: "engine",
            containers: List(Redis(topology, workload), Exporter(topology)),
            volumes: List(
                ConfigVolume("server", "cache-server", mode: 365),
                SecretVolume("password", Name, "password"),
                Map(("name", "run"), ("emptyDir", Map(("medium", "Memory"), ("sizeLimit", "1Mi"))))),
            settings: Map(
                ("priorityClassName", "reco-stores"),
                ("terminationGracePeriodSeconds", 30)));
        return Objects.Of("apps/v1", "Deployment", Name, Name, ("spec", Map(
            ("replicas", workload.Replicas ?? 1),
            ("revisionHistoryLimit", 5),
            ("strategy", Map(
                ("type", "RollingUpdate"),
                ("rollingUpdate", Map(("maxSurge", 1), ("maxUnavailable", 0)))).Because("The new one starts empty beside the old one: there is never none.")),
            ("selector", Objects.Selector(Name)),
            ("template", template))));
    }

    private static Map Redis(DeploymentTopology topology, Workload workload) => Map(
        ("name", Name),
        ("image", topology.Images.OfEngine(Name)),
        ("command", List("sh", "/server/start.sh")),
        ("env", List(
            Pods.Variable("REDIS_PROGRAM", "redis-server"),
            Pods.Variable("SETTINGS", "/server/redis.conf"),
            Pods.Variable("PASSWORD_FILE", "/password/password"),
            Pods.Variable("RUN", "/run/redis"),
            Pods.Variable("MAX_MEMORY_MIB", $"{workload.MemoryLimitMib * 3 / 4}").Because("Of the memory limit; the rest is for connections' buffers and fragments."))),
        ("ports", List(Pods.Port("redis", Ports.Redis))),
        ("startupProbe", Pods.TcpProbe("redis", periodSeconds: 2, failures: 30)),
        ("livenessProbe", Pods.TcpProbe("redis", periodSeconds: 10, failures: 6)),
        ("readinessProbe", Pods.TcpProbe("redis", periodSeconds: 5, failures: 3)),
        ("lifecycle", Map(("preStop", Map(("sleep", Map(("seconds", 5))))))),
        ("resources", Pods.Resources(workload)),
        ("securityContext", Pods.Restricted),
        ("volumeMounts", new Sequence([
            .. Pods.Mounts(("run", "/run/redis")).Items,
            ReadOnlyMount("server", "/server"),
            ReadOnlyMount("password", "/password")])));

    private static Map Exporter(DeploymentTopology topology) => Map(
        ("name", "exporter"),
        ("image", topology.Images.OfEngine("redis_exporter")),
        ("env", List(
            Pods.Variable("REDIS_ADDR", $"redis://127.0.0.1:{Ports.Redis}"),
            Pods.VariableFromSecret("REDIS_PASSWORD", Name, "password"))),
        ("ports", List(Pods.Port("metrics", MetricsPort))),
        ("startupProbe", Pods.HttpProbe("/health", "metrics", periodSeconds: 2, failures: 30)),
        ("livenessProbe", Pods.HttpProbe("/health", "metrics", periodSeconds: 15, failures: 4)),
        ("readinessProbe", Pods.HttpProbe("/health", "metrics", periodSeconds: 15, failures: 4)),
        ("resources", Pods.Resources(Small)),
        ("securityContext", Pods.Restricted),
        ("volumeMounts", Pods.Mounts()));
}
