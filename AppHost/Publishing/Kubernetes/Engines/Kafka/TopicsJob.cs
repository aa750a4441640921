using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Kafka;

/// <summary>Creates the topics: the events, and the state that every store is made from.</summary>
public static class TopicsJob
{
    /// <summary>Name of the task's workload, its script's ConfigMap and its certificate.</summary>
    public const string Name = "kafka-topics";

    private const int DeadlineSeconds = 1800;

    /// <summary>A line for each topic: name, partitions, replicas, settings.</summary>
    public const string Topics = """
        # name partitions replicas settings
        # What is: the last record of each key stays for ever, so a store can be rebuilt from the start.
        catalog 12 3 cleanup.policy=compact min.insync.replicas=2
        embeddings 12 3 cleanup.policy=compact min.insync.replicas=2
        # What happened: 30 days, longer than any store takes to be rebuilt.
        interactions 48 3 cleanup.policy=delete retention.ms=2592000000 min.insync.replicas=2
        profile-ops 48 3 cleanup.policy=delete retention.ms=2592000000 min.insync.replicas=2

        """;

    /// <summary>The task.</summary>
    public static Map Of(DeploymentTopology topology)
    {
        var container = Map(
            ("name", "create"),
            ("image", topology.Images.OfEngine(KafkaPart.Name)),
            ("command", List("sh", "/scripts/create-topics.sh")),
            ("env", List(
                Pods.Variable("KAFKA_HOME", KafkaPart.Home),
                Pods.Variable("BROKERS", KafkaPart.BootstrapServers(topology)),
                Pods.Variable("BROKER_COUNT", $"{topology.Primary.Capacity.KafkaBrokers}"),
                Pods.Variable("CLIENT_SETTINGS", "/scripts/client.properties"),
                Pods.Variable("TOPICS", "/scripts/topics.txt"),
                Pods.Variable("RUN", "/tmp"),
                Pods.Variable("WAIT_SECONDS", $"{DeadlineSeconds - 600}"),
                Pods.Variable("KAFKA_HEAP_OPTS", "-Xmx256m"),
                Pods.Variable("KAFKA_LOG4J_OPTS", "-Dlog4j2.configurationFile=/scripts/log4j2.yaml"))),
            ("resources", Pods.Resources(SmallJava)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", new Sequence([.. Pods.Mounts().Items, ReadOnlyMount("scripts", "/scripts"), ReadOnlyMount("certificates", "/certificates")])));
        return Job(
            Name, KafkaPart.User, container,
            List(ConfigVolume("scripts", Name), SecretVolume("certificates", Name, "tls-combined.pem", "ca.crt")),
            DeadlineSeconds,
            [File("Kafka/create-topics.sh"), File("Kafka/client.properties"), File("Kafka/log4j2.yaml"), Topics]);
    }
}
