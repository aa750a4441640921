using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Spaces;
using RecoAspire.VectorSearch.Views;

namespace RecoAspire.VectorSearch.Recall;

/// <summary>
/// Watches that the search finds what is there. Once a minute the first query that each space has had since is answered again, by
/// the engine and by <see cref="PlainSearch"/>, over one state, with the query's conditions and without its exclusions; the share of the
/// ten best that the engine found is <see cref="MetricNames.VectorSearchRecall"/>. Both take the set of allowed items from the same
/// place, so this says nothing about filters.
/// </summary>
internal sealed class RecallSampler : BackgroundService
{
    private const int Best = 10;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Sample> _samples = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, double> _recall = new(StringComparer.Ordinal);
    private readonly VectorsView _view;
    private readonly ISearchEngine _engine;
    private readonly RecallOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RecallSampler> _logger;
    private volatile bool _disposed;

    public RecallSampler(VectorsView view, ISearchEngine engine, RecallOptions options, TimeProvider time, ILogger<RecallSampler> logger)
    {
        (_view, _engine, _options, _time, _logger) = (view, engine, options, time, logger);
        if (options.Enabled) TelemetryExtensions.Meter.CreateObservableGauge(MetricNames.VectorSearchRecall, Observe);
    }

    /// <summary>The last recall of a space; null before the first sample.</summary>
    public double? Of(string space) => _recall.TryGetValue(space, out var recall) ? recall : null;

    /// <summary>Tells of queries that have been answered. Costs a look-up each; the first of a space in a minute is kept.</summary>
    public void Offer(IReadOnlyList<VectorQuery> queries, IReadOnlyList<SearchResult> results, ItemConditions conditions)
    {
        if (!_options.Enabled) return;
        for (var i = 0; i < queries.Count; i++)
        {
            var space = queries[i].Space;
            if (results[i].Status != QueryStatus.Ok || _samples.ContainsKey(space)) continue;
            _samples.TryAdd(space, new Sample(queries[i], conditions, _time.GetTimestamp()));
        }
    }

    /// <summary>Answers the samples again, those that have waited longest first, as far as a minute's work goes.</summary>
    internal async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var left = _options.MaxProducts;
        foreach (var (space, sample) in _samples.OrderBy(s => s.Value.OfferedAt))
        {
            var state = _view.State;
            var query = QueryResolver.Resolve(sample.Query, state);
            var products = query.Version is { } version ? (long)version.Table.Count * version.Table.Dimensions : 0;
            // It waits for the next minute, unless no minute is long enough.
            if (products > left && products <= _options.MaxProducts) continue;
            if (products <= left && await MeasureAsync(sample, query, state, cancellationToken) is { } recall) _recall[space] = recall;
            if (products <= left) left -= products;
            _samples.TryRemove(space, out _);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The process's meter outlives this and goes on asking.
        _disposed = true;
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await MeasureAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _logger.LogError(e, "the recall of a sample could not be measured");
                _samples.Clear();
            }
        }
    }

    private async Task<double?> MeasureAsync(Sample sample, ResolvedQuery query, SearchState state, CancellationToken cancellationToken)
    {
        if (query.Version is not { } version || VectorReader.IsZero(query.Vector)) return null;
        var answer = _engine.Search(state, [sample.Query], sample.Conditions, [], Best).Results[0];
        var found = answer.ItemIds.Select(id => state.Ids.TryGet(id, out var item) ? item : -1).Where(item => item >= 0).ToArray();
        var allowed = state.Facts.Allowed(sample.Conditions, _time.GetUtcNow().ToUnixTimeMilliseconds());
        return await PlainSearch.RecallAsync(version.Table, query.Vector, allowed.Contains, found, Best, cancellationToken);
    }

    private IEnumerable<Measurement<double>> Observe() => _disposed ? [] : _recall.Select(r =>
        new Measurement<double>(r.Value, new KeyValuePair<string, object?>("space", r.Key)));

    private sealed record Sample(VectorQuery Query, ItemConditions Conditions, long OfferedAt);
}
