using System.Globalization;
using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>Ranges and names, each with the sentence that says what is wrong.</summary>
internal static class Demands
{
    public static bool AtLeast(this TopologyErrors errors, string path, double value, double least, string? why = null) =>
        errors.Demand(value >= least, path, $"must be {Text(least)} or more, is {Text(value)}{Because(why)}");

    public static bool Above0(this TopologyErrors errors, string path, double value) =>
        errors.Demand(value > 0, path, $"must be more than 0, is {Text(value)}");

    public static bool Between(this TopologyErrors errors, string path, double value, double least, double most, string? why = null) =>
        errors.Demand(value >= least && value <= most, path, $"must be between {Text(least)} and {Text(most)}, is {Text(value)}{Because(why)}");

    /// <summary>A share of the whole; neither nothing nor everything.</summary>
    public static bool ProperShare(this TopologyErrors errors, string path, double value) =>
        errors.Demand(value is > 0 and < 1, path, $"must be more than 0 and less than 1, is {Text(value)}");

    public static bool OneOf(this TopologyErrors errors, string path, string value, params string[] known) =>
        errors.Demand(known.Contains(value), path, $"must be one of {string.Join(", ", known)}, is '{value}'");

    public static bool NotEmpty(this TopologyErrors errors, string path, string value) =>
        errors.Demand(value.Trim().Length > 0, path, "must not be empty");

    /// <summary>Exactly these keys.</summary>
    public static void Keys(this TopologyErrors errors, string path, IEnumerable<string> keys, params string[] known)
    {
        var present = keys.ToHashSet(StringComparer.Ordinal);
        foreach (var key in present.Except(known)) errors.Add(TopologyPath.Key(path, key), $"is not known: {NearestName.Hint(key, known)}");
        foreach (var key in known.Where(k => !present.Contains(k))) errors.Add(TopologyPath.Key(path, key), "is missing");
    }

    /// <summary>No value twice.</summary>
    public static void Unique(this TopologyErrors errors, IEnumerable<(string Path, string Value)> values)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, value) in values)
        {
            if (!first.TryAdd(value, path)) errors.Add(path, $"'{value}' is already at {first[value]}");
        }
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Because(string? why) => why is null ? "" : $": {why}";
}
