namespace RecoAspire.Publishing.Checking;

/// <summary>From a place in a rendered object back to the file and line that it came from.</summary>
internal sealed class SourceMap
{
    private readonly Dictionary<(string Kind, string Name), List<Source>> sources = [];

    public SourceMap(SetFiles files)
    {
        foreach (var file in files.Yaml.Where(file => file.Name != "kustomization.yaml"))
            foreach (var document in file.Documents.Where(document => document["kind"].Exists))
            {
                var key = (document["kind"].Text, document["metadata"]["name"].Text);
                if (!sources.TryGetValue(key, out var list)) sources[key] = list = [];
                list.Add(new Source(file.Path, document));
            }
    }

    /// <param name="found">In a rendered object.</param>
    /// <param name="overlay">The folder that was rendered: named where no file has the object, as with a generated ConfigMap.</param>
    /// <param name="region">Its files come first; empty for none.</param>
    public Finding Locate(ObjectFinding found, string overlay, string region)
    {
        var path = found.Node.Path;
        var message = path.Length == 0 ? $"{found.Object}: {found.Message}" : $"{found.Object}: {path}: {found.Message}";
        var candidates = sources.GetValueOrDefault((found.Object.Kind, found.Object.Name), [])
            .Where(source => source.Namespace.Length == 0 || source.Namespace == found.Object.Namespace)
            .OrderByDescending(source => region.Length > 0 && source.File.Contains($"/regions/{region}/", StringComparison.Ordinal))
            .Where(source => region.Length == 0 || !source.File.Contains("/regions/", StringComparison.Ordinal) || source.File.Contains($"/regions/{region}/", StringComparison.Ordinal))
            .ToList();
        for (; ; path = Parent(path))
        {
            foreach (var candidate in candidates)
                if (candidate.LineOf(path) is { } line) return new Finding(candidate.File, line, message);
            if (path.Length == 0) return new Finding($"{overlay}/kustomization.yaml", 0, message);
        }
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];

    private sealed class Source(string file, YamlNode document)
    {
        private readonly Lazy<Dictionary<string, int>> lines = new(() => document.All().DistinctBy(node => node.Path).ToDictionary(node => node.Path, node => node.Line));

        public string File => file;

        public string Namespace { get; } = document["metadata"]["namespace"].Text;

        public int? LineOf(string path) => lines.Value.TryGetValue(path, out var line) ? line : null;
    }
}
