namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/base/kustomization.yaml</c>: everything that the primary region has, to be read or rendered in one piece.</summary>
internal sealed class BaseIndex : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var index = new KustomizeFolder("k8s/base", "What the primary region has, without what only an overlay knows: addresses, secret store, storage classes, public name.");
        foreach (var folder in RegionWorkloads.Folders(deployment, deployment.Topology.Primary)) index.Include(folder);
        return index.Files();
    }
}
