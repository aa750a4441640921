using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>Capacities fit what a region offers, and each other.</summary>
internal static class CapacityRules
{
    private static readonly string[] All =
        ["api_servers", "gpu_nodes", "gpu_workers", "vector_nodes", "graph_primaries", "graph_secondaries", "kafka_brokers", "profile_nodes"];

    /// <summary>The capacities' names.</summary>
    public static IReadOnlyList<string> Names => All;

    public static void CheckServices(DeploymentTopology topology, TopologyErrors errors)
    {
        for (var i = 0; i < topology.Regions.Count; i++)
        {
            var (region, path) = (topology.Regions[i], $"regions[{i}].capacity");
            foreach (var name in All) errors.AtLeast($"{path}.{name}", region.Capacity.Of(name)!.Value, 0);
            CheckOffer(region, path, RegionService.HotPathApi, "hot_path_api", ["api_servers"], [], errors);
            CheckOffer(region, path, RegionService.VectorSearch, "vector_search", ["vector_nodes"], [], errors);
            CheckOffer(region, path, RegionService.KnowledgeGraph, "knowledge_graph", ["graph_primaries"], ["graph_secondaries"], errors);
            CheckOffer(region, path, RegionService.GpuCluster, "gpu_cluster", ["gpu_nodes", "gpu_workers"], [], errors);
            // Every region takes writes, so every region has a log and profiles of its own.
            var brokers = region.Capacity.KafkaBrokers;
            errors.Demand(brokers >= 3 && brokers % 2 == 1, $"{path}.kafka_brokers", $"must be odd and 3 or more, is {brokers}: a majority of the controllers must outlive one");
            errors.AtLeast($"{path}.profile_nodes", region.Capacity.ProfileNodes, 3, "a quorum of three copies must outlive one node");
        }
    }

    public static void CheckGpus(DeploymentTopology topology, TopologyErrors errors)
    {
        if (topology.Gpu.PerWorker <= 0) return;
        var pool = topology.NodePools.FirstOrDefault(p => p.Runs.Contains("gpu_nodes"));
        for (var i = 0; i < topology.Regions.Count; i++)
        {
            var (region, path) = (topology.Regions[i], $"regions[{i}].capacity.gpu_workers");
            if (!region.Offers(RegionService.GpuCluster) || region.Capacity.GpuWorkers <= 0) continue;
            if (pool is not { Gpus: > 0 })
            {
                errors.Add("node_pools", "one must run gpu_nodes and have gpus: a region offers gpu_cluster");
                return;
            }

            // A worker runs on one machine: what is left of a machine's GPUs is no use to it.
            var fit = (long)region.Capacity.GpuNodes * (pool.Gpus / topology.Gpu.PerWorker);
            errors.Demand(
                region.Capacity.GpuWorkers <= fit,
                path,
                $"must be {fit} or less, is {region.Capacity.GpuWorkers}: {region.Capacity.GpuNodes} gpu_nodes of {pool.Gpus} GPUs, {topology.Gpu.PerWorker} for a worker");
        }
    }

    public static void CheckVectorNodes(DeploymentTopology topology, TopologyErrors errors)
    {
        for (var i = 0; i < topology.Regions.Count; i++)
        {
            var region = topology.Regions[i];
            if (region.Offers(RegionService.VectorSearch) && region.Capacity.VectorNodes > 0)
                errors.AtLeast($"regions[{i}].capacity.vector_nodes", region.Capacity.VectorNodes, topology.Qdrant.ReplicasPerShard, "qdrant.replicas_per_shard");
        }
    }

    public static void CheckGraphServers(DeploymentTopology topology, TopologyErrors errors)
    {
        for (var i = 0; i < topology.Regions.Count; i++)
        {
            var (region, path) = (topology.Regions[i], $"regions[{i}].capacity");
            var primaries = region.Capacity.GraphPrimaries;
            if (!region.Offers(RegionService.KnowledgeGraph) || primaries <= 0) continue;
            if (topology.Neo4j.Edition == "community")
            {
                errors.Demand(primaries == 1, $"{path}.graph_primaries", $"must be 1, is {primaries}: the community edition is one server");
                errors.Demand(region.Capacity.GraphSecondaries <= 0, $"{path}.graph_secondaries", $"must be 0, is {region.Capacity.GraphSecondaries}: the community edition is one server");
            }
            else
            {
                errors.Demand(primaries >= 3 && primaries % 2 == 1, $"{path}.graph_primaries", $"must be odd and 3 or more, is {primaries}: a majority must outlive one");
            }
        }
    }

    private static void CheckOffer(
        Region region, string path, RegionService service, string name, ReadOnlySpan<string> needed, ReadOnlySpan<string> further, TopologyErrors errors)
    {
        var offers = region.Offers(service);
        foreach (var capacity in needed)
        {
            var value = region.Capacity.Of(capacity)!.Value;
            if (offers && value == 0) errors.Add($"{path}.{capacity}", $"must be more than 0, is 0: the region offers {name}");
            if (!offers && value > 0) errors.Add($"{path}.{capacity}", $"must be 0, is {value}: the region does not offer {name}");
        }

        foreach (var capacity in further)
        {
            var value = region.Capacity.Of(capacity)!.Value;
            if (!offers && value > 0) errors.Add($"{path}.{capacity}", $"must be 0, is {value}: the region does not offer {name}");
        }
    }
}
