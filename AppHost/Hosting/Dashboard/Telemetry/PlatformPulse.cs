namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>
/// How the platform is doing, per region, from the metrics that its services report: the numbers an operator asks for first.
/// </summary>
internal sealed class PlatformPulse(MetricStore store)
{
    public const int StepSeconds = 5;
    private const int Steps = 60;
    private const int TileWindowSeconds = 30;
    private const int HistoryWindowSeconds = 10;

    /// <summary>One pulse per region, by name; empty before anything has reported.</summary>
    public List<RegionPulse> Read() => store.Read(instruments =>
    {
        var byName = instruments.GroupBy(i => i.Name).ToDictionary(g => g.Key, g => g.SelectMany(i => i.Series).ToList());
        var now = store.NowSecond - 1;
        var alive = byName.Values.SelectMany(s => s).Where(s => s.LastSecond >= now - 60).Select(s => s.Source.Region).Distinct().Order(StringComparer.Ordinal);
        return alive.Select(region => Region(region, name => byName.TryGetValue(name, out var series) ? series.Where(s => s.Source.Region == region).ToList() : [], now)).ToList();
    });

    private static RegionPulse Region(string region, Func<string, List<Series>> seriesOf, long now)
    {
        var latency = seriesOf("recommendation_latency_seconds");
        // Who answers viewers is who measures their latency.
        var edges = latency.Select(s => s.Source).ToHashSet();
        var requests = seriesOf("http_requests_per_second").Where(s => edges.Contains(s.Source)).ToList();
        var answers = seriesOf("http.server.request.duration")
            .Where(s => edges.Contains(s.Source) && s.Dimension("http.route") is { } route && !route.StartsWith("/health", StringComparison.Ordinal)).ToList();
        var failures = answers.Where(s => s.Dimension("http.response.status_code") is ['5', ..]).ToList();
        var (hits, misses, events) = (seriesOf("cache_hits_total"), seriesOf("cache_misses_total"), seriesOf("events_ingested_total"));
        var freshness = seriesOf("view_freshness_seconds").Where(s => s.Dimension("view") == "profiles").ToList();

        var moments = Enumerable.Range(0, Steps).Select(i => now - ((Steps - 1 - i) * (long)StepSeconds)).ToList();
        return new RegionPulse(
            region,
            MetricQuery.Last(requests, now),
            Milliseconds(MetricQuery.Percentile(latency, 0.5, now, TileWindowSeconds)),
            Milliseconds(MetricQuery.Percentile(latency, 0.99, now, TileWindowSeconds)),
            Share(failures, answers, now, TileWindowSeconds),
            Share(hits, [.. hits, .. misses], now, TileWindowSeconds),
            MetricQuery.Rate(events, now, HistoryWindowSeconds),
            Milliseconds(MetricQuery.Percentile(freshness, 0.5, now, TileWindowSeconds)),
            Milliseconds(MetricQuery.Percentile(freshness, 0.99, now, TileWindowSeconds)),
            new PulseHistory(
                [.. moments.Select(t => MetricQuery.Last(requests, t))],
                [.. moments.Select(t => Milliseconds(MetricQuery.Percentile(latency, 0.99, t, HistoryWindowSeconds)))],
                [.. moments.Select(t => MetricQuery.Rate(events, t, HistoryWindowSeconds))],
                [.. moments.Select(t => Share(failures, answers, t, HistoryWindowSeconds))],
                [.. moments.Select(t => Share(hits, [.. hits, .. misses], t, HistoryWindowSeconds))],
                [.. moments.Select(t => Milliseconds(MetricQuery.Percentile(freshness, 0.99, t, HistoryWindowSeconds)))]));
    }

    private static double? Milliseconds(double? seconds) => seconds * 1_000;

    // Null where nothing happened: a share of nothing is not zero.
    private static double? Share(List<Series> part, List<Series> whole, long second, int windowSeconds) =>
        MetricQuery.Rate(whole, second, windowSeconds) is > 0 and var all ? Math.Clamp((MetricQuery.Rate(part, second, windowSeconds) ?? 0) / all, 0, 1) : null;
}

/// <summary>A region's numbers now; null = not known.</summary>
internal sealed record RegionPulse(
    string Region, double? RequestsPerSecond, double? P50Ms, double? P99Ms, double? ErrorRatio, double? CacheHitRatio, double? EventsPerSecond, double? FreshnessP50Ms, double? FreshnessP99Ms,
    PulseHistory History);

/// <summary>The same over the last five minutes, oldest first.</summary>
internal sealed record PulseHistory(
    List<double?> RequestsPerSecond, List<double?> P99Ms, List<double?> EventsPerSecond, List<double?> ErrorRatio, List<double?> CacheHitRatio, List<double?> FreshnessP99Ms);
