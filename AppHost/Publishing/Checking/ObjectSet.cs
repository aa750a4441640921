namespace RecoAspire.Publishing.Checking;

/// <summary>All objects of one region, with what the rules look up.</summary>
internal sealed class ObjectSet
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), KubernetesObject> byName = [];
    private readonly ILookup<string, KubernetesObject> byKind;

    public ObjectSet(IReadOnlyList<KubernetesObject> objects)
    {
        Objects = objects;
        byKind = objects.ToLookup(o => o.Kind);
        foreach (var o in objects) byName.TryAdd((o.Kind, o.IsClusterScoped ? "" : o.Namespace, o.Name), o);
        Workloads = [.. objects.Select(Workload.From).OfType<Workload>()];
    }

    public IReadOnlyList<KubernetesObject> Objects { get; }

    public IReadOnlyList<Workload> Workloads { get; }

    public IEnumerable<KubernetesObject> OfKind(string kind) => byKind[kind];

    public KubernetesObject? Find(string kind, string ns, string name) => byName.GetValueOrDefault((kind, ns, name));

    /// <summary>Something without a namespace.</summary>
    public KubernetesObject? FindCluster(string kind, string name) => Find(kind, "", name);

    public Workload? FindWorkload(string kind, string ns, string name) =>
        Workloads.FirstOrDefault(w => w.Object.Kind == kind && w.Namespace == ns && w.Name == name);

    /// <summary>The workloads with a pod that a Service selects; none for a Service without selector.</summary>
    public IEnumerable<Workload> SelectedBy(KubernetesObject service)
    {
        var selector = service.Spec["selector"];
        return selector.Fields.Count == 0 ? [] : Workloads.Where(w => w.Namespace == service.Namespace && w.Pods.Any(pod => LabelSelector.MatchesMap(selector, pod)));
    }
}
