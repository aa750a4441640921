using System.Globalization;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/base/gateway</c>: the public API. Its views are in memory, so pods come and go freely.</summary>
internal sealed class GatewayService : IPublishedPart, IRegionalPart
{
    private const string Name = "gateway";
    private const string CacheKey = "cache-connection";

    private static readonly Scalar MaxUnavailable = new("10%");

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        if (!deployment.Model.Services.Any(s => s.Name == Name)) return [];
        var hasCache = deployment.Model.References.Any(r => r.From == Name && r.To == "cache");
        var folder = ServiceFolder.Of(Name, Name, "The API that viewers' apps call.", deployment, Workload(deployment, hasCache), Services(), MaxUnavailable, FromAnywhere);
        folder.Add("autoscaler.yaml", "As many pods as the load needs; the numbers here are the primary region's, each overlay has its own.",
            GatewayAutoscaler.Of(deployment.Topology, deployment.Topology.Primary));
        if (hasCache) folder.Add("secrets.yaml", "The cache's address with its password, made where the secret is fetched.", CacheConnection());
        return folder.Files();
    }

    /// <inheritdoc/>
    public IEnumerable<Map> Patches(Deployment deployment, Region region) =>
        RegionWorkloads.Runs(Name, region) ? [OverlayPatch.Bounds(Name, region.Capacity.ApiServers, deployment.Topology.Gateway.MaxReplicas)] : [];

    private static Map Workload(Deployment deployment, bool hasCache)
    {
        var pod = new ServicePod(Name, deployment.Topology.Workloads[Name])
        {
            ReadyByGrpc = false,
            Environment = [
                Pods.Variable("Gateway__SharedCacheSeconds", deployment.Topology.Cdn.PopularTtlSeconds.ToString(CultureInfo.InvariantCulture)),
                .. hasCache ? [Pods.VariableFromSecret("ConnectionStrings__cache", Name, CacheKey)] : (IEnumerable<Map>)[],
            ],
        };
        return Objects.Of("apps/v1", "Deployment", Name, Name, ("spec", Map(
            ("revisionHistoryLimit", 5),
            ("minReadySeconds", 10),
            ("strategy", Map(
                ("type", "RollingUpdate"),
                ("rollingUpdate", Map(
                    ("maxSurge", "25%"),
                    ("maxUnavailable", MaxUnavailable)).Because(
                        "Parts, not numbers: 5 and 2 of 20 pods, and the same pace at 200. Not 0 unavailable: a rollout then stops where no machine is free\n"
                        + "for the surplus. The tenth that is missing is less than what the autoscaler's target leaves free.")))),
            ("selector", Objects.Selector(Name)),
            ("template", pod.Template(deployment))).Because("No replicas: the autoscaler owns the number, and an apply must not throw it back.")));
    }

    private static IEnumerable<Map> Services()
    {
        yield return Objects.Service(Name, Name, headless: false, publishNotReady: false, [("http", Ports.Http, "http")]);
        // Each pod has its own views, so operators ask each; and metrics are never behind the load balancer.
        yield return Objects.Service("gateway-pods", Name, headless: true, publishNotReady: false, [("grpc", Ports.Grpc, "kubernetes.io/h2c"), ("metrics", Ports.Metrics, "http")]);
    }

    // The load balancers' addresses are the clouds' and change; what they reach is the public API, and nothing else listens there.
    private static (string Direction, Map Rule) FromAnywhere => ("ingress", Map(("ports", List(Map(("protocol", "TCP"), ("port", Ports.Http))))));

    private static Map CacheConnection() => ExternalSecrets.Of(Name, Name, ["password"],
        template: Map((CacheKey, $"cache:{Ports.Redis},password={{{{ .password }}}}")), source: "cache");
}
