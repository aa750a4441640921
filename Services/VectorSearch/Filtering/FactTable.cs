using System.Collections.Concurrent;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.ServiceDefaults.Concurrency;

namespace RecoAspire.VectorSearch.Filtering;

/// <summary>What the catalogue says about items, by item number. One writer; readers hold snapshots.</summary>
internal sealed class FactTable
{
    private readonly CopyOnWriteArray<ItemFacts?> _facts = new();
    private readonly Vocabulary _genres = new();
    private readonly Vocabulary _languages = new();
    private FactSnapshot? _published;

    public void Upsert(int item, Item facts)
    {
        _facts[item] = ItemFacts.From(facts, _genres, _languages);
        _published = null;
    }

    public void Remove(int item)
    {
        _facts[item] = ItemFacts.Removed;
        _published = null;
    }

    public FactSnapshot Publish() => _published ??= new FactSnapshot(_facts.Publish(), _genres, _languages);
}

/// <summary>Immutable facts, and the sets of items that satisfy conditions on them.</summary>
internal sealed class FactSnapshot(CopyOnWriteArray<ItemFacts?>.Snapshot facts, Vocabulary genres, Vocabulary languages)
{
    /// <summary>A viewer base asks the same few conditions again and again; 256 sets of 40,000 items are 1.3 MB.</summary>
    private const int MaxCachedSets = 256;

    private readonly ConcurrentDictionary<ItemConditions, AllowedItems> _cache = new();

    public ItemFacts? this[int item] => facts[item];

    /// <summary>The items that satisfy the conditions at a time.</summary>
    public AllowedItems Allowed(ItemConditions conditions, long nowMs)
    {
        if (_cache.TryGetValue(conditions, out var cached) && cached.HoldsAt(nowMs)) return cached;
        var allowed = Evaluate(conditions, nowMs);
        if (_cache.Count >= MaxCachedSets) _cache.Clear();
        _cache[conditions] = allowed;
        return allowed;
    }

    private AllowedItems Evaluate(ItemConditions conditions, long nowMs)
    {
        var wantedGenres = NumbersOf(conditions.GenreWords.Select(w => genres.TryGet(w, out var number) ? number : -1));
        var ranges = conditions.LanguageRanges.ToArray();
        var wantedLanguages = NumbersOf(ranges.Length == 0 ? [] : languages.Where(tag => Array.Exists(ranges, range => IsInRange(tag, range))));
        var unknown = conditions.AllowsUnknownItems;
        var words = new ulong[facts.Length >> 6];
        var (from, until) = (long.MinValue, long.MaxValue);
        for (var item = 0; item < facts.Length; item++)
        {
            var known = facts[item];
            if (known is null ? unknown : Satisfies(known)) words[item >> 6] |= 1UL << item;
        }

        return new AllowedItems(words, unknown, from, until);

        bool Satisfies(ItemFacts item)
        {
            if ((conditions.Kinds >> item.Kind & 1) == 0) return false;
            if (conditions.MaxAgeYears != ItemConditions.NoAgeLimit && item.MinimumAgeYears > conditions.MaxAgeYears) return false;
            if (conditions.Genres.Length > 0 && !ContainsAny(wantedGenres, item.Genres)) return false;
            if (ranges.Length > 0 && item.Languages.Length > 0 && !ContainsAny(wantedLanguages, item.Languages)) return false;
            return conditions.Territory == Territory.None || item.Windows.Length == 0 || HasRights(item.Windows);
        }

        bool HasRights(ItemFacts.Rights[] windows)
        {
            var now = false;
            foreach (var window in windows)
            {
                if (!window.Covers(conditions.Territory)) continue;
                now |= window.StartMs <= nowMs && nowMs < window.EndMs;
                // The answer holds until the next window of any item opens or closes.
                Bound(window.StartMs);
                Bound(window.EndMs);
            }

            return now;
        }

        void Bound(long edgeMs)
        {
            if (edgeMs <= nowMs) from = Math.Max(from, edgeMs);
            else until = Math.Min(until, edgeMs);
        }
    }

    // RFC 4647, basic filtering: "fr" asks for "fr" and "fr-CA", "fr-CA" does not ask for "fr".
    private static bool IsInRange(string tag, string range) =>
        tag.StartsWith(range, StringComparison.OrdinalIgnoreCase) && (tag.Length == range.Length || tag[range.Length] == '-');

    private static bool[] NumbersOf(IEnumerable<int> numbers)
    {
        var known = numbers.Where(n => n >= 0).ToArray();
        var set = new bool[known.Length == 0 ? 0 : known.Max() + 1];
        foreach (var number in known) set[number] = true;
        return set;
    }

    private static bool ContainsAny(bool[] wanted, int[] numbers)
    {
        foreach (var number in numbers)
            if (number < wanted.Length && wanted[number]) return true;
        return false;
    }
}

/// <summary>A set of items as bits by item number, and the time for which it holds.</summary>
internal sealed class AllowedItems(ulong[] words, bool beyond, long fromMs, long untilMs)
{
    public bool HoldsAt(long nowMs) => fromMs <= nowMs && nowMs < untilMs;

    public bool Contains(int item) => item >> 6 < words.Length ? (words[item >> 6] >> item & 1) != 0 : beyond;

    /// <summary>Copies the set into words that cover all items of a search.</summary>
    public void CopyTo(Span<ulong> destination)
    {
        var covered = Math.Min(words.Length, destination.Length);
        words.AsSpan(0, covered).CopyTo(destination);
        destination[covered..].Fill(beyond ? ulong.MaxValue : 0);
    }
}
