using System.Text.Json;

namespace RecoAspire.Publishing.Checking;

/// <summary>A YAML file of the set.</summary>
/// <param name="Path">Relative to the root, with forward slashes.</param>
/// <param name="Documents">Its documents.</param>
internal sealed record SetFile(string Path, IReadOnlyList<YamlNode> Documents)
{
    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>Every file under the root; those that cannot be read are findings.</summary>
internal sealed class SetFiles
{
    private SetFiles(string root, IReadOnlyList<string> paths, IReadOnlyList<SetFile> yaml)
    {
        Root = root;
        Paths = paths;
        Yaml = yaml;
    }

    public string Root { get; }

    /// <summary>In order, relative to the root, with forward slashes.</summary>
    public IReadOnlyList<string> Paths { get; }

    public IReadOnlyList<SetFile> Yaml { get; }

    public static SetFiles Read(string root, List<Finding> findings)
    {
        var full = Path.GetFullPath(root);
        var paths = Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(full, path).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal).ToList();
        var yaml = new List<SetFile>();
        foreach (var path in paths)
        {
            try
            {
                var isYaml = path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);
                if (isYaml) yaml.Add(new SetFile(path, YamlDocuments.Read(File.ReadAllText(Path.Combine(full, path)))));
                if (path.EndsWith(".json", StringComparison.Ordinal)) JsonDocument.Parse(File.ReadAllText(Path.Combine(full, path))).Dispose();
            }
            catch (YamlFormatException e)
            {
                findings.Add(new Finding(path, e.Line, $"is not YAML: {e.Message}"));
            }
            catch (JsonException e)
            {
                findings.Add(new Finding(path, (int)(e.LineNumber ?? -1) + 1, $"is not JSON: {e.Message}"));
            }
        }

        return new SetFiles(full, paths, yaml);
    }
}
