using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Search;

/// <summary>
/// Words of titles and names, for search as you type: whole words, beginnings, and one slip of the finger in longer words.
/// Built anew when the catalogue has changed, at most every two seconds.
/// </summary>
public sealed class TitleIndex(CatalogView catalog, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile Snapshot _snapshot = new([], [], -1, 0);
    private long _builtAtMs = long.MinValue;

    /// <summary>Matching items with scores > 0, best first; ties by id.</summary>
    public List<(CatalogItem Item, double Score)> Find(string text, int limit)
    {
        var query = FoldedText.Words(text).Distinct().Take(16).ToList();
        var snapshot = Current();
        var scores = new Dictionary<int, double>();
        foreach (var word in query) AddMatches(snapshot, word, scores);

        var results = new List<(CatalogItem Item, double Score)>();
        foreach (var (ordinal, score) in scores)
        {
            if (catalog.Find(ordinal) is not { } item) continue;
            // Titles that consist of the query come before titles that contain it.
            var words = FoldedText.Words(item.Title);
            var covered = words.Count == 0 ? 0 : (double)words.Count(query.Contains) / words.Count;
            results.Add((item, score / Math.Max(1, query.Count) * (1 + (0.5 * covered))));
        }

        results.Sort((a, b) =>
        {
            var byScore = b.Score.CompareTo(a.Score);
            return byScore != 0 ? byScore : string.CompareOrdinal(a.Item.Id, b.Item.Id);
        });
        if (results.Count > limit) results.RemoveRange(limit, results.Count - limit);
        return results;
    }

    private static void AddMatches(Snapshot snapshot, string word, Dictionary<int, double> scores)
    {
        var best = new Dictionary<int, double>();
        var at = Array.BinarySearch(snapshot.Words, word, StringComparer.Ordinal);
        if (at >= 0) Note(snapshot, at, 1.0, best);
        // Beginnings: everything that sorts after the word and starts with it.
        for (var i = at >= 0 ? at + 1 : ~at; i < snapshot.Words.Length && snapshot.Words[i].StartsWith(word, StringComparison.Ordinal); i++)
            Note(snapshot, i, 0.6, best);
        if (best.Count == 0 && word.Length >= 4)
        {
            for (var i = 0; i < snapshot.Words.Length; i++)
            {
                if (IsOneSlipAway(word, snapshot.Words[i])) Note(snapshot, i, 0.5, best);
            }
        }

        foreach (var (ordinal, score) in best) scores[ordinal] = scores.GetValueOrDefault(ordinal) + score;
    }

    private static void Note(Snapshot snapshot, int word, double quality, Dictionary<int, double> best)
    {
        var postings = snapshot.Postings[word];
        // Rare words say more; scaled so that a word of one title counts 1.
        var rarity = Math.Log(1 + ((double)snapshot.Items / postings.Length)) / Math.Log(1 + snapshot.Items);
        foreach (var (ordinal, weight) in postings)
        {
            var score = quality * rarity * weight;
            if (score > best.GetValueOrDefault(ordinal)) best[ordinal] = score;
        }
    }

    /// <summary>One letter inserted, left out or replaced, or two neighbours swapped.</summary>
    internal static bool IsOneSlipAway(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var start = a.CommonPrefixLength(b);
        a = a[start..];
        b = b[start..];
        if (a.Length == b.Length)
        {
            if (a.Length == 0) return false;
            return a[1..].SequenceEqual(b[1..]) || (a.Length >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..].SequenceEqual(b[2..]));
        }

        return a.Length > b.Length ? a[1..].SequenceEqual(b) : b[1..].SequenceEqual(a);
    }

    private Snapshot Current()
    {
        var snapshot = _snapshot;
        if (snapshot.Version == catalog.Version) return snapshot;
        lock (_gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (_snapshot.Version == catalog.Version || (_snapshot.Version >= 0 && now - _builtAtMs < 2_000)) return _snapshot;
            _snapshot = Build();
            _builtAtMs = now;
            return _snapshot;
        }
    }

    private Snapshot Build()
    {
        var version = catalog.Version;
        var postings = new SortedDictionary<string, Dictionary<int, double>>(StringComparer.Ordinal);
        var items = 0;
        foreach (var item in catalog.Items)
        {
            if (item is null) continue;
            items++;
            Add(postings, item.Ordinal, item.Title, 1.0);
            Add(postings, item.Ordinal, item.OriginalTitle, 0.9);
            Add(postings, item.Ordinal, item.SeriesTitle, 0.9);
            foreach (var person in item.People) Add(postings, item.Ordinal, person, 0.5);
        }

        return new Snapshot(
            [.. postings.Keys],
            [.. postings.Values.Select(p => p.Select(e => (e.Key, (float)e.Value)).ToArray())],
            version,
            items);
    }

    private static void Add(SortedDictionary<string, Dictionary<int, double>> postings, int ordinal, string text, double weight)
    {
        foreach (var word in FoldedText.Words(text))
        {
            if (!postings.TryGetValue(word, out var entries)) postings.Add(word, entries = []);
            if (weight > entries.GetValueOrDefault(ordinal)) entries[ordinal] = weight;
        }
    }

    private sealed record Snapshot(string[] Words, (int Ordinal, float Weight)[][] Postings, int Version, int Items);
}
