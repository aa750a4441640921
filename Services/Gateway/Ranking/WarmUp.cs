using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Resilience;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Ranking;

/// <summary>
/// Walks the hot path a few times as soon as there is a catalogue: code that has never run is compiled on its first call, and
/// without this the first viewers would meet deadlines that only the compiler missed.
/// </summary>
public sealed class WarmUp(CatalogView catalog, IEnumerable<ICandidateSource> sources, FeatureScorer features, TimeProvider time) : BackgroundService
{
    private const int Rounds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly RequestContext NoContext = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        for (var round = 0; round < Rounds;)
        {
            if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
            if (Watched() is not { Count: > 0 } history) continue;
            round++;
            var viewer = new ViewerSnapshot("warm-up");
            var filter = HardFilter.Create(viewer.Preferences, NoContext, viewer.Forbidden, viewerUnknown: false, time.GetUtcNow());
            var request = new RecommendationRequest(viewer, history, filter, 20, french: true, new RequestBudget(Patience, Patience, time));
            var pool = new CandidatePool();
            await Task.WhenAll(sources.Select(s => s.AddAsync(request, pool, stoppingToken)));
            await features.ScoreAsync(request, pool.ToList(), stoppingToken);
        }
    }

    private List<Watched> Watched()
    {
        var history = new List<Watched>();
        foreach (var item in catalog.Items)
        {
            if (item is { IsSeries: false }) history.Add(new Watched(item.Id, item.Ordinal, 1f, Poor: false));
            if (history.Count == 5) break;
        }

        return history;
    }
}
