using System.Text;
using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Gateway.Catalog;

/// <summary>What the gateway keeps of one programme: enough to filter, rank, explain and show it.</summary>
public sealed class CatalogItem
{
    private readonly byte[] _synopsis;
    private readonly Window[] _rights;

    /// <summary>From the catalogue's record; strings that repeat are shared through <paramref name="share"/>.</summary>
    public CatalogItem(int ordinal, Item item, Func<string, string> share)
    {
        Ordinal = ordinal;
        Id = item.Id;
        Kind = item.Kind;
        Title = item.Title;
        OriginalTitle = item.OriginalTitle;
        _synopsis = Encoding.UTF8.GetBytes(item.Synopsis);
        Genres = [.. item.Genres.Select(share)];
        Themes = [.. item.Themes.Select(share)];
        People = [.. item.Credits.Select(c => share(c.Name)).Distinct()];
        Languages = [.. item.AudioLanguages.Concat(item.SubtitleLanguages).Select(share).Distinct()];
        Countries = [.. item.Countries.Select(share)];
        Year = item.Year;
        DurationSeconds = item.DurationSeconds;
        MinimumAgeYears = item.MinimumAgeYears;
        SeriesId = share(item.SeriesId);
        SeriesTitle = share(item.SeriesTitle);
        Season = item.Season;
        Episode = item.Episode;
        Channel = share(item.Channel);
        _rights = [.. item.Rights.Select(r => new Window([.. r.Territories.Select(share)], r.StartMs, r.EndMs == 0 ? long.MaxValue : r.EndMs))];
    }

    public int Ordinal { get; }

    public string Id { get; }

    public ItemKind Kind { get; }

    public string Title { get; }

    public string OriginalTitle { get; }

    public string Synopsis => Encoding.UTF8.GetString(_synopsis);

    public string[] Genres { get; }

    public string[] Themes { get; }

    public string[] People { get; }

    public string[] Languages { get; }

    public string[] Countries { get; }

    public int Year { get; }

    public int DurationSeconds { get; }

    public int MinimumAgeYears { get; }

    public string SeriesId { get; }

    public string SeriesTitle { get; }

    public int Season { get; }

    public int Episode { get; }

    public string Channel { get; }

    /// <summary>A container of episodes, never recommended itself.</summary>
    public bool IsSeries => Kind == ItemKind.Series;

    /// <summary>
    /// May it be shown there at that moment? For a viewer whose territory is unknown (empty), only windows without
    /// territories count: what cannot be proven allowed is not shown.
    /// </summary>
    public bool HasRights(string territory, long nowMs)
    {
        if (_rights.Length == 0) return true;
        foreach (var window in _rights)
        {
            if (nowMs < window.StartMs || nowMs >= window.EndMs) continue;
            if (window.Territories.Length == 0) return true;
            if (territory.Length > 0 && Array.IndexOf(window.Territories, territory) >= 0) return true;
        }

        return false;
    }

    /// <summary>Until when it may be shown there without a break, as far as one window says so; null = for ever, or not at all.</summary>
    public long? RightsUntilMs(string territory, long nowMs)
    {
        long? until = null;
        foreach (var window in _rights)
        {
            if (nowMs < window.StartMs || nowMs >= window.EndMs) continue;
            if (window.Territories.Length > 0 && (territory.Length == 0 || Array.IndexOf(window.Territories, territory) < 0)) continue;
            if (window.EndMs == long.MaxValue) return null;
            until = Math.Max(until ?? 0, window.EndMs);
        }

        return until;
    }

    /// <summary>Is one of these languages among its audio or subtitles? Unknown languages exclude nothing.</summary>
    public bool SpeaksAny(IReadOnlyList<string> wanted)
    {
        if (wanted.Count == 0 || Languages.Length == 0) return true;
        foreach (var language in Languages)
        {
            foreach (var want in wanted)
            {
                if (LanguageMatches(language, want)) return true;
            }
        }

        return false;
    }

    // "fr" wants every French; "fr-CA" is satisfied by "fr-CA" and by plain "fr".
    private static bool LanguageMatches(string language, string want) =>
        language.Equals(want, StringComparison.OrdinalIgnoreCase)
        || IsPrefix(want, language)
        || IsPrefix(language, want);

    private static bool IsPrefix(string prefix, string tag) =>
        tag.Length > prefix.Length && tag[prefix.Length] == '-' && tag.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private readonly record struct Window(string[] Territories, long StartMs, long EndMs);
}
