using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/regions/&lt;region&gt;</c>: what a region has of the base, and every number, address and name that is its own.</summary>
internal sealed class RegionOverlays : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => deployment.Topology.Regions.SelectMany(region => Write(deployment, region));

    private static IEnumerable<PublishedFile> Write(Deployment deployment, Region region)
    {
        var topology = deployment.Topology;
        var overlay = new KustomizeFolder($"k8s/regions/{region.Name}", $"Region {region.Name}: {region.Role.ToString().ToLowerInvariant()}, {region.Location} of {region.Provider.ToString().ToUpperInvariant()}.");
        foreach (var folder in RegionWorkloads.Folders(deployment, region)) overlay.Include($"../../base/{folder}");
        overlay.Add("storage.yaml", "What claims are made of here.", topology.StorageClasses.Select(c => RegionStorage.Class(c, region)));
        overlay.Add("secret-store.yaml", "Where secrets come from here.", RegionSecrets.Of(topology, region));
        overlay.Add("quota.yaml", "What the namespace may take at most: every workload at its largest, and half as much again for rollouts, exporters and jobs.",
            RegionQuota.Of(deployment, region));
        if (RegionWorkloads.Runs("gateway", region)) overlay.Add("ingress.yaml", "The public name, its certificate, and the way to the gateway.", RegionIngress.Of(topology, region));
        overlay.Set("labels", List(Map(("pairs", Map(("app.kubernetes.io/instance", region.Name))))));
        overlay.Set("configMapGenerator", List(
            ConfigMap(RegionConfig.Name, [$"{RegionConfig.Key}={region.Name}"]),
            ConfigMap(ServiceEndpoints.ConfigMap, ServiceEndpoints.Literals(deployment, region)))
            .Because("The names get a hash of the content: a change rolls the pods that read it."));
        overlay.Set("replicas", ListOf(RegionWorkloads.Counts(deployment, region).Select(c => Map(("name", c.Name), ("count", c.Pods)))));
        overlay.Set("patches", ListOf(Publisher.Parts.OfType<IRegionalPart>().SelectMany(p => p.Patches(deployment, region))));
        return overlay.Files();
    }

    private static Map ConfigMap(string name, IEnumerable<string> literals) => Map(
        ("name", name),
        ("namespace", Deployment.Namespace),
        ("literals", ListOf(literals)),
        ("options", Map(("labels", Objects.Labels("platform")))));
}
