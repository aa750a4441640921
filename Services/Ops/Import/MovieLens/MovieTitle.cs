using System.Net;
using System.Text.RegularExpressions;

namespace RecoAspire.Ops.Import.MovieLens;

/// <summary>MovieLens writes "City of Lost Children, The (Cité des enfants perdus, La) (1995)"; people read "The City of Lost Children".</summary>
internal static partial class MovieTitle
{
    /// <summary>Title, original title (may be empty) and year (0 = unknown).</summary>
    public static (string Title, string Original, int Year) Parse(string text)
    {
        text = WebUtility.HtmlDecode(text).Trim();
        if (MediumAtEnd().Match(text) is { Success: true } medium) text = text[..medium.Index];
        var year = 0;
        if (YearAtEnd().Match(text) is { Success: true } match)
        {
            year = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            text = text[..match.Index].Trim();
        }

        var original = "";
        if (ParenthesisAtEnd().Match(text) is { Success: true } inside)
        {
            original = Reorder(inside.Groups[1].Value.Replace("a.k.a. ", "", StringComparison.Ordinal).Trim());
            text = text[..inside.Index].Trim();
        }

        return (Reorder(text), original, year);
    }

    /// <summary>"Matrix, The" → "The Matrix"; "Avventura, L'" → "L'Avventura".</summary>
    public static string Reorder(string title)
    {
        if (ArticleAtEnd().Match(title) is not { Success: true } match) return title;
        var article = match.Groups[1].Value;
        var rest = title[..match.Index];
        return article.EndsWith('\'') ? article + rest : $"{article} {rest}";
    }

    [GeneratedRegex(@"\s*\((\d{4})(?:[-–]\d{0,4})?\)\s*$")]
    private static partial Regex YearAtEnd();

    // Films for video and television are marked behind the year.
    [GeneratedRegex(@"\s*\((?:V|TV|VG)\)\s*$")]
    private static partial Regex MediumAtEnd();

    [GeneratedRegex(@"\s*\(([^()]+)\)$")]
    private static partial Regex ParenthesisAtEnd();

    [GeneratedRegex(@", (The|An|A|Le|La|Les|L'|Un|Une|Des|El|Los|Las|Lo|Il|Gli|I|Der|Die|Das|Ein|Eine|O|Os|De|Het|Den|Det)$", RegexOptions.IgnoreCase)]
    private static partial Regex ArticleAtEnd();
}
