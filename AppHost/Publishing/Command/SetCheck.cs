using RecoAspire.Publishing.Checking;
using RecoAspire.Publishing.Kubernetes.Engines.ScyllaDb;

namespace RecoAspire.Publishing;

/// <summary>What a set that was published from a topology is checked against.</summary>
public static class SetCheck
{
    /// <summary>The options of the check.</summary>
    /// <param name="deployment">What is deployed: its connections are those that policies must allow, no more and no fewer.</param>
    /// <param name="schemasFolder">Folder of schemas; null: objects are not checked against any.</param>
    public static CheckOptions Options(Deployment deployment, string? schemasFolder) => new()
    {
        SchemasFolder = schemasFolder,
        Namespaces = new HashSet<string> { Deployment.Namespace, Deployment.Monitoring, ScyllaDbPart.Namespace, "node-agents" },
        BuiltInNamespaces = new HashSet<string> { "kube-system", "cert-manager", "scylla-manager" },
        NodeAgents = new HashSet<string> { "node-exporter", "dcgm-exporter" },
        ExternalHosts = [$"*.{deployment.Topology.Domain}", new Uri(deployment.Topology.Alerting.RunbooksUrl).Host],
        GatewayClasses = new HashSet<string> { "gke-l7-regional-external-managed" },
        Operated = new HashSet<string> { $"{ScyllaDbPart.Node.Namespace}/{ScyllaDbPart.Node.Name}" },
        OtherNamespaces = new HashSet<string> { "scylla-operator", "scylla-manager" },
        OtherAccounts = new HashSet<string> { "cert-manager/cert-manager", "kube-system/horizontal-pod-autoscaler" },
        Idle = new HashSet<string> { $"{Deployment.Namespace}/spare-capacity" },
        ExpectedEdges = [.. deployment.Edges.Select(e => new TrafficEdge($"{e.From.Namespace}/{e.From.Name}", $"{e.To.Namespace}/{e.To.Name}", e.Port))],
    };
}
