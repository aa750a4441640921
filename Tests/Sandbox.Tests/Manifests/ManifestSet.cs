using System.Text.RegularExpressions;
using RecoAspire.Tests;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace RecoAspire.Sandbox.Tests.Manifests;

/// <summary>The manifests of the suite: <c>base/&lt;service&gt;/*.yaml</c> and what a region adds, as the AppHost publishes them.</summary>
internal sealed partial class ManifestSet(IReadOnlyList<KubernetesObject> objects)
{
    private static readonly string[] Workloads = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

    /// <summary>The services of the suite; engines have images of their own.</summary>
    public static readonly string[] Services = ["eventlog", "profile", "embedding", "vectorsearch", "graph", "gateway"];

    /// <summary>Where they are published.</summary>
    public static readonly string Folder = Path.Combine(RealData.ProjectRoot, "aspire-manifest", "k8s");

    /// <summary>The base, and of the regions' ConfigMaps those of the region that has the most services.</summary>
    public static ManifestSet Load(string folder)
    {
        var regions = Path.Combine(folder, "regions");
        var region = !Directory.Exists(regions) ? null : Directory.EnumerateFiles(regions, "kustomization.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(f => Parse(File.ReadAllText(f))).MaxBy(r => r.Sum(o => o.ConfigMapGenerator.Sum(m => m.Literals.Count)));
        return new ManifestSet(
        [
            .. Directory.EnumerateFiles(Path.Combine(folder, "base"), "*.yaml", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).SelectMany(f => Parse(File.ReadAllText(f))),
            .. region ?? [],
        ]);
    }

    /// <summary>The workloads and ConfigMaps among the documents of a file; what else may lie there has other shapes.</summary>
    /// <exception cref="YamlException">No YAML.</exception>
    public static List<KubernetesObject> Parse(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).IgnoreUnmatchedProperties().Build();
        return
        [
            .. Separator().Split(yaml)
                .Where(document => deserializer.Deserialize<ObjectHead?>(document) is { Kind: var kind } && (kind is "ConfigMap" or "Kustomization" || Workloads.Contains(kind)))
                .Select(deserializer.Deserialize<KubernetesObject>),
        ];
    }

    /// <summary>The plan of every workload whose name is asked for; all in one suite.</summary>
    public IReadOnlyList<SandboxPlan> Plan(SandboxValues values, params string[] services)
    {
        var configMaps = new Dictionary<string, Dictionary<string, string>>();
        foreach (var map in objects.Where(o => o.Kind == "ConfigMap")) configMaps[map.Metadata.Name] = map.Data;
        foreach (var map in objects.SelectMany(o => o.ConfigMapGenerator))
            configMaps[map.Name] = map.Literals.Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        var reader = new PodTemplateReader(configMaps, values);
        return [.. services.Select(service => reader.Read(Workload(service)))];
    }

    // A service that comes in several forms (embedding-cpu, embedding-gpu) is taken in the first, by the folder's name.
    private KubernetesObject Workload(string name) => objects.FirstOrDefault(o => Workloads.Contains(o.Kind) && o.Metadata.Name == name)
        ?? throw new InvalidDataException($"the manifests have no workload '{name}'");

    [GeneratedRegex(@"^---\s*$", RegexOptions.Multiline)]
    private static partial Regex Separator();

    private sealed class ObjectHead
    {
        public string Kind { get; set; } = "";
    }
}
