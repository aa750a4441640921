using System.Text.RegularExpressions;
using RecoAspire.Tests;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace RecoAspire.Sandbox.Tests.Manifests;

/// <summary>The manifests of the suite: <c>base/&lt;service&gt;/*.yaml</c>, as the AppHost publishes them.</summary>
internal sealed partial class ManifestSet(IReadOnlyList<KubernetesObject> objects)
{
    private static readonly string[] Workloads = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

    /// <summary>The services of the suite; engines have images of their own.</summary>
    public static readonly string[] Services = ["eventlog", "profile", "embedding", "vectorsearch", "graph", "gateway"];

    private static readonly string Published = Path.Combine(RealData.ProjectRoot, "aspire-manifest", "k8s", "base");

    // Stands in for the published manifests as long as there are none.
    private static readonly string Fallback = Path.Combine(AppContext.BaseDirectory, "Fixtures", "k8s", "base");

    public static string Folder => Directory.Exists(Published) ? Published : Fallback;

    public static ManifestSet Load(string folder) => new(
        [.. Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(f => Parse(File.ReadAllText(f)))]);

    /// <summary>The workloads and ConfigMaps among the documents of a file; what else may lie there has other shapes.</summary>
    /// <exception cref="YamlException">No YAML.</exception>
    public static List<KubernetesObject> Parse(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).IgnoreUnmatchedProperties().Build();
        return
        [
            .. Separator().Split(yaml)
                .Where(document => deserializer.Deserialize<ObjectHead?>(document) is { Kind: var kind } && (kind == "ConfigMap" || Workloads.Contains(kind)))
                .Select(deserializer.Deserialize<KubernetesObject>),
        ];
    }

    /// <summary>The plan of every workload whose name is asked for; all in one suite.</summary>
    public IReadOnlyList<SandboxPlan> Plan(SandboxValues values, params string[] services)
    {
        var configMaps = objects.Where(o => o.Kind == "ConfigMap").ToDictionary(o => o.Metadata.Name, o => o.Data);
        var reader = new PodTemplateReader(configMaps, values);
        return [.. services.Select(service => reader.Read(Workload(service)))];
    }

    public bool Has(string workload) => objects.Any(o => Workloads.Contains(o.Kind) && o.Metadata.Name == workload);

    private KubernetesObject Workload(string name) => objects.FirstOrDefault(o => Workloads.Contains(o.Kind) && o.Metadata.Name == name)
        ?? throw new InvalidDataException($"the manifests have no workload '{name}'");

    [GeneratedRegex(@"^---\s*$", RegexOptions.Multiline)]
    private static partial Regex Separator();

    private sealed class ObjectHead
    {
        public string Kind { get; set; } = "";
    }
}
