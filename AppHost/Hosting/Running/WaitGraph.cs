namespace RecoAspire.Hosting.Running;

/// <summary>Who waits for whom. A circle would wait for ever, so it is refused.</summary>
internal static class WaitGraph
{
    /// <exception cref="DistributedApplicationException">Resources wait for each other in a circle; the message names it.</exception>
    public static void DemandNoCycle(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>(ReferenceEqualityComparer.Instance);
        foreach (var resource in resources) Visit(resource, [], done);
    }

    private static void Visit(IResource resource, List<IResource> path, HashSet<IResource> done)
    {
        if (done.Contains(resource)) return;
        var at = path.IndexOf(resource);
        if (at >= 0)
        {
            var circle = string.Join(" -> ", path.Skip(at).Append(resource).Select(r => r.Name));
            throw new DistributedApplicationException($"Resources wait for each other in a circle: {circle}. Remove one WaitFor.");
        }

        path.Add(resource);
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>()) Visit(wait.Resource, path, done);
        path.RemoveAt(path.Count - 1);
        done.Add(resource);
    }
}
