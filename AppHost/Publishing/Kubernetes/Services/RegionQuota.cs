using System.Globalization;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// A region's quota, computed from its capacity: a mistake in a manifest, or an autoscaler gone wild, ends here and not at the bill.
/// </summary>
internal static class RegionQuota
{
    private const double Spare = 1.5;

    // Snapshots lie beside what they are made of.
    private const double StorageSpare = 2;

    public static Map Of(Deployment deployment, Region region)
    {
        var topology = deployment.Topology;
        var pods = 0;
        double cpu = 0, memory = 0, limit = 0, storage = topology.Backup.VolumeGib;
        // ScyllaDB has a namespace of its own.
        foreach (var workload in RegionWorkloads.Of(deployment, region).Where(w => w != "scylladb"))
        {
            var count = RegionWorkloads.MostPods(workload, topology, region);
            var size = RegionWorkloads.Size(workload, topology, region);
            pods += count;
            cpu += count * size.Cpu;
            memory += (double)count * size.MemoryMib / 1024;
            limit += (double)count * size.MemoryLimitMib / 1024;
            storage += (double)count * size.StorageGib;
        }

        var gpus = region.Offers(RegionService.GpuCluster) ? RegionWorkloads.MostGpuWorkers(topology, region) * topology.Gpu.PerWorker : 0;
        return Objects.Of("v1", "ResourceQuota", "region", "platform", ("spec", Map(("hard", Map(
            ("pods", Whole(pods * Spare)),
            ("requests.cpu", Whole(cpu * Spare)),
            ("requests.memory", $"{Whole(memory * Spare)}Gi"),
            ("limits.memory", $"{Whole(limit * Spare)}Gi"),
            ("requests.storage", $"{Whole(storage * StorageSpare)}Gi"),
            ("requests.nvidia.com/gpu", Whole(gpus)),
            ("services.loadbalancers", new Scalar("0").Because("The only way in is the Gateway.")),
            ("services.nodeports", "0"))))));
    }

    private static string Whole(double value) => ((long)Math.Ceiling(Math.Round(value, 6))).ToString(CultureInfo.InvariantCulture);
}
