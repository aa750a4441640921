using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Kafka;

/// <summary>The log: brokers that are their own controllers (KRaft).</summary>
public sealed class KafkaPart : IPublishedPart, INetworkPart
{
    /// <summary>Name of the workload, its headless Service, its authority and its brokers' certificate.</summary>
    public const string Name = "kafka";

    /// <summary>The user of the image.</summary>
    public const int User = 1000;

    /// <summary>The image's folder of programs.</summary>
    public const string Home = "/opt/kafka";

    // Marks the volumes as one cluster's. Made once; no secret. Another one would make every broker refuse its volume.
    private const string ClusterId = "mJ8cVQk1RtKZp3yYw0aH5g";

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        var kafka = Peer.Of(Name);
        yield return new(kafka, kafka, Ports.Kafka);
        yield return new(kafka, kafka, Ports.KafkaControllers);
        yield return new(Peer.Of(TopicsJob.Name), kafka, Ports.Kafka);
        yield return new(Peer.Of(KafkaExporter.Name), kafka, Ports.Kafka);
        yield return new(Peer.InMonitoring("prometheus"), Peer.Of(KafkaExporter.Name), KafkaExporter.MetricsPort);
    }

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var topology = deployment.Topology;
        if (topology.Regions.FirstOrDefault(r => r.Capacity.KafkaBrokers != topology.Primary.Capacity.KafkaBrokers) is { } other)
        {
            throw new PublishException($"topology.yaml: regions: '{other.Name}': kafka_brokers: must be those of the primary region, {topology.Primary.Capacity.KafkaBrokers}: their names stand in the base.");
        }

        string[] numbered = [.. Enumerable.Range(0, topology.Primary.Capacity.KafkaBrokers).Select(BrokerService)];
        return new KustomizeFolder("k8s/base/kafka", "The log of all regions' events.")
            .Add("statefulset.yaml", "The brokers.", Brokers(topology))
            .Add("services.yaml", "The brokers by name, and one name for each that does not change when the set is renamed.", [
                Objects.Service(Name, Name, headless: true, publishNotReady: true, [("clients", Ports.Kafka, null), ("controllers", Ports.KafkaControllers, null)]),
                .. numbered.Select(ServiceOfBroker)])
            .Add("policies.yaml", "Accounts, disruption and network.",
                Objects.ServiceAccount(Name),
                Objects.DisruptionBudget(Name, 1),
                NetworkPolicies.Of(Peer.Of(Name), deployment),
                Objects.ServiceAccount(TopicsJob.Name),
                NetworkPolicies.Of(Peer.Of(TopicsJob.Name), deployment),
                Objects.ServiceAccount(KafkaExporter.Name),
                NetworkPolicies.Of(Peer.Of(KafkaExporter.Name), deployment),
                Objects.DisruptionBudget(KafkaExporter.Name, 1))
            .Add("certificates.yaml", "Who may speak to the brokers: each holder of a certificate of this authority.", [
                .. Certificates.Authority(Name),
                Certificates.Of(Name, "kafka-brokers", Name, [.. Certificates.NamesOf(Name, pods: Name), .. numbered.SelectMany(n => Certificates.NamesOf(n))]),
                Certificates.Of(Name, TopicsJob.Name, TopicsJob.Name),
                Certificates.Of(Name, KafkaExporter.Name, KafkaExporter.Name)])
            .Add("topics.yaml", "Creates the topics once.", TopicsJob.Of(topology))
            .Add("exporter.yaml", "Metrics of brokers, topics and consumers' lag.", KafkaExporter.Of(topology))
            .AddFile("start.sh", File("Kafka/start.sh"))
            .AddFile("server.properties", File("Kafka/server.properties"))
            .AddFile("client.properties", File("Kafka/client.properties"))
            .AddFile("log4j2.yaml", File("Kafka/log4j2.yaml"))
            .AddFile("create-topics.sh", File("Kafka/create-topics.sh"))
            .AddFile("topics.txt", TopicsJob.Topics)
            .Set("configMapGenerator", ConfigMaps(
                ("kafka-server", Name, ["start.sh", "server.properties", "log4j2.yaml"]),
                (TopicsJob.Name, TopicsJob.Name, ["create-topics.sh", "topics.txt", "client.properties", "log4j2.yaml"])))
            .Files();
    }

    /// <summary>The list that clients start with.</summary>
    public static string BootstrapServers(DeploymentTopology topology) =>
        string.Join(',', Enumerable.Range(0, topology.Primary.Capacity.KafkaBrokers).Select(b => $"{BrokerService(b)}:{Ports.Kafka}"));

    private static string BrokerService(int ordinal) => $"kafka-broker-{ordinal + 1}";

    private static Map ServiceOfBroker(string name, int ordinal) => Objects.Of("v1", "Service", name, Name, ("spec", Map(
        // A broker that restarts is met again under its name, not left out: the client retries.
        ("publishNotReadyAddresses", true),
        ("selector", Map((Objects.NameLabel, Name), ("statefulset.kubernetes.io/pod-name", $"{Name}-{ordinal}"))),
        ("ports", List(Map(("name", "clients"), ("port", Ports.Kafka), ("targetPort", "clients"), ("protocol", "TCP")))))));

    private static Map Brokers(DeploymentTopology topology)
    {
        var workload = topology.Workloads[Name];
        var template = Pods.Template(
            Name,
            User,
            component: "engine",
            containers: List(Broker(topology, workload)),
            volumes: List(
                ConfigVolume("server", "kafka-server", mode: 365),
                SecretVolume("certificates", "kafka-brokers", "tls-combined.pem", "ca.crt"),
                EmptyVolume("run", "64Mi")),
            settings: Map(
                ("priorityClassName", "reco-stores"),
                // A controlled shutdown hands every partition over first.
                ("terminationGracePeriodSeconds", 300),
                ("affinity", Pods.ApartFromItself(Name)),
                ("topologySpreadConstraints", Pods.Spread(Name, hard: true, hardZones: true))));
        return StatefulSet(Name, Name, topology.Primary.Capacity.KafkaBrokers, template, List(Objects.Claim("data", "fast-ssd", workload.StorageGib)));
    }

    private static Map Broker(DeploymentTopology topology, Workload workload)
    {
        // Kafka lives on the page cache: a third for the heap, the rest for the files that consumers read.
        var heap = workload.MemoryLimitMib / 3;
        return Map(
            ("name", Name),
            ("image", topology.Images.OfEngine(Name)),
            ("command", List("sh", "/server/start.sh")),
            ("env", List(
                Pods.Variable("KAFKA_HOME", Home),
                Pods.Variable("SETTINGS", "/server/server.properties"),
                Pods.Variable("RUN", "/run/kafka"),
                Pods.Variable("PEER_DOMAIN", Certificates.Qualified(Name)),
                Pods.Variable("VOTERS", $"{topology.Primary.Capacity.KafkaBrokers}"),
                Pods.Variable("CLUSTER_ID", ClusterId),
                Pods.Variable("KAFKA_HEAP_OPTS", $"-Xms{heap}m -Xmx{heap}m"),
                Pods.Variable("KAFKA_LOG4J_OPTS", "-Dlog4j2.configurationFile=/server/log4j2.yaml"),
                Pods.Variable("EXTRA_ARGS", "-name kafkaServer").Because("The start script's own value also writes a log of the garbage collector."))),
            ("ports", List(Pods.Port("clients", Ports.Kafka), Pods.Port("controllers", Ports.KafkaControllers))),
            ("startupProbe", Pods.TcpProbe("clients", periodSeconds: 5, failures: 240).Because("After a crash the log's segments are checked first.")),
            ("livenessProbe", Pods.TcpProbe("clients", periodSeconds: 15, failures: 8)),
            ("readinessProbe", Pods.TcpProbe("clients", periodSeconds: 10, failures: 3)),
            ("resources", Pods.Resources(workload)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", new Sequence([
                .. Pods.Mounts(("data", "/var/lib/kafka"), ("run", "/run/kafka")).Items,
                ReadOnlyMount("server", "/server"),
                ReadOnlyMount("certificates", "/certificates")])));
    }
}
