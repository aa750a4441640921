using RecoAspire.Publishing.Kubernetes.Services;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Operations;

/// <summary>How many machines of a pool a region needs.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Min">At rest.</param>
/// <param name="Max">At the upper bounds of all autoscalers.</param>
public sealed record PoolSize(NodePool Pool, int Min, int Max);

/// <summary>The sizes of node pools, from the same capacities that bound the workloads.</summary>
public static class NodePools
{
    // What the kubelet, the system and the node agents keep of a machine.
    private const double ReservedCpu = 0.5;
    private const int ReservedMib = 1536;

    /// <summary>The pools of a region that hold anything.</summary>
    /// <exception cref="PublishException">A pod is larger than a machine of its pool.</exception>
    public static IEnumerable<PoolSize> Of(Region region, DeploymentTopology topology)
    {
        foreach (var pool in topology.NodePools)
        {
            var size = Size(pool, region, topology);
            if (size.Max > 0) yield return size;
        }
    }

    private static PoolSize Size(NodePool pool, Region region, DeploymentTopology topology)
    {
        if (pool.Runs.Contains("gpu_nodes"))
        {
            var perNode = Math.Max(1, pool.Gpus / topology.Gpu.PerWorker);
            return new PoolSize(pool, Ceiling(region.Capacity.GpuWorkers, perNode), region.Capacity.GpuNodes);
        }

        // A store's pods never share a machine, a service's may.
        var stores = pool.Runs.Select(r => (Workload: WorkloadOf(r), Pods: region.Capacity.Of(r) ?? 0)).Where(s => s.Workload != "gateway" && s.Pods > 0).ToList();
        var nodes = stores.Sum(s => Ceiling(s.Pods, PerNode(pool, topology.Workloads[s.Workload], s.Workload)));
        nodes = Math.Max(nodes, stores.Count == 0 ? 0 : stores.GroupBy(s => s.Workload).Max(g => g.Sum(s => s.Pods)));
        if (!pool.Runs.Contains("api_servers")) return new PoolSize(pool, nodes, nodes);

        var more = 0;
        foreach (var name in ServicesOf(region))
        {
            var workload = name == "embedding" ? topology.EmbeddingCpu : topology.Workloads[name];
            var perNode = PerNode(pool, workload, name);
            nodes += Ceiling(workload.Replicas ?? 1, perNode);
            if (ServiceAutoscaler.Owns(workload)) more += Ceiling(ServiceAutoscaler.Most(workload, topology, region), perNode) - Ceiling(workload.Replicas ?? 1, perNode);
        }

        var gateways = PerNode(pool, topology.Workloads["gateway"], "gateway");
        return new PoolSize(pool, nodes + Ceiling(region.Capacity.ApiServers, gateways), nodes + more + Ceiling(topology.Gateway.MaxReplicas, gateways));
    }

    // What runs beside the gateways; on GPUs the embedding service has a pool of its own.
    private static IEnumerable<string> ServicesOf(Region region)
    {
        yield return "eventlog";
        yield return "profile";
        yield return "cache";
        if (region.Offers(RegionService.VectorSearch)) yield return "vectorsearch";
        if (region.Offers(RegionService.KnowledgeGraph)) yield return "graph";
        if (!region.Offers(RegionService.GpuCluster)) yield return "embedding";
    }

    private static string WorkloadOf(string capacity) => capacity switch
    {
        "api_servers" => "gateway",
        "vector_nodes" => "qdrant",
        "graph_primaries" or "graph_secondaries" => "neo4j",
        "kafka_brokers" => "kafka",
        "profile_nodes" => "scylladb",
        _ => throw new PublishException($"topology.yaml: node_pools: no workload belongs to the capacity '{capacity}'."),
    };

    private static int PerNode(NodePool pool, Workload workload, string name)
    {
        var pods = Math.Min((int)((pool.Cpu - ReservedCpu) / workload.Cpu), (pool.MemoryGib * 1024 - ReservedMib) / workload.MemoryMib);
        return pods > 0 ? pods : throw new PublishException($"topology.yaml: node_pools: a pod of '{name}' does not fit on a machine of '{pool.Name}'.");
    }

    private static int Ceiling(int pods, int perNode) => (pods + perNode - 1) / perNode;
}
