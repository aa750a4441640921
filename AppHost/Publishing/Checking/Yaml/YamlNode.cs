using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking;

internal enum YamlKind { Missing, Null, Boolean, Integer, Float, String, Mapping, Sequence }

/// <summary>
/// An immutable node of a YAML document, which knows where it stands. A field that is not there is a node too (<see cref="YamlKind.Missing"/>),
/// so that a rule reads <c>pod["securityContext"]["runAsUser"]</c> without a question at each step.
/// </summary>
internal sealed partial class YamlNode
{
    private static readonly Dictionary<string, YamlNode> NoFields = [];
    private readonly Dictionary<string, YamlNode> fields;

    private YamlNode(YamlKind kind, string text, int line, string path, IReadOnlyList<YamlNode> items, Dictionary<string, YamlNode> fields)
    {
        Kind = kind;
        Text = text;
        Line = line;
        Path = path;
        Items = items;
        this.fields = fields;
    }

    public static YamlNode Scalar(YamlKind kind, string text, int line, string path) => new(kind, text, line, path, [], NoFields);

    public static YamlNode Sequence(IReadOnlyList<YamlNode> items, int line, string path) => new(YamlKind.Sequence, "", line, path, items, NoFields);

    public static YamlNode Mapping(Dictionary<string, YamlNode> fields, int line, string path) => new(YamlKind.Mapping, "", line, path, [], fields);

    public YamlKind Kind { get; }

    /// <summary>A scalar's text; empty for every other node.</summary>
    public string Text { get; }

    /// <summary>From 1, in the text that was read.</summary>
    public int Line { get; }

    /// <summary>From the document's root: <c>spec.containers[0].name</c>, <c>data["a.yml"]</c>.</summary>
    public string Path { get; }

    public IReadOnlyList<YamlNode> Items { get; }

    public IReadOnlyDictionary<string, YamlNode> Fields => fields;

    public bool Exists => Kind != YamlKind.Missing;

    public bool IsScalar => Kind is not (YamlKind.Missing or YamlKind.Mapping or YamlKind.Sequence);

    public bool IsTrue => Kind == YamlKind.Boolean && Text.Equals("true", StringComparison.OrdinalIgnoreCase);

    public bool IsFalse => Kind == YamlKind.Boolean && !IsTrue;

    public YamlNode this[string key] => fields.TryGetValue(key, out var node) ? node : Scalar(YamlKind.Missing, "", Line, Join(Path, key));

    /// <summary>The number of an integer node; null for anything else.</summary>
    public long? Number => Kind == YamlKind.Integer && long.TryParse(Text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A scalar's text; null when there is none.</summary>
    public string? TextOrNull => IsScalar && Kind != YamlKind.Null ? Text : null;

    /// <summary>This node and everything under it, in the document's order.</summary>
    public IEnumerable<YamlNode> All() => Items.Concat(fields.Values).SelectMany(child => child.All()).Prepend(this);

    /// <summary>String to string, as labels are.</summary>
    public IReadOnlyDictionary<string, string> ToLabels() => fields.ToDictionary(field => field.Key, field => field.Value.Text);

    public static string Join(string path, string key)
    {
        if (!PlainKey().IsMatch(key)) return $"{path}[\"{key}\"]";
        return path.Length == 0 ? key : $"{path}.{key}";
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex PlainKey();
}
