using System.Globalization;
using RecoAspire.Publishing;
using RecoAspire.Tests;
using RecoAspire.Topology;
using YamlDotNet.RepresentationModel;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

/// <summary>The published set of a topology, and its documents by path.</summary>
internal sealed class Published
{
    private readonly Dictionary<string, string> _files;

    public Published(DeploymentTopology? topology = null, string? manifest = null) =>
        _files = Publisher.Write(topology ?? Topology, AppModel.Parse(manifest ?? Manifest)).ToDictionary(f => f.Path, f => f.Text);

    public static DeploymentTopology Topology { get; } = TopologyFile.Read(Path.Combine(RealData.ProjectRoot, "AppHost", "Topology", "topology.yaml"));

    public static string Manifest { get; } = File.ReadAllText(Path.Combine(RealData.ProjectRoot, "aspire-manifest", "aspire-manifest.json"));

    public IEnumerable<string> Paths => _files.Keys;

    public string Text(string path) => _files[path];

    /// <summary>Every object of a file.</summary>
    public IEnumerable<YamlMappingNode> Objects(string path) => Read(_files[path]);

    /// <summary>The one object of a kind in a file.</summary>
    public YamlMappingNode Object(string path, string kind) => Objects(path).Single(o => o.Text("kind") == kind);

    /// <summary>Every Deployment and StatefulSet of our services, by the folder it stands in.</summary>
    public IEnumerable<(string Folder, YamlMappingNode Object)> Workloads() =>
        from path in _files.Keys
        where path.StartsWith("k8s/base/", StringComparison.Ordinal) && path.EndsWith("/workload.yaml", StringComparison.Ordinal)
        from o in Objects(path)
        where o.Text("kind") is "Deployment" or "StatefulSet"
        select (path.Split('/')[2], o);

    /// <summary>A region's overlay.</summary>
    public YamlMappingNode Overlay(string region) => Objects($"k8s/regions/{region}/kustomization.yaml").Single();

    /// <summary>The bounds that a region's overlay gives an autoscaler.</summary>
    public (int Least, int Most) Bounds(string region, string autoscaler)
    {
        var patch = Overlay(region).Items("patches").Single(p => p.Text("target/kind") == "HorizontalPodAutoscaler" && p.Text("target/name") == autoscaler);
        var operations = ((YamlSequenceNode)Document(patch.Text("patch"))).Cast<YamlMappingNode>().ToDictionary(o => o.Text("path"), o => o.Number("value"));
        return (operations["/spec/minReplicas"], operations["/spec/maxReplicas"]);
    }

    /// <summary>Writes the whole set into a folder.</summary>
    public void Save(string folder)
    {
        foreach (var (path, text) in _files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
    }

    public static IEnumerable<YamlMappingNode> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(d => (YamlMappingNode)d.RootNode);
    }

    private static YamlNode Document(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Single().RootNode;
    }
}

/// <summary>Short ways into YAML: keys separated by slashes; a key that holds a slash comes last.</summary>
internal static class YamlPaths
{
    public static YamlNode? At(this YamlNode node, string path)
    {
        if (node is not YamlMappingNode map) return null;
        if (map.Children.TryGetValue(path, out var whole)) return whole;
        var slash = path.IndexOf('/');
        return slash > 0 && map.Children.TryGetValue(path[..slash], out var inner) ? At(inner, path[(slash + 1)..]) : null;
    }

    public static string Text(this YamlNode node, string path) =>
        (node.At(path) as YamlScalarNode)?.Value ?? throw new KeyNotFoundException($"There is no '{path}' in {node}.");

    public static int Number(this YamlNode node, string path) => int.Parse(node.Text(path), CultureInfo.InvariantCulture);

    public static IEnumerable<YamlNode> Items(this YamlNode node, string path) => (node.At(path) as YamlSequenceNode)?.Children ?? Enumerable.Empty<YamlNode>();

    public static YamlNode Pod(this YamlNode workload) => workload.At("spec/template/spec")!;

    public static YamlNode Container(this YamlNode workload) => workload.Pod().Items("containers").Single();

    public static Dictionary<string, YamlNode> Environment(this YamlNode workload) => workload.Container().Items("env").ToDictionary(e => e.Text("name"));
}
