using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>The folder of one of our services: workload, Services, account, disruption budget, network policy.</summary>
internal static class ServiceFolder
{
    /// <summary>Starts a folder with what every service has.</summary>
    /// <param name="folder">Name under <c>k8s/base</c>.</param>
    /// <param name="name">The resource.</param>
    /// <param name="about">What the service is for.</param>
    /// <param name="deployment">All connections.</param>
    /// <param name="workload">Deployment or StatefulSet.</param>
    /// <param name="services">Services.</param>
    /// <param name="maxUnavailable">How many pods a drain may take at once.</param>
    /// <param name="rules">Network rules for peers outside the cluster's workloads.</param>
    public static KustomizeFolder Of(
        string folder, string name, string about, Deployment deployment, Map workload, IEnumerable<Map> services, Node maxUnavailable,
        params ReadOnlySpan<(string Direction, Map Rule)> rules) => new KustomizeFolder($"k8s/base/{folder}", about)
        .Add("workload.yaml", about, Objects.ServiceAccount(name), workload, Objects.DisruptionBudget(name, maxUnavailable))
        .Add("services.yaml", $"DNS names of '{name}'.", services)
        .Add("network.yaml", $"Who may call '{name}', and whom it may call; all else is denied.", NetworkPolicies.Of(Peer.Of(name), deployment, rules));

    /// <summary>A StatefulSet: each pod has its own view of the log, on its own claim.</summary>
    /// <param name="name">The resource; the headless Service has the same name.</param>
    /// <param name="replicas">Pods; null where an autoscaler owns the number.</param>
    /// <param name="template">The pod.</param>
    /// <param name="claims">Claims of each pod.</param>
    public static Map StatefulSet(string name, Node? replicas, Map template, params ReadOnlySpan<Node?> claims) =>
        Objects.Of("apps/v1", "StatefulSet", name, name, ("spec", Map(
            ("serviceName", name),
            ("replicas", replicas),
            // No pod waits for another: each reads the log by itself.
            ("podManagementPolicy", "Parallel"),
            ("revisionHistoryLimit", 5),
            ("selector", Objects.Selector(name)),
            ("updateStrategy", Map(("type", "RollingUpdate"))),
            ("template", template),
            ("volumeClaimTemplates", claims.Length == 0 ? null : List(claims)))));

    /// <summary>The headless Service that callers balance over; only pods that are ready have an address there.</summary>
    public static Map Headless(string name) => Objects.Service(name, name, headless: true, publishNotReady: false,
        [("grpc", Ports.Grpc, "kubernetes.io/h2c"), ("http", Ports.Http, "http"), ("metrics", Ports.Metrics, "http")]);
}
