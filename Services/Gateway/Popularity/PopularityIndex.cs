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
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<int, double>> _trending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _trendingLists = new(StringComparer.Ordinal);
    private readonly long _landmarkMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private int[] _watches = new int[1024];
    private int[] _popular = [];
    private long _listsAtMs = long.MinValue;
    private bool _changed;

    /// <summary>Largest number of watches of any title.</summary>
    public int MaxWatches { get; private set; }

    /// <summary>Counts one watch. <paramref name="territory"/> empty = unknown.</summary>
    public void Watched(int item, string territory, long occurredAtMs, bool isNewToViewer)
    {
        lock (_gate)
        {
            if (item >= _watches.Length) Array.Resize(ref _watches, Math.Max(item + 1, _watches.Length * 2));
            if (isNewToViewer) MaxWatches = Math.Max(MaxWatches, ++_watches[item]);
            _changed = true;
            if (occurredAtMs < _landmarkMs - options.TrendingWindow.TotalMilliseconds) return;
            var weight = double.Exp2((occurredAtMs - _landmarkMs) / options.TrendingHalfLife.TotalMilliseconds);
            AddTrend("", item, weight);
            if (territory.Length > 0 && (_trending.ContainsKey(territory) || _trending.Count < MaxTerritories)) AddTrend(territory, item, weight);
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

    /// <summary>The most watched titles, best first; at most a second old.</summary>
    public int[] Popular
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return _popular;
            }
        }
    }

    /// <summary>What is being watched in a territory (empty = anywhere), best first; at most a second old.</summary>
    public int[] Trending(string territory)
    {
        lock (_gate)
        {
            Refresh();
            if (_trendingLists.TryGetValue(territory, out var list)) return list;
            return territory.Length > 0 && _trendingLists.TryGetValue("", out var everywhere) ? everywhere : [];
        }
    }

    /// <summary>Forgets everything, for a rebuild.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_watches);
            MaxWatches = 0;
            _trending.Clear();
            _trendingLists.Clear();
            _popular = [];
            _changed = true;
            _listsAtMs = long.MinValue;
        }
    }

    private void AddTrend(string territory, int item, double weight)
    {
        if (!_trending.TryGetValue(territory, out var scores)) _trending.Add(territory, scores = []);
        scores[item] = scores.GetValueOrDefault(item) + weight;
        if (scores.Count > options.MaxTrendingItems) Prune(scores);
    }

    private void Prune(Dictionary<int, double> scores)
    {
        foreach (var (item, _) in scores.OrderBy(s => s.Value).Take(options.MaxTrendingItems / 4).ToList()) scores.Remove(item);
    }

    private void Refresh()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!_changed || (_listsAtMs != long.MinValue && now - _listsAtMs < 1_000)) return;
        _popular = [.. Enumerable.Range(0, _watches.Length).Where(i => _watches[i] > 0)
            .OrderByDescending(i => _watches[i]).ThenBy(ordinals.IdOf, StringComparer.Ordinal).Take(options.ListLength)];
        _trendingLists.Clear();
        foreach (var (territory, scores) in _trending)
            _trendingLists[territory] = [.. scores.OrderByDescending(s => s.Value).ThenBy(s => ordinals.IdOf(s.Key), StringComparer.Ordinal).Take(options.ListLength).Select(s => s.Key)];
        _listsAtMs = now;
        _changed = false;
    }
}
