using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Publishing.Monitoring.Prometheus;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Adapter;

/// <summary><c>monitoring/base/prometheus-adapter</c>: serves <c>custom.metrics.k8s.io</c>, and nothing else does.</summary>
internal sealed class AdapterServer : IPublishedPart
{
    private const string Name = Watchers.Adapter;
    private const string Rbac = "rbac.authorization.k8s.io/v1";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => new KustomizeFolder("monitoring/base/prometheus-adapter", "Without it no autoscaler sees requests or lag.")
        .Add("serviceaccount.yaml", "It asks the API server who is calling.", Objects.ServiceAccount(Name, Deployment.Monitoring))
        .Add("access.yaml", "The usual rights of an API extension, and pods by name.", Access())
        .Add("certificate.yaml", "The API server demands TLS: cert-manager makes the certificate and writes its authority into the APIService.", Certificate())
        .Add("apiservice.yaml", "The API.", ApiService())
        .Add("service.yaml", "What the APIService points at.", Objects.Service(Name, Name, headless: false, publishNotReady: false, [("https", Watchers.AdapterPort, "https")], Deployment.Monitoring))
        .Add("deployment.yaml", "Two: without an answer autoscalers stand still.", Deploy(deployment.Topology))
        .Add("pdb.yaml", "One stays.", Objects.DisruptionBudget(Name, 1, Deployment.Monitoring))
        .Add("network.yaml", "The API server is no pod: its address is not known here.", NetworkPolicies.Of(
            Watchers.Peer(Name), deployment, WatcherPods.ToApiServer, ("ingress", Map(("ports", List(Map(("protocol", "TCP"), ("port", Watchers.AdapterPort))))))))
        .AddFile("config.yaml", AdapterRules.Config())
        .Set("configMapGenerator", List(Map(("name", "prometheus-adapter-config"), ("namespace", Deployment.Monitoring), ("files", List("config.yaml")))))
        .Files();

    private static IEnumerable<Node> Access()
    {
        yield return ScrapeAccess.ClusterBinding("reco-prometheus-adapter-delegator", "system:auth-delegator", Name);
        yield return Objects.In("kube-system", Rbac, "RoleBinding", "reco-prometheus-adapter-auth-reader", Name,
            ("roleRef", Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "Role"), ("name", "extension-apiserver-authentication-reader"))),
            ("subjects", ScrapeAccess.Subject(Name)));
        yield return Objects.In("", Rbac, "ClusterRole", "reco-prometheus-adapter", Name, ("rules", List(
            ScrapeAccess.Rule("", ["namespaces", "pods"], ["get", "list", "watch"]))));
        yield return ScrapeAccess.ClusterBinding("reco-prometheus-adapter", "reco-prometheus-adapter", Name);
        yield return Objects.In("", Rbac, "ClusterRole", "reco-custom-metrics-reader", Name, ("rules", List(
            ScrapeAccess.Rule("custom.metrics.k8s.io", ["*"], ["get", "list"]))));
        yield return Objects.In("", Rbac, "ClusterRoleBinding", "reco-custom-metrics-reader", Name,
            ("roleRef", Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "ClusterRole"), ("name", "reco-custom-metrics-reader"))),
            ("subjects", List(Map(("kind", "ServiceAccount"), ("name", "horizontal-pod-autoscaler"), ("namespace", "kube-system")))));
    }

    private static IEnumerable<Node> Certificate()
    {
        yield return Objects.In(Deployment.Monitoring, "cert-manager.io/v1", "Issuer", Name, Name, ("spec", Map(("selfSigned", Map()))));
        yield return Objects.In(Deployment.Monitoring, "cert-manager.io/v1", "Certificate", Name, Name, ("spec", Map(
            ("secretName", "prometheus-adapter-tls"),
            ("dnsNames", List($"{Name}.{Deployment.Monitoring}.svc")),
            ("duration", "8760h"),
            ("renewBefore", "1440h"),
            ("privateKey", Map(("algorithm", "ECDSA"), ("size", 256))),
            ("issuerRef", Map(("group", "cert-manager.io"), ("kind", "Issuer"), ("name", Name))))));
    }

    private static Map ApiService()
    {
        var service = Objects.In("", "apiregistration.k8s.io/v1", "APIService", "v1beta1.custom.metrics.k8s.io", Name, ("spec", Map(
            ("group", "custom.metrics.k8s.io"),
            ("version", "v1beta1"),
            ("groupPriorityMinimum", 100),
            ("versionPriority", 100),
            ("service", Map(("name", Name), ("namespace", Deployment.Monitoring), ("port", Watchers.AdapterPort))))));
        return service.With("metadata", ((Map)service["metadata"]!).With("annotations", Map(
            // cert-manager's injector fills caBundle in; insecureSkipTLSVerify would believe whoever answers.
            ("cert-manager.io/inject-ca-from", $"{Deployment.Monitoring}/{Name}"))));
    }

    private static Map Deploy(DeploymentTopology topology)
    {
        var container = Map(
            ("name", Name),
            ("image", topology.Images.OfEngine("prometheus_adapter")),
            ("args", List(
                $"--secure-port={Watchers.AdapterPort}",
                "--tls-cert-file=/etc/adapter/tls/tls.crt",
                "--tls-private-key-file=/etc/adapter/tls/tls.key",
                $"--prometheus-url=http://{Watchers.Prometheus}.{Deployment.Monitoring}.svc:{Watchers.PrometheusPort}/",
                "--metrics-relist-interval=1m",
                "--config=/etc/adapter/config/config.yaml")),
            ("ports", List(Pods.Port("https", Watchers.AdapterPort))),
            ("startupProbe", Pods.HttpProbe("/livez", "https", 5, 24, scheme: "HTTPS")),
            ("readinessProbe", Pods.HttpProbe("/readyz", "https", 10, 3, scheme: "HTTPS")),
            ("livenessProbe", Pods.HttpProbe("/livez", "https", 15, 4, scheme: "HTTPS")),
            ("resources", Pods.Resources(Watchers.AdapterSize)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts(("config", "/etc/adapter/config"), ("tls", "/etc/adapter/tls"))));
        return WatcherPods.Deployment(Name, 2, Pods.Template(Name, Watchers.Nobody, List(container), List(
            WatcherPods.ConfigVolume("config", "prometheus-adapter-config"),
            WatcherPods.SecretVolume("tls", "prometheus-adapter-tls")), WatcherPods.Settings(Name, token: true)));
    }
}
