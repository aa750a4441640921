using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RecoAspire.Publishing.Documents;

/// <summary>A value in a document: the same tree becomes YAML or JSON. Immutable.</summary>
public abstract record Node
{
    /// <summary>Why it is so; stands above it in YAML, is left out of JSON.</summary>
    public string? Comment { get; init; }

    /// <summary>The same value with a reason above it.</summary>
    public Node Because(string comment) => this with { Comment = comment };

    [return: NotNullIfNotNull(nameof(value))]
    public static implicit operator Node?(string? value) => value is null ? null : new Scalar(value);
    public static implicit operator Node(long value) => new Scalar(value);
    public static implicit operator Node(int value) => new Scalar((long)value);
    public static implicit operator Node(double value) => new Scalar(value);
    public static implicit operator Node(bool value) => new Scalar(value);
}

/// <summary>A string, whole number, number or truth value.</summary>
public sealed record Scalar(object Value) : Node
{
    /// <summary>The value as text, the same in every culture.</summary>
    /// <exception cref="ArgumentException">Not a number, or infinite.</exception>
    public string Text => Value switch
    {
        bool truth => truth ? "true" : "false",
        double number => NumberText(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)Value,
    };

    // 1E-05 is text to readers of YAML 1.1: they demand a point.
    private static string NumberText(double number)
    {
        if (!double.IsFinite(number)) throw new ArgumentException($"{number} has no form that YAML and JSON share.");
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E') && !text.Contains('.') ? text.Replace("E", ".0E", StringComparison.Ordinal) : text;
    }
}

/// <summary>Items in order.</summary>
public sealed record Sequence(IReadOnlyList<Node> Items) : Node;

/// <summary>Keys in the order in which they were given, each once.</summary>
public sealed record Map(IReadOnlyList<KeyValuePair<string, Node>> Entries) : Node
{
    /// <summary>The value at a key; null when there is none.</summary>
    public Node? this[string key] => Entries.FirstOrDefault(e => e.Key == key).Value;

    /// <summary>With a key replaced in its place, or added at the end; null takes it away.</summary>
    public Map With(string key, Node? value)
    {
        if (value is null) return this with { Entries = [.. Entries.Where(e => e.Key != key)] };
        var entry = KeyValuePair.Create(key, value);
        return Entries.Any(e => e.Key == key)
            ? this with { Entries = [.. Entries.Select(e => e.Key == key ? entry : e)] }
            : this with { Entries = [.. Entries, entry] };
    }
}

/// <summary>Short names to write trees with: <c>using static</c>.</summary>
public static class Tree
{
    /// <summary>A map; entries without a value are left out.</summary>
    /// <exception cref="ArgumentException">A key comes twice.</exception>
    public static Map Map(params ReadOnlySpan<(string Key, Node? Value)> entries)
    {
        var list = new List<KeyValuePair<string, Node>>(entries.Length);
        foreach (var (key, value) in entries)
        {
            if (value is null) continue;
            if (list.Exists(e => e.Key == key)) throw new ArgumentException($"The key '{key}' comes twice.");
            list.Add(KeyValuePair.Create(key, value));
        }

        return new Map(list);
    }

    /// <summary>A map of strings, in the order of its keys.</summary>
    public static Map Map(IEnumerable<KeyValuePair<string, string>> entries) =>
        new([.. entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, (Node)new Scalar(e.Value)))]);

    /// <summary>A list; items that are null are left out.</summary>
    public static Sequence List(params ReadOnlySpan<Node?> items)
    {
        var list = new List<Node>(items.Length);
        foreach (var item in items)
        {
            if (item is not null) list.Add(item);
        }

        return new Sequence(list);
    }

    /// <summary>A list of what a query gives.</summary>
    public static Sequence ListOf(IEnumerable<Node?> items) => List([.. items]);

    /// <summary>A list of strings.</summary>
    public static Sequence ListOf(IEnumerable<string> items) => new([.. items.Select(i => new Scalar(i))]);

    /// <summary>A list of no items.</summary>
    public static Sequence Empty => new([]);
}
