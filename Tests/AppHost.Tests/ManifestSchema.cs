using System.Text.Json.Nodes;
using NJsonSchema;
using RecoAspire.Tests;

namespace RecoAspire.AppHost.Tests;

/// <summary>The official schema of deployment manifests.</summary>
internal static class ManifestSchema
{
    /// <summary>Fails with what the schema does not allow. Skips the test where there is no schema.</summary>
    public static async Task DemandAsync(string manifest) => Assert.Empty(await ErrorsAsync(manifest));

    public static async Task<IReadOnlyList<string>> ErrorsAsync(string manifest)
    {
        var path = RealData.Require("deploy-schemas/aspire-8.0.json");
        var schema = await JsonSchema.FromJsonAsync(ToDraft4(JsonNode.Parse(await File.ReadAllTextAsync(path))!)!.ToJsonString());
        return [.. schema.Validate(manifest).Select(e => e.ToString())];
    }

    // The validator knows draft 4; the schema says two things in words of draft 7 that draft 4 has others for. Left as they are they
    // would be ignored: every kind of resource would then fit every alternative.
    private static JsonNode? ToDraft4(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject schema:
                var converted = new JsonObject();
                foreach (var (name, value) in schema)
                {
                    if (name == "const") converted["enum"] = new JsonArray(value!.DeepClone());
                    else if (name == "properties") converted[name] = Properties(value!.AsObject());
                    else converted[name] = ToDraft4(value);
                }

                return converted;
            case JsonArray items:
                return new JsonArray([.. items.Select(ToDraft4)]);
            default:
                return node?.DeepClone();
        }
    }

    // The name of a property is never a keyword, and `false` instead of its schema forbids it.
    private static JsonObject Properties(JsonObject properties)
    {
        var converted = new JsonObject();
        foreach (var (name, value) in properties)
            converted[name] = value is JsonValue flag && !flag.GetValue<bool>() ? new JsonObject { ["not"] = new JsonObject() } : ToDraft4(value);
        return converted;
    }
}
