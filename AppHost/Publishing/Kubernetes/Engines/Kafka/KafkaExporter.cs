using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Kafka;

/// <summary>Turns what the brokers know about topics and consumers into metrics; one for all brokers.</summary>
public static class KafkaExporter
{
    /// <summary>Name of the workload and of its certificate.</summary>
    public const string Name = "kafka-exporter";

    /// <summary>Port of its metrics.</summary>
    public const int MetricsPort = 9308;

    private const int User = 65534;

    /// <summary>The exporter.</summary>
    public static Map Of(DeploymentTopology topology)
    {
        var servers = KafkaPart.BootstrapServers(topology).Split(',').Select(s => $"--kafka.server={s}");
        var container = Map(
            ("name", Name),
            ("image", topology.Images.OfEngine("kafka_exporter")),
            ("args", ListOf([
                .. servers,
                // Its own default is a version whose requests brokers of Kafka 4 refuse.
                "--kafka.version=3.6.0",
                $"--web.listen-address=:{MetricsPort}",
                "--tls.enabled",
                "--tls.ca-file=/certificates/ca.crt",
                "--tls.cert-file=/certificates/tls.crt",
                "--tls.key-file=/certificates/tls.key"])),
            ("ports", List(Pods.Port("metrics", MetricsPort))),
            ("startupProbe", Pods.HttpProbe("/healthz", "metrics", periodSeconds: 5, failures: 60)),
            ("livenessProbe", Pods.HttpProbe("/healthz", "metrics", periodSeconds: 15, failures: 4)),
            ("readinessProbe", Pods.HttpProbe("/healthz", "metrics", periodSeconds: 15, failures: 4)),
            ("resources", Pods.Resources(Small)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", new Sequence([.. Pods.Mounts().Items, ReadOnlyMount("certificates", "/certificates")])));
        return Objects.Of("apps/v1", "Deployment", Name, Name, ("spec", Map(
            ("replicas", 1),
            ("revisionHistoryLimit", 5),
            ("selector", Objects.Selector(Name)),
            ("template", Pods.Template(
                Name, User, List(container),
                List(SecretVolume("certificates", Name, "tls.crt", "tls.key", "ca.crt")),
                Map(("priorityClassName", "reco-stores")),
                component: "engine")))));
    }
}
