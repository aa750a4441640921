using Google.Protobuf.Collections;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.VectorSearch.V1;

namespace RecoAspire.VectorSearch.Filtering;

/// <summary>
/// The conditions of a filter that depend on the catalogue alone, validated and in a canonical form: equal conditions are
/// equal values, whatever the order in which they were written.
/// </summary>
internal readonly record struct ItemConditions(uint Kinds, bool KindsAsked, int MaxAgeYears, ushort Territory, string Genres, string Languages)
{
    public const int NoAgeLimit = -1;
    public const int MaxGenres = 32;
    public const int MaxLanguages = 16;
    public const int MaxWordLength = 100;

    private const char Separator = '\n';
    private const uint AllButSeries = ~(1u << (int)ItemKind.Series) & ~1u;

    /// <summary>No filter at all: everything but series.</summary>
    public static readonly ItemConditions Default = new(AllButSeries, false, NoAgeLimit, Filtering.Territory.None, "", "");

    /// <summary>
    /// Items that the catalogue does not know pass only where nothing is asked about them: unknown facts cannot be shown
    /// to satisfy a condition.
    /// </summary>
    public bool AllowsUnknownItems =>
        !KindsAsked && MaxAgeYears == NoAgeLimit && Territory == Filtering.Territory.None && Genres.Length == 0 && Languages.Length == 0;

    public IEnumerable<string> GenreWords => Words(Genres);

    public IEnumerable<string> LanguageRanges => Words(Languages);

    /// <summary>Reads the conditions; throws <see cref="ArgumentException"/> naming the field.</summary>
    public static ItemConditions From(Filter? filter)
    {
        if (filter is null) return Default;
        var kinds = 0u;
        foreach (var kind in filter.Kinds)
        {
            if (kind == 0 || !Enum.IsDefined((ItemKind)kind)) throw new ArgumentException($"filter.kinds: {kind} is no item kind");
            kinds |= 1u << kind;
        }

        if (filter.HasMaxAgeYears && filter.MaxAgeYears is < 0 or > 18)
            throw new ArgumentException($"filter.max_age_years: {filter.MaxAgeYears} is not in 0-18");
        var territory = Filtering.Territory.None;
        if (filter.Territory.Length > 0 && !Filtering.Territory.TryParse(filter.Territory, out territory))
            throw new ArgumentException("filter.territory: not two letters A-Z");
        return new ItemConditions(
            filter.Kinds.Count == 0 ? AllButSeries : kinds,
            filter.Kinds.Count > 0,
            filter.HasMaxAgeYears ? filter.MaxAgeYears : NoAgeLimit,
            territory,
            Canonical(filter.AnyGenres, MaxGenres, "filter.any_genres"),
            Canonical(filter.AnyLanguages, MaxLanguages, "filter.any_languages"));
    }

    private static string Canonical(RepeatedField<string> words, int limit, string field)
    {
        if (words.Count == 0) return "";
        if (words.Count > limit) throw new ArgumentException($"{field}: {words.Count} entries, at most {limit}");
        foreach (var word in words)
            if (word.Length is 0 or > MaxWordLength || word.Contains(Separator))
                throw new ArgumentException($"{field}: entries have 1-{MaxWordLength} characters on one line");
        return string.Join(Separator, words.Select(w => w.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));
    }

    private static string[] Words(string joined) => joined.Length == 0 ? [] : joined.Split(Separator);
}
