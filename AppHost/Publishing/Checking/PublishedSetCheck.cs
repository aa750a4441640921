using RecoAspire.Publishing.Checking.Rules;

namespace RecoAspire.Publishing.Checking;

/// <summary>
/// Checks a published set on disk: every file reads, every overlay renders, every object fits its schema, and everything that an object of
/// a region names is there.
/// </summary>
public sealed class PublishedSetCheck
{
    private readonly CheckOptions options;
    private readonly List<Finding> findings = [];
    private readonly List<string> notes = [];
    private readonly List<RegionTraffic> traffic = [];
    private readonly IReadOnlyList<SchemaValidator> validators = [];
    private readonly References references;
    private readonly SetFiles files;
    private readonly Kustomizations kustomizations;
    private readonly SourceMap sources;
    private int objects;

    private PublishedSetCheck(string root, CheckOptions options)
    {
        this.options = options;
        references = new References(options);
        if (options.SchemasFolder is null) notes.Add("schemas not checked: no folder with them was given");
        else validators = [.. SchemaSet.Load(options.SchemasFolder, options.KubernetesVersions).Select(set => new SchemaValidator(set))];
        files = SetFiles.Read(root, findings);
        kustomizations = new Kustomizations(files);
        sources = new SourceMap(files);
    }

    /// <summary>Checks the set.</summary>
    /// <param name="root">The folder that holds <c>k8s</c>, <c>monitoring</c>, <c>scaling</c>, <c>backup</c>….</param>
    /// <param name="options">What it is checked against.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">A schema file is missing or not one.</exception>
    public static CheckResult Run(string root, CheckOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"there is no folder '{root}'");
        return new PublishedSetCheck(root, options).Run();
    }

    private CheckResult Run()
    {
        findings.AddRange(kustomizations.Check());
        foreach (var file in kustomizations.All)
            foreach (var error in validators.Take(1).SelectMany(validator => validator.Validate(file.Documents[0])))
                findings.Add(new Finding(file.Path, error.Node.Line, $"{error.Node.Path}: {error.Message}"));
        if (kustomizations.Regions.Count == 0) findings.Add(new Finding(".", 0, "there is no region: no folder PART/regions/REGION with a kustomization.yaml"));
        try
        {
            RenderAll(Kustomize.Find([.. options.ToolFolders, .. Kustomize.SearchPath()], options.ToolTimeout));
        }
        catch (KustomizeException e)
        {
            findings.Add(new Finding(".", 0, e.Message));
        }

        var ordered = findings.Distinct().OrderBy(finding => finding.Path, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Message, StringComparer.Ordinal);
        return new CheckResult([.. ordered], notes, objects, traffic);
    }

    private void RenderAll(Kustomize kustomize)
    {
        List<KubernetesObject> first = [];
        foreach (var region in kustomizations.Regions)
        {
            var overlays = kustomizations.Parts.Select(part => $"{part}/regions/{region}").Where(kustomizations.Has).ToList();
            var rendered = overlays.Select(overlay => (Overlay: overlay, Objects: Render(kustomize, overlay))).ToList();
            // Of half a region every other rule would say that something is missing.
            if (rendered.Any(item => item.Objects is null)) continue;
            var overlayOf = rendered.SelectMany(item => item.Objects!.Select(o => (item.Overlay, Object: o))).ToDictionary(item => item.Object, item => item.Overlay);
            var set = new ObjectSet([.. overlayOf.Keys]);
            CheckSchemas(overlayOf, region);
            foreach (var found in references.Check(set)) findings.Add(sources.Locate(found, overlayOf[found.Object], region));
            var policies = new NetworkPolicies(set);
            traffic.Add(new RegionTraffic(region,
                [.. policies.AllowedEdges().OrderBy(edge => edge.ToString(), StringComparer.Ordinal)],
                [.. policies.ExternalEdges().OrderBy(edge => edge.ToString(), StringComparer.Ordinal)]));
            if (first.Count == 0) first = [.. set.Objects];
        }

        foreach (var folder in kustomizations.FreeStanding) CheckAlone(folder, Render(kustomize, folder) ?? [], first);
        foreach (var loose in kustomizations.Loose) CheckAlone(loose.Key, [.. loose.SelectMany(file => file.Documents).Select(document => new KubernetesObject(document))], first);
    }

    // Null where it cannot be rendered, which is a finding.
    private List<KubernetesObject>? Render(Kustomize kustomize, string overlay)
    {
        try
        {
            var rendered = kustomize.Render(Path.Combine(files.Root, overlay)).Select(document => new KubernetesObject(document)).ToList();
            objects += rendered.Count;
            return rendered;
        }
        catch (KustomizeException e)
        {
            findings.Add(new Finding($"{overlay}/kustomization.yaml", 0, $"cannot be rendered: {e.Message}"));
            return null;
        }
    }

    // What belongs to no region may name what every region has: it is checked beside the first one.
    private void CheckAlone(string folder, IReadOnlyList<KubernetesObject> own, List<KubernetesObject> region)
    {
        var overlayOf = own.ToDictionary(o => o, _ => folder);
        CheckSchemas(overlayOf, "");
        // A base that no region takes in is another's variant, or the list of all: beside a region it would only repeat it.
        if (folder.Split('/').Contains("base")) return;
        var found = references.Check(new ObjectSet([.. region, .. own]));
        findings.AddRange(found.Where(finding => overlayOf.ContainsKey(finding.Object)).Select(finding => sources.Locate(finding, folder, "")));
    }

    private void CheckSchemas(Dictionary<KubernetesObject, string> overlayOf, string region)
    {
        foreach (var (o, overlay) in overlayOf)
            foreach (var error in validators.SelectMany(validator => validator.Validate(o.Root)))
                findings.Add(sources.Locate(new ObjectFinding(o, error.Node, error.Message), overlay, region));
    }
}
