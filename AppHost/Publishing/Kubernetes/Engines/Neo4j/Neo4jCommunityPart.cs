using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Neo4j;

/// <summary>
/// The graph store, Community: one server under the same names. It has no replicas, no online backup, no roles and no metrics of its own;
/// a lost server is made again from the log.
/// </summary>
public sealed class Neo4jCommunityPart : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var topology = deployment.Topology;
        var workload = topology.Workloads[Neo4jServer.Name];
        var template = Neo4jServer.Template(topology.Images.OfEngine("neo4j_community"), workload, "engine", Map(), [], []);
        var folder = new KustomizeFolder("k8s/base/neo4j-community", "The graph store as one server: Neo4j Community. A region lists this folder or ../neo4j, never both.")
            .Add("statefulset.yaml", "The server. While it is away the gateways answer without the graph.",
                StatefulSet(Neo4jServer.Name, Neo4jServer.Name, 1, template, List(Objects.Claim("data", "fast-ssd", workload.StorageGib))));
        return Neo4jServer.AddCommon(folder, deployment, [], [], [Objects.DisruptionBudget(Neo4jServer.Name, 1)]).Files();
    }
}
