using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RecoAspire.AppHost.Tests;

/// <summary>The placeholders of a manifest, <c>{resource.path}</c>, and whether each one leads somewhere.</summary>
internal static partial class ManifestPlaceholders
{
    private static readonly string[] BindingProperties = ["url", "host", "port", "targetPort", "scheme", "tlsEnabled"];

    /// <summary>Every string of a manifest's resources.</summary>
    public static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(f => Strings(f.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    public static IEnumerable<string> In(string text) => Pattern().Matches(text).Select(m => m.Groups[1].Value);

    /// <summary>What is left of a text without its placeholders.</summary>
    public static string Without(string text) => Pattern().Replace(text, "");

    /// <summary>Placeholders that lead nowhere.</summary>
    public static IReadOnlyList<string> Dangling(JsonNode manifest)
    {
        var resources = manifest["resources"]!.AsObject();
        return [.. Strings(resources).SelectMany(In).Distinct().Where(p => !Resolves(resources, p))];
    }

    private static bool Resolves(JsonObject resources, string placeholder)
    {
        var parts = placeholder.Split('.');
        if (resources[parts[0]] is not JsonObject resource) return false;
        return parts[1..] switch
        {
            ["value"] => resource["value"] is not null,
            ["connectionString"] => resource["connectionString"] is not null,
            ["inputs", var input] => resource["inputs"]?[input] is not null,
            ["bindings", var binding, var property] => resource["bindings"]?[binding] is not null && BindingProperties.Contains(property),
            _ => false,
        };
    }

    [GeneratedRegex(@"\{([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\}")]
    private static partial Regex Pattern();
}
