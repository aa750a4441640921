using System.Text.Json;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking;

/// <summary>One JSON schema as Kubernetes' definitions and its CRDs use them; read from the JSON once, its <c>$ref</c> followed when it is needed.</summary>
internal sealed class Schema
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);
    private readonly Func<string, Schema> resolve;
    private Schema? target;

    /// <param name="json">The schema.</param>
    /// <param name="resolve">From the text of a <c>$ref</c> to what it means in the same file.</param>
    public Schema(JsonElement json, Func<string, Schema> resolve)
    {
        this.resolve = resolve;
        if (json.ValueKind != JsonValueKind.Object) return;
        Reference = TextOf(json, "$ref");
        Types = json.TryGetProperty("type", out var type) ? TextsOf(type) : [];
        Format = TextOf(json, "format");
        Required = json.TryGetProperty("required", out var required) ? TextsOf(required) : [];
        Properties = MapOf(json, "properties");
        PatternProperties = json.TryGetProperty("patternProperties", out var patterns)
            ? [.. patterns.EnumerateObject().Select(p => (PatternOf(p.Name), new Schema(p.Value, resolve)))] : [];
        if (json.TryGetProperty("additionalProperties", out var additional))
        {
            ForbidsOthers = additional.ValueKind == JsonValueKind.False;
            if (additional.ValueKind == JsonValueKind.Object) Others = new Schema(additional, resolve);
        }

        Items = json.TryGetProperty("items", out var items) ? new Schema(items, resolve) : null;
        Enum = json.TryGetProperty("enum", out var values) ? [.. values.EnumerateArray().Select(v => v.ToString())] : null;
        AllOf = ListOf(json, "allOf");
        AnyOf = ListOf(json, "anyOf");
        OneOf = ListOf(json, "oneOf");
        Not = json.TryGetProperty("not", out var not) ? new Schema(not, resolve) : null;
        Pattern = TextOf(json, "pattern") is { } pattern ? PatternOf(pattern) : null;
        Minimum = NumberOf(json, "minimum");
        Maximum = NumberOf(json, "maximum");
        MinLength = NumberOf(json, "minLength");
        MaxLength = NumberOf(json, "maxLength");
        MinItems = NumberOf(json, "minItems");
        MaxItems = NumberOf(json, "maxItems");
        MinProperties = NumberOf(json, "minProperties");
        MaxProperties = NumberOf(json, "maxProperties");
        Nullable = IsTrue(json, "nullable");
        PreservesUnknown = IsTrue(json, "x-kubernetes-preserve-unknown-fields");
        IsIntOrString = IsTrue(json, "x-kubernetes-int-or-string");
        Deprecated = json.TryGetProperty("x-deprecated-properties", out var deprecated) ? TextsOf(deprecated) : [];
        MapKeys = json.TryGetProperty("x-kubernetes-list-map-keys", out var keys) ? TextsOf(keys) : [];
    }

    public string? Reference { get; }

    public IReadOnlyList<string> Types { get; } = [];

    public string? Format { get; }

    public IReadOnlyList<string> Required { get; } = [];

    public IReadOnlyDictionary<string, Schema> Properties { get; } = new Dictionary<string, Schema>();

    public IReadOnlyList<(Regex Name, Schema Schema)> PatternProperties { get; } = [];

    public bool ForbidsOthers { get; }

    public Schema? Others { get; }

    public Schema? Items { get; }

    public IReadOnlyList<string>? Enum { get; }

    public IReadOnlyList<Schema> AllOf { get; } = [];

    public IReadOnlyList<Schema> AnyOf { get; } = [];

    public IReadOnlyList<Schema> OneOf { get; } = [];

    public Schema? Not { get; }

    public Regex? Pattern { get; }

    public double? Minimum { get; }

    public double? Maximum { get; }

    public double? MinLength { get; }

    public double? MaxLength { get; }

    public double? MinItems { get; }

    public double? MaxItems { get; }

    public double? MinProperties { get; }

    public double? MaxProperties { get; }

    public bool Nullable { get; }

    public bool PreservesUnknown { get; }

    public bool IsIntOrString { get; }

    public IReadOnlyList<string> Deprecated { get; } = [];

    public IReadOnlyList<string> MapKeys { get; } = [];

    /// <summary>What <c>$ref</c> points to, or this.</summary>
    public Schema Target => Reference is null ? this : target ??= resolve(Reference);

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? NumberOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static IReadOnlyList<string> TextsOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => [.. json.EnumerateArray().Select(item => item.ToString())],
        _ => [],
    };

    private static Regex PatternOf(string pattern) => new(pattern, RegexOptions.CultureInvariant, PatternTimeout);

    private List<Schema> ListOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => new Schema(item, resolve))] : [];

    private Dictionary<string, Schema> MapOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => new Schema(p.Value, resolve)) : [];
}
