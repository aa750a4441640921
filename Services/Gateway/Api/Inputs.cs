using System.Globalization;
using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Gateway.Api;

/// <summary>Checks of single values, shared by all routes.</summary>
internal static class Inputs
{
    /// <summary>Viewers and events: 1-128 printable characters without spaces.</summary>
    public static bool IsId(string? id) => id is { Length: >= 1 and <= 128 } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Items: 1-128 characters of [A-Za-z0-9._:-].</summary>
    public static bool IsItemId(string? id) =>
        id is { Length: >= 1 and <= 128 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    public static bool IsTerritory(string text) => text.Length == 2 && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[1]);

    /// <summary>BCP 47, loosely: 2-35 letters, digits and hyphens, beginning with two or three letters.</summary>
    public static bool IsLanguage(string text)
    {
        var primary = text.IndexOf('-');
        var length = primary < 0 ? text.Length : primary;
        return text.Length <= 35 && length is 2 or 3 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && text.AsSpan(0, length).IndexOfAnyInRange('0', '9') < 0;
    }

    /// <summary>ISO 8601 with an offset (or Z).</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length is >= 17 and <= 40 && HasIsoShape(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    public static bool TryKind(string text, out ItemKind kind) => Kinds.TryGetValue(text, out kind);

    public static string NameOf(ItemKind kind) => kind.ToString().ToLowerInvariant();

    public static int? OrNull(int value) => value == 0 ? null : value;

    private static readonly Dictionary<string, ItemKind> Kinds = Enum.GetValues<ItemKind>()
        .Where(k => k != ItemKind.Unspecified).ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The kinds, for error messages.</summary>
    public static string KindNames { get; } = string.Join(", ", Kinds.Keys);

    // The parser behind takes many national formats; one that reads 01/03 as January would be a silent mistake.
    private static bool HasIsoShape(string text) =>
        text[4] == '-' && text[7] == '-' && text[10] is 'T' or 't' && text[13] == ':'
        && (text[^1] is 'Z' or 'z' || text.AsSpan(11).IndexOfAny('+', '-') >= 0);
}
