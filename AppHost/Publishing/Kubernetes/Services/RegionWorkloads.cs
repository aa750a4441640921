using RecoAspire.Topology;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>Which workloads a region has, and how many pods of each.</summary>
internal static class RegionWorkloads
{
    /// <summary>Workloads that no resource of the app model stands for: the policy store to come, the jobs' tool, ScyllaDB.</summary>
    public static IReadOnlyList<string> BesideTheModel { get; } = ["agentdb", "ops", "scylladb"];

    /// <summary>Whether a workload runs in a region.</summary>
    public static bool Runs(string workload, Region region) => workload switch
    {
        "gateway" => region.Offers(RegionService.HotPathApi),
        "vectorsearch" or "qdrant" => region.Offers(RegionService.VectorSearch),
        "graph" or "neo4j" => region.Offers(RegionService.KnowledgeGraph),
        _ => true,
    };

    /// <summary>Every workload of a region.</summary>
    public static IReadOnlyList<string> Of(Deployment deployment, Region region) =>
        [.. deployment.Model.Resources.Select(r => r.Name).Concat(BesideTheModel).Distinct().Where(w => Runs(w, region)).Order(StringComparer.Ordinal)];

    /// <summary>The folders under <c>k8s/base</c> that a region is made of.</summary>
    public static IEnumerable<string> Folders(Deployment deployment, Region region) =>
        Of(deployment, region).Select(w => w switch
        {
            "embedding" => region.Offers(RegionService.GpuCluster) ? "embedding-gpu" : "embedding-cpu",
            "neo4j" => IsGraphCluster(deployment.Topology) ? "neo4j" : "neo4j-community",
            _ => w,
        }).Append("platform").Order(StringComparer.Ordinal);

    /// <summary>The StatefulSets whose pods the region's capacity counts. ScyllaDB's nodes are its operator's.</summary>
    public static IEnumerable<(string Name, int Pods)> Counts(Deployment deployment, Region region)
    {
        foreach (var workload in Of(deployment, region))
        {
            if (workload == "neo4j" && IsGraphCluster(deployment.Topology))
            {
                yield return ("neo4j-primary", region.Capacity.GraphPrimaries);
                yield return ("neo4j-secondary", region.Capacity.GraphSecondaries);
            }
            else if (workload is "qdrant" or "kafka")
            {
                yield return (workload, MostPods(workload, deployment.Topology, region));
            }
        }
    }

    /// <summary>The most pods that a workload may have in a region.</summary>
    /// <exception cref="PublishException">Nothing says how many.</exception>
    public static int MostPods(string workload, DeploymentTopology topology, Region region) => workload switch
    {
        "gateway" => topology.Gateway.MaxReplicas,
        "qdrant" => region.Capacity.VectorNodes,
        "neo4j" => IsGraphCluster(topology) ? region.Capacity.GraphPrimaries + region.Capacity.GraphSecondaries : 1,
        "kafka" => region.Capacity.KafkaBrokers,
        "scylladb" => region.Capacity.ProfileNodes,
        "embedding" when region.Offers(RegionService.GpuCluster) => MostGpuWorkers(topology, region),
        "embedding" when ServiceAutoscaler.Owns(topology.EmbeddingCpu) => ServiceAutoscaler.Most(topology.EmbeddingCpu, topology, region),
        "embedding" => topology.EmbeddingCpu.Replicas ?? throw Missing("embedding_cpu"),
        "ops" => 0,
        _ when ServiceAutoscaler.Owns(topology.Workloads[workload]) => ServiceAutoscaler.Most(topology.Workloads[workload], topology, region),
        _ => topology.Workloads[workload].Replicas ?? throw Missing($"workloads.{workload}"),
    };

    /// <summary>What a pod of a workload takes in a region.</summary>
    public static Workload Size(string workload, DeploymentTopology topology, Region region) =>
        workload == "embedding" && !region.Offers(RegionService.GpuCluster) ? topology.EmbeddingCpu : topology.Workloads[workload];

    /// <summary>As many workers as the region's GPU nodes hold.</summary>
    /// <exception cref="PublishException">They do not hold those that always run.</exception>
    public static int MostGpuWorkers(DeploymentTopology topology, Region region)
    {
        var pool = topology.NodePools.FirstOrDefault(p => p.Runs.Contains("gpu_nodes"))
            ?? throw new PublishException("topology.yaml: node_pools: no pool runs 'gpu_nodes'.");
        // A worker's GPUs are on one machine: what is left over there stays idle.
        var most = region.Capacity.GpuNodes * (pool.Gpus / topology.Gpu.PerWorker);
        if (most >= Math.Max(1, region.Capacity.GpuWorkers)) return most;
        throw new PublishException(
            $"topology.yaml: regions.{region.Name}.capacity.gpu_nodes: {region.Capacity.GpuNodes} nodes of {pool.Gpus} GPUs hold {most} workers of {topology.Gpu.PerWorker}, not {region.Capacity.GpuWorkers}.");
    }

    private static bool IsGraphCluster(DeploymentTopology topology) => topology.Neo4j.Edition == "enterprise";

    private static PublishException Missing(string path) => new($"topology.yaml: {path}.replicas is missing: no region's capacity says how many pods it has.");
}
