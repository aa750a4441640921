using System.Text.Json;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing;

/// <summary>One call that the app model allows: a resource is given the address of another one's endpoint.</summary>
/// <param name="From">The caller.</param>
/// <param name="To">The called resource.</param>
/// <param name="Endpoint">The called endpoint's name, such as <c>grpc</c>.</param>
public sealed record AppReference(string From, string To, string Endpoint);

/// <summary>A resource of the manifest that runs.</summary>
/// <param name="Name">Its name: also that of its objects in Kubernetes.</param>
/// <param name="IsProject">One of our services; else a container that others publish.</param>
/// <param name="Endpoints">Its endpoints' names.</param>
/// <param name="EnvironmentNames">Names of the environment variables that the app model gives it.</param>
public sealed record AppResource(string Name, bool IsProject, IReadOnlyList<string> Endpoints, IReadOnlyList<string> EnvironmentNames);

/// <summary>What <c>aspire-manifest.json</c> says about who runs and who calls whom.</summary>
public sealed partial class AppModel
{
    private AppModel(IReadOnlyList<AppResource> resources, IReadOnlyList<AppReference> references)
    {
        Resources = resources;
        References = references;
    }

    /// <summary>Projects and containers, in the manifest's order.</summary>
    public IReadOnlyList<AppResource> Resources { get; }

    /// <summary>Every call that the model allows, each once, in the manifest's order.</summary>
    public IReadOnlyList<AppReference> References { get; }

    /// <summary>Our own services.</summary>
    public IEnumerable<AppResource> Services => Resources.Where(r => r.IsProject);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">It is no manifest.</exception>
    public static AppModel Parse(string manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        if (!document.RootElement.TryGetProperty("resources", out var all) || all.ValueKind != JsonValueKind.Object) throw new JsonException("A manifest has 'resources'.");
        var byName = all.EnumerateObject().ToDictionary(r => r.Name, r => r.Value);
        var resources = new List<AppResource>();
        var references = new List<AppReference>();
        foreach (var (name, resource) in byName)
        {
            var type = resource.GetProperty("type").GetString()!;
            if (!type.StartsWith("project.", StringComparison.Ordinal) && !type.StartsWith("container.", StringComparison.Ordinal)) continue;
            var environment = Strings(resource, "env");
            resources.Add(new AppResource(name, type.StartsWith("project.", StringComparison.Ordinal), [.. Names(resource, "bindings")], [.. environment.Select(e => e.Name)]));
            foreach (var value in environment.SelectMany(e => Bindings(e.Value, byName, depth: 0)))
            {
                var reference = new AppReference(name, value.Resource, value.Endpoint);
                if (value.Resource != name && !references.Contains(reference)) references.Add(reference);
            }
        }

        return new AppModel(resources, references);
    }

    // {x.bindings.grpc.url} names an endpoint; {x.connectionString} stands for an expression that may.
    private static IEnumerable<(string Resource, string Endpoint)> Bindings(string value, Dictionary<string, JsonElement> all, int depth)
    {
        if (depth > 8) yield break;
        foreach (Match match in Expression().Matches(value))
        {
            if (match.Groups["endpoint"].Success) yield return (match.Groups["resource"].Value, match.Groups["endpoint"].Value);
            else if (all.TryGetValue(match.Groups["resource"].Value, out var other) && other.TryGetProperty("connectionString", out var connection))
            {
                foreach (var inner in Bindings(connection.GetString()!, all, depth + 1)) yield return inner;
            }
        }
    }

    private static List<(string Name, string Value)> Strings(JsonElement resource, string property) =>
        resource.TryGetProperty(property, out var map) ? [.. map.EnumerateObject().Select(p => (p.Name, p.Value.GetString() ?? ""))] : [];

    private static IEnumerable<string> Names(JsonElement resource, string property) =>
        resource.TryGetProperty(property, out var map) ? map.EnumerateObject().Select(p => p.Name) : [];

    [GeneratedRegex(@"\{(?<resource>[A-Za-z0-9-]+)\.(?:bindings\.(?<endpoint>[A-Za-z0-9-]+)\.(?:url|host|port|targetPort)|connectionString)\}")]
    private static partial Regex Expression();
}
