using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using RecoAspire.Publishing;
using RecoAspire.Publishing.Kubernetes.Engines;
using RecoAspire.Topology;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>The stores' part of the published set, made once from the project's own topology and manifest.</summary>
internal static class EngineSet
{
    private static readonly Lazy<DeploymentTopology> LazyTopology = new(() => TopologyFile.Read(Path.Combine(AppHostDirectory, "Topology", "topology.yaml")));
    private static readonly Lazy<AppModel> LazyModel = new(() => AppModel.Parse(File.ReadAllText(Path.Combine(AppHostDirectory, "..", "aspire-manifest", "aspire-manifest.json"))));

    public static DeploymentTopology Topology => LazyTopology.Value;

    public static Deployment Deployment => Publisher.Describe(Topology, LazyModel.Value);

    public static IReadOnlyList<PublishedFile> Files => Write(Topology);

    /// <summary>Every object of every folder, with its folder's name.</summary>
    public static IEnumerable<(string Folder, JsonObject Object)> Objects => Files
        .Where(f => f.Path.EndsWith(".yaml", StringComparison.Ordinal) && !f.Path.EndsWith("/kustomization.yaml", StringComparison.Ordinal) && !f.Path.EndsWith("/log4j2.yaml", StringComparison.Ordinal))
        .SelectMany(f => Documents(f.Text).Select(d => (f.Path.Split('/')[2], d)));

    /// <summary>Objects of a kind.</summary>
    public static IEnumerable<(string Folder, JsonObject Object)> Of(params string[] kinds) =>
        Objects.Where(o => kinds.Contains((string?)o.Object["kind"]));

    /// <summary>Every pod template, with the object that makes pods of it.</summary>
    public static IEnumerable<(string Folder, JsonObject Owner, JsonObject Template)> Templates =>
        Of("StatefulSet", "Deployment", "Job").Select(o => (o.Folder, o.Object, o.Object["spec"]!["template"]!.AsObject()));

    /// <summary>A template's containers, those that run first among them.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject template) =>
        ((JsonArray?)template["spec"]!["initContainers"] ?? []).Concat(template["spec"]!["containers"]!.AsArray()).Select(c => c!.AsObject());

    public static IReadOnlyList<PublishedFile> Write(DeploymentTopology topology)
    {
        var deployment = Publisher.Describe(topology, LazyModel.Value);
        return [.. EngineParts.All.SelectMany(p => p.Write(deployment))];
    }

    public static string NameOf(JsonObject @object) => (string)@object["metadata"]!["name"]!;

    public static string Script(string path) => Path.Combine(AppHostDirectory, "Publishing", "Kubernetes", "Engines", path);

    private static string AppHostDirectory => typeof(Publisher).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase)).Value!;

    private static IEnumerable<JsonObject> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(d => Read(d.RootNode)!.AsObject());
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Read(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => truth.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } number when int.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        YamlScalarNode text => text.Value,
        _ => null,
    };
}
