using System.IO.Compression;
using System.Text.Json;

namespace RecoAspire.Publishing.Checking;

/// <summary>The schemas of one Kubernetes version together with those of custom resources.</summary>
internal sealed class SchemaSet
{
    private const string ObjectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private readonly JsonElement definitions;
    private readonly Dictionary<string, JsonElement> customResources;
    private readonly Dictionary<(string Group, string Version, string Kind), string> builtIn = [];
    private readonly Dictionary<string, Schema> read = [];

    private SchemaSet(string version, JsonElement definitions, Dictionary<string, JsonElement> customResources)
    {
        Version = version;
        this.definitions = definitions;
        this.customResources = customResources;
        foreach (var definition in definitions.EnumerateObject())
        {
            if (!definition.Value.TryGetProperty("x-kubernetes-group-version-kind", out var kinds)) continue;
            foreach (var kind in kinds.EnumerateArray())
                builtIn.TryAdd((Text(kind, "group"), Text(kind, "version"), Text(kind, "kind")), definition.Name);
        }

        Metadata = Definition(ObjectMeta);
    }

    /// <summary>"1.32".</summary>
    public string Version { get; }

    /// <summary>Of every object's <c>metadata</c>, which custom resources leave open.</summary>
    public Schema Metadata { get; }

    /// <summary>Reads <c>k8s-VERSION.json.gz</c> and <c>crds.json.gz</c>.</summary>
    /// <exception cref="IOException">A file is missing or not what its name says.</exception>
    public static IReadOnlyList<SchemaSet> Load(string folder, IEnumerable<string> versions)
    {
        // The file has its kinds in lower case.
        var customResources = ReadGzip(Path.Combine(folder, "crds.json.gz")).EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase);
        return [.. versions.Select(version => new SchemaSet(version, ReadGzip(Path.Combine(folder, $"k8s-{version}.json.gz")), customResources))];
    }

    /// <summary>The schema of a kind; null where neither Kubernetes nor a known operator has it.</summary>
    public Schema? Find(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/');
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        if (builtIn.TryGetValue((group, version, kind), out var name)) return Definition(name);
        var key = $"{group}/{version}/{kind}";
        if (read.TryGetValue(key, out var known)) return known;
        return customResources.TryGetValue(key, out var json) ? read[key] = CustomResource(key, json) : null;
    }

    private Schema CustomResource(string key, JsonElement json)
    {
        return new Schema(json, Local);

        Schema Local(string reference)
        {
            var name = reference[(reference.LastIndexOf('/') + 1)..];
            var local = $"{key}#{name}";
            return read.TryGetValue(local, out var schema) ? schema : read[local] = new Schema(json.GetProperty("definitions").GetProperty(name), Local);
        }
    }

    private Schema Definition(string reference)
    {
        var name = reference[(reference.LastIndexOf('/') + 1)..];
        return read.TryGetValue(name, out var schema) ? schema : read[name] = new Schema(definitions.GetProperty(name), Definition);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static JsonElement ReadGzip(string path)
    {
        try
        {
            using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var document = JsonDocument.Parse(file);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new IOException($"'{path}' is not gzip'd JSON: {e.Message}", e);
        }
    }
}
