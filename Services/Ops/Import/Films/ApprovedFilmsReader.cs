using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RecoAspire.Ops.Import.MovieLens;

namespace RecoAspire.Ops.Import.Films;

/// <summary>
/// Reads the CNC's list of approved French films: postponed articles come to the front ("Comte de Monte-Cristo (Le)"), directors
/// ("NOM Prénom") are written as people write them, shares of nationality become countries. The list gives no age ratings: 18.
/// </summary>
internal static class ApprovedFilmsReader
{
    public const string FileName = "films-agrees-2003-2024.csv";

    private const int UnknownAgeYears = 18;
    private static readonly string[] Header =
        ["annee", "visa", "titre", "realisateur", "producteurs", "devis", "genre", "eof", "rang", "asr", "tv_payante", "tv_clair", "sofica", "credit_impot", "aide_regionale", "nationalite"];

    public static List<ImportedItem> Read(InputFile file, IncrementalHash hash)
    {
        var items = new List<ImportedItem>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in Csv.Rows(file, hash, Header))
        {
            var f = row.Fields;
            if (string.IsNullOrWhiteSpace(f[2])) throw OpsException.AtLine(file.Name, row.Line, "has no titre");
            if (!int.TryParse(f[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is < 1880 or > 2100)
                throw OpsException.AtLine(file.Name, row.Line, $"'{f[0]}' is no annee");
            items.Add(ToItem(f, year, IdOf(f, ids)));
        }

        return items;
    }

    /// <summary>"Comte de Monte-Cristo (Le)" → "Le Comte de Monte-Cristo"; "Amour ouf (L')" → "L'Amour ouf".</summary>
    public static string TitleOf(string text)
    {
        text = text.Trim();
        var open = text.LastIndexOf('(');
        if (open <= 0 || !text.EndsWith(')')) return MovieTitle.Reorder(text);
        var article = text[(open + 1)..^1].Trim().Replace('’', '\'');
        if (article.ToLowerInvariant() is not ("le" or "la" or "les" or "l'" or "un" or "une" or "des" or "the" or "a" or "el" or "il")) return text;
        var rest = text[..open].Trim();
        article = char.ToUpperInvariant(article[0]) + article[1..].ToLowerInvariant();
        return article.EndsWith('\'') ? article + rest : $"{article} {rest}";
    }

    /// <summary>"BESSON Luc" → "Luc Besson"; "DE LA TOUR Anne-Marie" → "Anne-Marie De La Tour".</summary>
    public static string PersonOf(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var family = words.TakeWhile(IsCapitals).ToList();
        if (family.Count == 0 || family.Count == words.Length) return string.Join(' ', words.Select(Capitalise));
        return string.Join(' ', words.Skip(family.Count).Concat(family.Select(Capitalise)));
    }

    private static ImportedItem ToItem(string[] f, int year, string id) => new()
    {
        Id = id,
        Kind = f[6].StartsWith("doc", StringComparison.OrdinalIgnoreCase) ? "documentary" : "film",
        Title = TitleOf(f[2]),
        Genres = GenreOf(f[6]) is { } genre ? [genre] : [],
        Credits = [.. f[3].Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(n => n.Length <= 120).Select(n => (PersonOf(n), "director")).Distinct()],
        Countries = [.. f[15].Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(CountryOf).Where(c => c.Length > 0).Distinct().Take(32)],
        Year = year,
        MinimumAgeYears = UnknownAgeYears,
        Channel = ChannelOf(f[11]) is { Length: > 0 } free ? free : ChannelOf(f[10]),
    };

    // Channels that bought the film in, by short names without separators: the first is the main one, and the free ones come before pay-TV.
    private static string ChannelOf(string text)
    {
        var first = text.Split([' ', '/'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        return first.ToUpperInvariant() switch
        {
            "F2" or "FR2" => "France 2",
            "F3" or "FR3" => "France 3",
            "F4" or "FR4" => "France 4",
            "F5" or "FR5" => "France 5",
            "FRANCE" => text.Trim(),
            "ARTE" => "Arte",
            "C+" or "CANAL+" => "Canal+",
            "CINÉ+" or "CINE+" or "CINÉCINÉMA" => "Ciné+",
            "TV5" or "TV5MONDE" => "TV5MONDE",
            "DIRECT" or "D8" or "C8" => "C8",
            "ORANGE" => "OCS",
            _ => first.Length <= 32 ? first : "",
        };
    }

    private static string IdOf(string[] f, HashSet<string> ids)
    {
        var visa = new string([.. f[1].Where(char.IsAsciiLetterOrDigit)]);
        var id = visa.Length > 0 ? $"cnc-{visa}" : "";
        // A few films have no visa, or share one: then the content names them.
        if (id.Length == 0 || !ids.Add(id))
        {
            id = $"cnc-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', f)))).AsSpan(0, 12)}";
            ids.Add(id);
        }

        return id;
    }

    private static string? GenreOf(string text) => text.Trim().ToLowerInvariant() switch
    {
        "fiction" => "fiction",
        "docu" or "documentaire" => "documentaire",
        "anim" or "animation" => "animation",
        _ => null,
    };

    // "Fr-89" → FR
    private static string CountryOf(string share)
    {
        var name = new string([.. share.TakeWhile(c => !char.IsDigit(c))]).Trim(' ', '-', ':', '(', '–');
        return name.Length is 0 or > 60 ? "" : Countries.CodeOf(name);
    }

    private static bool IsCapitals(string word) => word.Any(char.IsLetter) && word.All(c => !char.IsLetter(c) || char.IsUpper(c));

    private static string Capitalise(string word)
    {
        var result = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
            result.Append(i == 0 || word[i - 1] is '-' or '\'' or '’' ? char.ToUpper(word[i], CultureInfo.InvariantCulture) : char.ToLower(word[i], CultureInfo.InvariantCulture));
        return result.ToString();
    }
}
