using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Popularity;

/// <summary>
/// How often titles are watched: for all time (one viewer counts once per title) and lately, per territory, by forward decay
/// (Cormode, Shkapenyuk, Srivastava, Xu 2009): a watch at time t adds 2^((t-L)/H) with landmark L and half-life H, so that
/// nothing has to be decayed as time passes and late events count for exactly what they are worth.
/// </summary>
public sealed class PopularityIndex(ItemOrdinals ordinals, PopularityOptions options, TimeProvider time)
{
    private const int MaxTerritories = 300;
    private const int RefreshMs = 1_000;
    private readonly Lock _gate = new();
    private readonly Lock _refresh = new();
    private readonly Dictionary<string, Trend> _trends = new(StringComparer.Ordinal);
    private readonly long _landmarkMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private volatile Lists _lists = new([], [], long.MinValue);
    private int[] _watches = new int[1024];
    private volatile bool _changed;

    /// <summary>Largest number of watches of any title.</summary>
    public int MaxWatches { get; private set; }

    /// <summary>The most watched titles, best first; at most a second old.</summary>
    public int[] Popular => Current().Popular;

    /// <summary>Counts one watch.</summary>
    /// <param name="item">Ordinal of the title.</param>
    /// <param name="territory">Where; empty = unknown.</param>
    /// <param name="occurredAtMs">When, in unix milliseconds.</param>
    /// <param name="isFirstOfViewer">Only the first watch of a viewer counts for all time.</param>
    public void Watched(int item, string territory, long occurredAtMs, bool isFirstOfViewer)
    {
        lock (_gate)
        {
            if (item >= _watches.Length) Array.Resize(ref _watches, Math.Max(item + 1, _watches.Length * 2));
            if (isFirstOfViewer) MaxWatches = Math.Max(MaxWatches, ++_watches[item]);
            _changed = true;
            if (occurredAtMs < _landmarkMs - options.TrendingWindow.TotalMilliseconds) return;
            var weight = double.Exp2((occurredAtMs - _landmarkMs) / options.TrendingHalfLife.TotalMilliseconds);
            AddTrend("", item, weight);
            if (territory.Length > 0 && (_trends.ContainsKey(territory) || _trends.Count < MaxTerritories)) AddTrend(territory, item, weight);
        }
    }

    /// <summary>Viewers who watched a title.</summary>
    public int WatchesOf(int item)
    {
        var watches = _watches;
        return item < watches.Length ? watches[item] : 0;
    }

    /// <summary>0-1 on a logarithmic scale, 1 = the most watched title.</summary>
    public double ShareOf(int item) => MaxWatches == 0 ? 0 : Math.Log(1 + WatchesOf(item)) / Math.Log(1 + MaxWatches);

    /// <summary>
    /// What is being watched in a territory, best first, at most a second old. Where nothing is known of the territory: what is
    /// being watched anywhere, which the territory returned (empty) says.
    /// </summary>
    public (int[] Items, string Territory) Trending(string territory)
    {
        var trends = Current().Trends;
        if (trends.TryGetValue(territory, out var list)) return (list, territory);
        return (trends.GetValueOrDefault("", []), "");
    }

    /// <summary>Forgets everything, for a rebuild.</summary>
    public void Clear()
    {
        lock (_refresh)
        {
            lock (_gate)
            {
                Array.Clear(_watches);
                MaxWatches = 0;
                _trends.Clear();
                _lists = new([], [], long.MinValue);
            }
        }
    }

    private void AddTrend(string territory, int item, double weight)
    {
        if (!_trends.TryGetValue(territory, out var trend)) _trends.Add(territory, trend = new Trend());
        trend.Scores[item] = trend.Scores.GetValueOrDefault(item) + weight;
        trend.Changed = true;
        if (trend.Scores.Count > options.MaxTrendingItems) Prune(trend.Scores);
    }

    private static List<KeyValuePair<int, double>> Weakest(Dictionary<int, double> scores, int count) => [.. scores.OrderBy(s => s.Value).Take(count)];

    private void Prune(Dictionary<int, double> scores)
    {
        foreach (var (item, _) in Weakest(scores, options.MaxTrendingItems / 4)) scores.Remove(item);
    }

    // One request a second sorts; the others go on with the lists of the second before.
    private Lists Current()
    {
        var lists = _lists;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!_changed || (lists.AtMs != long.MinValue && now - lists.AtMs < RefreshMs)) return lists;
        if (lists.AtMs == long.MinValue) _refresh.Enter();
        else if (!_refresh.TryEnter()) return lists;
        try
        {
            return _lists == lists ? _lists = Build(lists, now) : _lists;
        }
        finally
        {
            _refresh.Exit();
        }
    }

    private Lists Build(Lists before, long now)
    {
        int[] watches;
        var changed = new List<(string Territory, KeyValuePair<int, double>[] Scores)>();
        // Copied under the lock and sorted outside: the view goes on applying events meanwhile.
        lock (_gate)
        {
            _changed = false;
            watches = [.. _watches];
            foreach (var (territory, trend) in _trends)
            {
                if (trend.Changed) changed.Add((territory, [.. trend.Scores]));
                trend.Changed = false;
            }
        }

        var trends = new Dictionary<string, int[]>(before.Trends, StringComparer.Ordinal);
        foreach (var (territory, scores) in changed) trends[territory] = Best(scores);
        return new Lists(Best([.. watches.Select((w, i) => KeyValuePair.Create(i, (double)w)).Where(w => w.Value > 0)]), trends, now);
    }

    private int[] Best(KeyValuePair<int, double>[] scores)
    {
        Array.Sort(scores, (a, b) =>
        {
            var byScore = b.Value.CompareTo(a.Value);
            return byScore != 0 ? byScore : string.CompareOrdinal(ordinals.IdOf(a.Key), ordinals.IdOf(b.Key));
        });
        var best = new int[Math.Min(scores.Length, options.ListLength)];
        for (var i = 0; i < best.Length; i++) best[i] = scores[i].Key;
        return best;
    }

    private sealed class Trend
    {
        public Dictionary<int, double> Scores { get; } = [];

        public bool Changed { get; set; }
    }

    private sealed record Lists(int[] Popular, Dictionary<string, int[]> Trends, long AtMs);
}
