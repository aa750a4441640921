namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// <c>k8s/base/profile</c>, <c>vectorsearch</c>, <c>graph</c>, and every project that the app model gets: services whose pods each keep
/// a view of the log on a claim of their own.
/// </summary>
internal sealed class ViewServices : IPublishedPart
{
    // These are made by parts of their own.
    private static readonly string[] Others = ["gateway", "eventlog", "embedding", "agentdb", "ops"];

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) =>
        deployment.Model.Services.Where(s => !Others.Contains(s.Name)).SelectMany(s => Write(deployment, s));

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
        var replicas = RegionWorkloads.MostPods(name, deployment.Topology, deployment.Topology.Primary);
        var workload = ServiceFolder.StatefulSet(name, replicas, pod.Template(deployment), Objects.Claim("data", "standard-ssd", size.StorageGib));
        return ServiceFolder.Of(
            name, name, "Each pod applies the log to its own view; an empty claim is filled from the log.", deployment, workload, [ServiceFolder.Headless(name)], 1).Files();
    }
}
