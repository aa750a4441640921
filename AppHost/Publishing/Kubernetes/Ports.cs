namespace RecoAspire.Publishing.Kubernetes;

/// <summary>The one table of ports in the cluster.</summary>
public static class Ports
{
    /// <summary>Health of every service of ours, and the gateway's API.</summary>
    public const int Http = 8080;

    /// <summary>gRPC of every service of ours.</summary>
    public const int Grpc = 8000;

    /// <summary>Metrics of every service of ours; behind no load balancer.</summary>
    public const int Metrics = 9090;

    public const int AgentDb = 8888;
    public const int QdrantHttp = 6333;
    public const int QdrantGrpc = 6334;
    public const int QdrantPeers = 6335;
    public const int Bolt = 7687;
    public const int Neo4jHttp = 7474;
    public const int Kafka = 9092;
    public const int KafkaControllers = 9093;
    public const int Redis = 6379;
    public const int Alternator = 8000;

    /// <summary>The port behind an endpoint of the app model.</summary>
    /// <exception cref="PublishException">The resource or its endpoint is not known here.</exception>
    public static int Of(string resource, string endpoint, AppModel model) => (resource, endpoint) switch
    {
        ("qdrant", "grpc") => QdrantGrpc,
        ("qdrant", "http") => QdrantHttp,
        ("neo4j", "bolt") => Bolt,
        ("neo4j", "http") => Neo4jHttp,
        ("kafka", "tcp" or "internal") => Kafka,
        ("cache", "tcp") => Redis,
        (_, "grpc") when IsService(resource, model) => Grpc,
        (_, "http") when IsService(resource, model) => Http,
        _ => throw new PublishException($"the app model refers to the endpoint '{endpoint}' of '{resource}', which has no port in the cluster."),
    };

    private static bool IsService(string resource, AppModel model) => model.Services.Any(s => s.Name == resource);
}
