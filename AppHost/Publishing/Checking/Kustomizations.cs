namespace RecoAspire.Publishing.Checking;

/// <summary>The kustomization.yaml files of a set: what they take in, and which files nobody takes in.</summary>
internal sealed class Kustomizations
{
    private static readonly string[] Lists = ["resources", "components", "transformers", "generators", "validators", "crds", "configurations"];
    // Read by people and by tools of their own, never by kustomize.
    private static readonly string[] NotDeployed = ["tests", "runbooks", "dns", "cdn"];
    private readonly SetFiles files;
    private readonly HashSet<string> taken = [];

    public Kustomizations(SetFiles files)
    {
        this.files = files;
        All = [.. files.Yaml.Where(file => file.Name == "kustomization.yaml" && file.Documents.Count > 0)];
        foreach (var file in All)
            foreach (var path in PathsIn(file.Documents[0])) taken.Add(Resolve(file.Folder, path));
    }

    public IReadOnlyList<SetFile> All { get; }

    /// <summary>Folders that are rendered once for each region: <c>k8s</c>, <c>monitoring</c>….</summary>
    public IReadOnlyList<string> Parts => [.. Regional().Select(folder => folder[..folder.IndexOf('/')]).Distinct()];

    public IReadOnlyList<string> Regions => [.. Regional().Select(folder => folder.Split('/')[2]).Distinct().Order(StringComparer.Ordinal)];

    public bool Has(string folder) => All.Any(file => file.Folder == folder);

    /// <summary>Overlays that belong to no region and that no other one takes in.</summary>
    public IReadOnlyList<string> FreeStanding => [.. All.Select(file => file.Folder).Except(Regional()).Where(folder => !taken.Contains(folder))];

    /// <summary>Files with objects in folders that have no kustomization, by folder.</summary>
    public IEnumerable<IGrouping<string, SetFile>> Loose => files.Yaml
        .Where(file => !IsUnderOverlay(file.Path) && !taken.Contains(file.Path) && file.Documents.Any(document => document["apiVersion"].Exists && document["kind"].Exists))
        .GroupBy(file => file.Folder);

    public IEnumerable<Finding> Check()
    {
        foreach (var path in files.Paths.Where(path => IsUnderOverlay(path) && !taken.Contains(path) && !path.EndsWith("/kustomization.yaml", StringComparison.Ordinal)))
            if (!path.EndsWith(".md", StringComparison.Ordinal) && !path.EndsWith(".tf", StringComparison.Ordinal) && !path.Split('/').SkipLast(1).Any(NotDeployed.Contains)) yield return new Finding(path, 0, "no kustomization takes it in: it is never deployed");
        foreach (var file in All.Where(file => file.Documents[0]["secretGenerator"].Items.Count > 0))
            yield return new Finding(file.Path, file.Documents[0]["secretGenerator"].Line, "secretGenerator: it writes secret values");
        foreach (var part in Parts)
            foreach (var region in Regions.Where(region => !Has($"{part}/regions/{region}")))
                yield return new Finding($"{part}/regions", 0, $"there is no {region}, which another part has");
    }

    private IEnumerable<string> Regional() => All.Select(file => file.Folder).Where(folder => folder.Split('/') is [_, "regions", _]);

    private bool IsUnderOverlay(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            if (Has(path[..slash])) return true;
        return false;
    }

    private static IEnumerable<string> PathsIn(YamlNode kustomization)
    {
        var generated = kustomization["configMapGenerator"].Items.Concat(kustomization["secretGenerator"].Items).ToList();
        return Lists.SelectMany(list => kustomization[list].Items).Select(item => item.Text)
            .Concat(kustomization["patches"].Items.Concat(kustomization["replacements"].Items).Append(kustomization["openapi"]).Select(item => item["path"].Text))
            .Concat(generated.SelectMany(generator => generator["files"].Items).Select(item => item.Text[(item.Text.IndexOf('=') + 1)..]))
            .Concat(generated.SelectMany(generator => generator["envs"].Items.Append(generator["env"])).Select(item => item.Text))
            .Where(path => path.Length > 0 && !path.Contains('\n'));
    }

    private static string Resolve(string folder, string path)
    {
        var parts = new List<string>();
        foreach (var part in $"{folder}/{path}".Split('/'))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "." or "..")) parts.Add(part);
        }

        return string.Join('/', parts);
    }
}
