using System.Globalization;
using System.Security.Cryptography;

namespace RecoAspire.Ops.Import.Films;

/// <summary>
/// Reads the four streaming catalogues (titles.csv). One title on several platforms (same name, year and type) becomes one item.
/// A show without episode data becomes one item of kind episode, its way in: a series is a container that is never recommended.
/// An age rating that is missing or unknown counts as 18, so that no age limit lets through what nobody rated.
/// </summary>
internal static class StreamingCatalogueReader
{
    public const string FileName = "titles.csv";

    private const int UnknownAgeYears = 18;
    private static readonly string[] Header = ["platform", "show_id", "type", "title", "director", "cast", "country", "date_added", "release_year", "rating", "duration", "listed_in", "description"];

    private static readonly Dictionary<string, int> Ages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TV-Y"] = 0,
        ["TV-G"] = 0,
        ["G"] = 0,
        ["ALL"] = 0,
        ["ALL_AGES"] = 0,
        ["TV-Y7"] = 7,
        ["TV-Y7-FV"] = 7,
        ["7+"] = 7,
        ["PG"] = 10,
        ["TV-PG"] = 10,
        ["13+"] = 13,
        ["PG-13"] = 13,
        ["TV-14"] = 14,
        ["16+"] = 16,
        ["16"] = 16,
        ["AGES_16_"] = 16,
        ["R"] = 17,
        ["TV-MA"] = 17,
        ["18+"] = 18,
        ["AGES_18_"] = 18,
        ["NC-17"] = 18,
    };

    public static List<ImportedItem> Read(InputFile file, IncrementalHash hash)
    {
        var items = new List<ImportedItem>();
        var places = new Dictionary<(string, int, string), int>();
        foreach (var row in Csv.Rows(file, hash, Header))
        {
            var f = row.Fields;
            if (!IsIdPart(f[0]) || !IsIdPart(f[1])) throw OpsException.AtLine(file.Name, row.Line, $"platform '{f[0]}' and show_id '{f[1]}' must have 1-60 letters, digits, '.', '_' or '-'");
            if (string.IsNullOrWhiteSpace(f[3])) throw OpsException.AtLine(file.Name, row.Line, "has no title");
            if (!int.TryParse(f[8], NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is < 1880 or > 2100)
                throw OpsException.AtLine(file.Name, row.Line, $"'{f[8]}' is no year");
            if (f[2] is not ("Movie" or "TV Show")) throw OpsException.AtLine(file.Name, row.Line, $"'{f[2]}' is no type (Movie, TV Show)");
            var item = ToItem(f, year);
            var key = (item.Title.ToLowerInvariant(), year, f[2]);
            if (places.TryAdd(key, items.Count)) items.Add(item);
            else items[places[key]] = Merge(items[places[key]], item);
        }

        return items;
    }

    // One title on several platforms: what one of them does not know, another may. The strictest age counts.
    private static ImportedItem Merge(ImportedItem a, ImportedItem b) => new()
    {
        Id = a.Id,
        Kind = a.Kind,
        Title = a.Title,
        SeriesTitle = a.SeriesTitle,
        Synopsis = a.Synopsis.Length > 0 ? a.Synopsis : b.Synopsis,
        Genres = [.. a.Genres.Union(b.Genres).Take(32)],
        Themes = [.. a.Themes.Union(b.Themes).Append(b.Channel).Distinct().Take(32)],
        Credits = [.. a.Credits.Union(b.Credits).Take(100)],
        Countries = [.. a.Countries.Union(b.Countries).Take(32)],
        Year = a.Year,
        DurationSeconds = a.DurationSeconds > 0 ? a.DurationSeconds : b.DurationSeconds,
        MinimumAgeYears = Math.Max(a.MinimumAgeYears, b.MinimumAgeYears),
        Channel = a.Channel,
    };

    private static ImportedItem ToItem(string[] f, int year)
    {
        var genres = List(f[11]).Select(g => g.ToLowerInvariant()).ToList();
        var isShow = f[2] == "TV Show";
        // In some rows the running time stands in the rating's column.
        var minutes = Minutes(f[10]) ?? Minutes(f[9]) ?? 0;
        return new ImportedItem
        {
            Id = $"ott-{f[0]}-{f[1]}",
            Kind = KindOf(isShow, genres),
            Title = Shorten(f[3].Trim(), 500),
            SeriesTitle = isShow ? Shorten(f[3].Trim(), 500) : "",
            Synopsis = Shorten(f[12], 10_000),
            Genres = genres,
            Credits = [.. List(f[4]).Select(n => (n, "director")), .. List(f[5]).Select(n => (n, "actor")).Take(60)],
            Countries = [.. List(f[6]).Select(Countries.CodeOf).Distinct()],
            Year = year,
            DurationSeconds = minutes * 60,
            MinimumAgeYears = Ages.GetValueOrDefault(f[9], UnknownAgeYears),
            Channel = f[0],
        };
    }

    private static bool IsIdPart(string text) => text.Length is >= 1 and <= 60 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string KindOf(bool isShow, List<string> genres)
    {
        if (genres.Exists(g => g.Contains("docu", StringComparison.Ordinal))) return "documentary";
        if (!isShow) return "film";
        return genres.Exists(g => g.Contains("talk", StringComparison.Ordinal) || g.Contains("reality", StringComparison.Ordinal) || g.Contains("variety", StringComparison.Ordinal)) ? "magazine" : "episode";
    }

    private static int? Minutes(string text) =>
        text.EndsWith(" min", StringComparison.Ordinal) && int.TryParse(text.AsSpan(0, text.Length - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes <= 1_440 ? minutes : null;

    // Names longer than any name are a synopsis in the wrong column.
    private static List<string> List(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(n => n.Length <= 120).Distinct().Take(32)];

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length];
}
