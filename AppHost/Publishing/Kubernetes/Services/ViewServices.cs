using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// <c>k8s/base/profile</c>, <c>vectorsearch</c>, <c>graph</c>, and every project that the app model gets: services whose pods each keep
/// a view of the log on a claim of their own.
/// </summary>
internal sealed class ViewServices : IPublishedPart, IRegionalPart
{
    // These are made by parts of their own.
    private static readonly string[] Others = ["gateway", "eventlog", "embedding", "agentdb", "ops"];

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) =>
        deployment.Model.Services.Where(s => !Others.Contains(s.Name)).SelectMany(s => Write(deployment, s));

    /// <inheritdoc/>
    public IEnumerable<Map> Patches(Deployment deployment, Region region) =>
        from service in deployment.Model.Services
        where !Others.Contains(service.Name) && RegionWorkloads.Runs(service.Name, region)
        let size = deployment.Topology.Workloads[service.Name]
        where ServiceAutoscaler.Owns(size)
        select OverlayPatch.Bounds(service.Name, ServiceAutoscaler.Least(size), ServiceAutoscaler.Most(size, deployment.Topology, region));

    private static IEnumerable<PublishedFile> Write(Deployment deployment, AppResource service)
    {
        var name = service.Name;
        foreach (var endpoint in service.Endpoints) Ports.Of(name, endpoint, deployment.Model);
        var size = deployment.Topology.Workloads[name];
        if (size.StorageGib <= 0) throw new PublishException($"topology.yaml: workloads.{name}.storage_gib: each pod keeps a view of the log, so it must be above 0.");
        var pod = new ServicePod(name, size)
        {
            Data = ("data", "/data"),
            HeapPercent = 60,
        };
        var scales = ServiceAutoscaler.Owns(size);
        Node? replicas = scales ? null : RegionWorkloads.MostPods(name, deployment.Topology, deployment.Topology.Primary);
        var workload = ServiceFolder.StatefulSet(name, replicas, pod.Template(deployment), Objects.Claim("data", "standard-ssd", size.StorageGib));
        var folder = ServiceFolder.Of(
            name, name, "Each pod applies the log to its own view; an empty claim is filled from the log.", deployment, workload, [ServiceFolder.Headless(name)], scales ? "10%" : 1);
        return (scales ? folder.Add("autoscaler.yaml", "Up to what the peak needs by the rate that one pod was measured to carry; each overlay has its own.", ServiceAutoscaler.Of(name, size, deployment.Topology, deployment.Topology.Primary)) : folder).Files();
    }
}
