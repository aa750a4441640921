using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Explanations;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Resilience;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.Gateway.Ranking;

/// <summary>The hot path: candidates side by side, features, blend, hard filters, diversity, reasons.</summary>
public sealed class Recommender(
    TasteReader tastes, CatalogView catalog, IEnumerable<ICandidateSource> sources, FeatureScorer features, Blend blend, Diversity diversity, ReasonWriter reasons, GatewayOptions options, TimeProvider time)
{
    /// <summary>What a viewer should watch now.</summary>
    public async Task<Recommendations> RecommendAsync(
        string viewerId, RequestContext context, int limit, bool french, CancellationToken cancellationToken)
    {
        using var span = TelemetryExtensions.ActivitySource.StartActivity("recommend");
        var budget = new RequestBudget(TimeSpan.FromMilliseconds(options.BudgetMs), TimeSpan.FromMilliseconds(options.DependencyDeadlineMs), time);
        var request = await tastes.ReadAsync(viewerId, context, limit, options.HistoryLimit, french, budget, cancellationToken);
        var pool = new CandidatePool();
        using (TelemetryExtensions.ActivitySource.StartActivity("candidates"))
            await Task.WhenAll(sources.Select(s => s.AddAsync(request, pool, cancellationToken)));
        var candidates = pool.ToList();
        candidates.RemoveAll(c => !request.Filter.Allows(c.Item));
        span?.SetTag("reco.candidates", candidates.Count);

        using (TelemetryExtensions.ActivitySource.StartActivity("score")) await features.ScoreAsync(request, candidates, cancellationToken);
        // Once more, by the catalogue of this moment: an item may have been withdrawn while the services answered.
        candidates.RemoveAll(c => catalog.Find(c.Item.Ordinal) is not { } now || !request.Filter.Allows(now));
        var strategy = StrategyOf(request, candidates);
        if (strategy == Strategies.ColdStart) blend.ScoreColdStart(candidates, viewerId);
        else blend.Score(candidates);
        var chosen = diversity.Choose(candidates, limit);

        var items = chosen.Select(c => new Recommended(c, reasons.Explain(c, request))).ToList();
        foreach (var dependency in request.Degraded) RecommendationMetrics.DegradedBy(dependency);
        return new Recommendations(strategy, request.Taste?.ModelVersion ?? "", request.Degraded, items);
    }

    private static string StrategyOf(RecommendationRequest request, List<Candidate> candidates)
    {
        if (request.History.Count == 0) return Strategies.ColdStart;
        const Sources personal = Sources.Collaborative | Sources.Content | Sources.Graph | Sources.NextEpisode;
        return candidates.Exists(c => (c.Sources & personal) != 0) ? Strategies.Personalised : Strategies.Popular;
    }
}

/// <summary>How an answer came about.</summary>
public static class Strategies
{
    /// <summary>From the viewer's own history.</summary>
    public const string Personalised = "personalised";

    /// <summary>The viewer has no history yet.</summary>
    public const string ColdStart = "coldStart";

    /// <summary>The viewer has a history, but nothing that could use it answered; or it was asked for.</summary>
    public const string Popular = "popular";
}

/// <summary>One chosen title.</summary>
public sealed record Recommended(Candidate Candidate, Reason Reason);

/// <summary>A list of recommendations.</summary>
public sealed record Recommendations(string Strategy, string ModelVersion, IReadOnlyList<string> Degraded, IReadOnlyList<Recommended> Items);
