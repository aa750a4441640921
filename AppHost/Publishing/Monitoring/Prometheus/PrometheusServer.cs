using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Publishing.Monitoring.Rules;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Prometheus;

/// <summary><c>monitoring/base/prometheus</c>: the pair that scrapes, evaluates and alerts.</summary>
internal sealed class PrometheusServer : IPublishedPart
{
    private const string Name = Watchers.Prometheus;

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var rules = RuleCatalogue.Everywhere(deployment.Topology).Select(g => $"rules/{g.Name}.rules.yml");
        return new KustomizeFolder("monitoring/base/prometheus", "The configuration and the rules that differ between regions come from the overlay.")
            .Add("serviceaccount.yaml", "Discovery asks the API server, so this account's token is mounted.", Objects.ServiceAccount(Name, Deployment.Monitoring))
            .Add("access.yaml", "A Role in each namespace that is scraped; of the cluster only machines.", ScrapeAccess.Of())
            .Add("services.yaml", "For Grafana and the adapter; and a name for each of the pair.", Services())
            .Add("statefulset.yaml", "Two that know the same.", StatefulSet(deployment.Topology))
            .Add("pdb.yaml", "One of the pair may be drained.", Objects.DisruptionBudget(Name, 1, Deployment.Monitoring))
            .Add("secrets.yaml", "Keys as files.", Secrets.Of(Secrets.Qdrant, Name, ("read-only-api-key", "recoaspire-qdrant-read-only-api-key")))
            .Add("network.yaml", "It scrapes everything, and asks the API server and every kubelet.", NetworkPolicies.Of(
                Watchers.Peer(Name), deployment, WatcherPods.ToApiServer, NetworkPolicies.ToInternet(Watchers.Kubelet)))
            .Set("configMapGenerator", List(Map(
                ("name", "prometheus-rules"),
                ("namespace", Deployment.Monitoring),
                ("files", ListOf(rules)))))
            .Files();
    }

    private static IEnumerable<Node> Services()
    {
        yield return Objects.Service(Name, Name, headless: false, publishNotReady: false, [("http", Watchers.PrometheusPort, "http")], Deployment.Monitoring);
        yield return Objects.Service($"{Name}-pods", Name, headless: true, publishNotReady: true, [("http", Watchers.PrometheusPort, "http")], Deployment.Monitoring);
    }

    private static Map StatefulSet(DeploymentTopology topology)
    {
        var retention = topology.Slo.WindowDays + 5;
        var container = Map(
            ("name", Name),
            ("image", topology.Images.OfEngine("prometheus")),
            ("args", List(
                "--config.file=/etc/prometheus/config/prometheus.yml",
                "--storage.tsdb.path=/prometheus",
                new Scalar($"--storage.tsdb.retention.time={retention}d").Because("The error budget's window and some days."),
                new Scalar($"--storage.tsdb.retention.size={Watchers.PrometheusSize.StorageGib * 85 / 100}GiB").Because("It ends before the volume does."),
                "--web.enable-lifecycle",
                "--web.listen-address=:9090")),
            ("env", List(Pods.VariableFromPod("POD_NAME", "metadata.name"))),
            ("ports", List(Pods.Port("http", Watchers.PrometheusPort))),
            ("startupProbe", Pods.HttpProbe("/-/ready", "http", 10, 90).Because("After a crash it reads its log again.")),
            ("readinessProbe", Pods.HttpProbe("/-/ready", "http", 10, 3)),
            ("livenessProbe", Pods.HttpProbe("/-/healthy", "http", 15, 6)),
            ("resources", Pods.Resources(Watchers.PrometheusSize)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts(
                ("data", "/prometheus"), ("config", "/etc/prometheus/config"), ("rules", "/etc/prometheus/rules"),
                ("qdrant", "/etc/prometheus/secrets/qdrant"), ("remote-write", "/etc/prometheus/secrets/remote-write"), ("adapter", "/etc/prometheus/secrets/adapter"))));
        var template = Pods.Template(Name, Watchers.Nobody, List(container), List(
            WatcherPods.ConfigVolume("config", "prometheus-config"),
            Map(("name", "rules"), ("projected", Map(("sources", List(
                Map(("configMap", Map(("name", "prometheus-rules")))),
                Map(("configMap", Map(("name", "prometheus-region-rules"))))))))),
            WatcherPods.SecretVolume("qdrant", Secrets.Qdrant, optional: true),
            WatcherPods.SecretVolume("remote-write", Secrets.RemoteWrite, optional: true),
            WatcherPods.SecretVolume("adapter", "prometheus-adapter-tls", optional: true)),
            WatcherPods.Settings(Name, token: true, graceSeconds: 300).With("affinity", Pods.ApartFromItself(Name)));
        var set = WatcherPods.StatefulSet(Name, Watchers.PrometheusReplicas, Watchers.PrometheusSize.StorageGib, "standard-ssd", template);
        return set.With("spec", ((Map)set["spec"]!).With("serviceName", $"{Name}-pods"));
    }
}
