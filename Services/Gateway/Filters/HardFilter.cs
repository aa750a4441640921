using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Filters;

/// <summary>
/// What may be shown. Applied last, to every list whatever its source, also to fallbacks; the services filter too, but only
/// to waste less.
/// </summary>
public sealed class HardFilter
{
    /// <summary>Kids mode shows programmes rated for this age at most, in years.</summary>
    public const int KidsAgeYears = 10;

    private readonly IReadOnlySet<int> _forbidden;
    private readonly long _nowMs;

    private HardFilter(string territory, int? maxAgeYears, IReadOnlyList<string> languages, ItemKind? kind, IReadOnlySet<int> forbidden, long nowMs)
    {
        Territory = territory;
        MaxAgeYears = maxAgeYears;
        Languages = languages;
        Kind = kind;
        _forbidden = forbidden;
        _nowMs = nowMs;
    }

    /// <summary>ISO 3166-1 alpha-2; empty = unknown.</summary>
    public string Territory { get; }

    /// <summary>Null = no limit.</summary>
    public int? MaxAgeYears { get; }

    public IReadOnlyList<string> Languages { get; }

    public ItemKind? Kind { get; }

    /// <summary>
    /// The stricter of the viewer's preferences and the request wins on age; the request's territory and language replace the
    /// viewer's, because a viewer travels. With <paramref name="viewerUnknown"/> the age limit is 0: nothing is proven.
    /// </summary>
    public static HardFilter Create(Preferences preferences, RequestContext context, IReadOnlySet<int> forbidden, bool viewerUnknown, DateTimeOffset now)
    {
        int? maxAge = viewerUnknown ? 0 : null;
        if (preferences.HasAgeLimitYears) maxAge = Stricter(maxAge, preferences.AgeLimitYears);
        if (preferences.KidsMode || context.Kids) maxAge = Stricter(maxAge, KidsAgeYears);
        if (context.MaxAgeYears is { } asked) maxAge = Stricter(maxAge, asked);
        return new HardFilter(
            context.Territory ?? preferences.Territory,
            maxAge,
            context.Language is null ? preferences.Languages : [context.Language],
            context.Kind,
            forbidden,
            now.ToUnixTimeMilliseconds());
    }

    /// <summary>May this title be shown to this viewer, there, now?</summary>
    public bool Allows(CatalogItem item) =>
        !item.IsSeries
        && (Kind is null || item.Kind == Kind)
        && (MaxAgeYears is null || item.MinimumAgeYears <= MaxAgeYears)
        && !_forbidden.Contains(item.Ordinal)
        && item.HasRights(Territory, _nowMs)
        && item.SpeaksAny(Languages);

    private static int Stricter(int? limit, int other) => limit is { } l ? Math.Min(l, other) : other;
}

/// <summary>What a request may add to the viewer's preferences.</summary>
public sealed record RequestContext(string? Territory = null, string? Language = null, int? MaxAgeYears = null, bool Kids = false, ItemKind? Kind = null);
