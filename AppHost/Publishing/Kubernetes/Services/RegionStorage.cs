using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>Storage classes by a region's provider.</summary>
internal static class RegionStorage
{
    public static Map Class(StorageClass storage, Region region)
    {
        var provisioner = storage.On(region.Provider);
        return Objects.In("", "storage.k8s.io/v1", "StorageClass", storage.Name, "platform",
            ("provisioner", provisioner.Name),
            ("parameters", Map(provisioner.Parameters)),
            // The volume is made in the zone where its pod was placed, not the other way round.
            ("volumeBindingMode", "WaitForFirstConsumer"),
            ("allowVolumeExpansion", true),
            ("reclaimPolicy", storage.Keep ? "Retain" : "Delete"));
    }
}
