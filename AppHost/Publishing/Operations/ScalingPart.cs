using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations;

/// <summary>Machines that come and go with the pods, spare room for a failover, and the policies of stores that no autoscaler can scale.</summary>
public sealed class ScalingPart : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var topology = deployment.Topology;
        yield return new("scaling/policies.json", JsonText.Write(Policies(topology)));
        foreach (var region in topology.Regions)
        {
            var path = $"scaling/regions/{region.Name}";
            var folder = new KustomizeFolder(path, $"Scaling of machines in {region.Name}.");
            if (region.Provider == CloudProvider.Aws)
            {
                folder.Add("cluster-autoscaler.yaml", "Adds machines for pods that wait, and takes empty ones away. GKE does this by itself; EKS does not.", ClusterAutoscaler.Objects(region, topology));
            }

            folder.Add("spare-capacity.yaml", "Room that a failover needs at once: pods of the lowest priority hold it and give way to real ones.", SpareCapacity.Objects(region, topology));
            foreach (var file in folder.Files()) yield return file;
            yield return new($"{path}/node-pools.tf", NodePoolsTerraform.Write(region, topology));
        }
    }

    // For a controller of ours: a database's latency is no metric that a pod autoscaler may act on, since a new reader first copies the store.
    private static Map Policies(DeploymentTopology topology) => Map(
        ("version", 1),
        ("graphReaders", Map(
            ("workload", "neo4j-secondary"),
            ("metric", "reco:graph_query_seconds:p99"),
            ("targetMs", topology.Neo4j.P99TargetMs),
            ("scaleUpMs", topology.Neo4j.ScaleUpMs),
            ("scaleDownMs", topology.Neo4j.ScaleDownMs),
            ("cooldownSeconds", topology.Neo4j.CooldownSeconds),
            ("regions", new Map([.. topology.Regions.Where(r => r.Offers(RegionService.KnowledgeGraph)).Select(r => KeyValuePair.Create(r.Name, (Node)Map(
                ("min", 1), ("max", 2 * Math.Max(1, r.Capacity.GraphSecondaries)))))])))),
        ("vectorShards", Map(
            ("workload", "qdrant"),
            ("shards", topology.Qdrant.Shards),
            ("replicasPerShard", topology.Qdrant.ReplicasPerShard),
            ("trigger", "shard_size_imbalance"),
            ("imbalance", topology.Qdrant.RebalanceImbalance),
            ("act", "POST /collections/{collection}/cluster {\"move_shard\": ...}, one shard at a time"))));
}
