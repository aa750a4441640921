using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Popularity;
using RecoAspire.Gateway.Resilience;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Ranking;

/// <summary>
/// Orders a shelf that an app already has: the same titles, scored for one viewer by the whole history. Nothing is filtered:
/// the app chose the titles.
/// </summary>
public sealed class ShelfRanker(
    TasteReader tastes, TasteVectors vectors, ItemOrdinals ordinals, CatalogView catalog, PopularityIndex popularity, Resilience.Services services, RankingOptions ranking, GatewayOptions options, TimeProvider time)
{
    private static readonly RequestContext NoContext = new();

    /// <summary>Scores the titles, best first; those that are not in the catalogue come last.</summary>
    public async Task<Shelf> RankAsync(string viewerId, IReadOnlyList<string> itemIds, bool byPopularity, CancellationToken cancellationToken)
    {
        var scores = new double[itemIds.Count];
        if (byPopularity) return Sorted(itemIds, ByWatches(itemIds, scores), Strategies.Popular, "", []);

        var total = TimeSpan.FromMilliseconds(options.LongDeadlineMs);
        var budget = new RequestBudget(total, total, time);
        var request = await tastes.ReadAsync(viewerId, NoContext, itemIds.Count, options.RankHistoryLimit, false, budget, cancellationToken);
        if (request.History.Count == 0) return Sorted(itemIds, ByWatches(itemIds, scores), Strategies.ColdStart, "", request.Degraded);

        var taste = await vectors.FoldInAsync(request, "", cancellationToken);
        var result = await ScoreAsync(request, taste, itemIds, cancellationToken);
        if (taste is not null && result?.Results[0] is { Status: QueryStatus.VersionUnknown, ModelVersion.Length: > 0 } other)
        {
            taste = await vectors.FoldInAsync(request, other.ModelVersion, cancellationToken);
            result = await ScoreAsync(request, taste, itemIds, cancellationToken);
        }

        if (result is null) return Sorted(itemIds, ByWatches(itemIds, scores), Strategies.Popular, "", request.Degraded);
        var collaborative = taste is not null && result.Results[0].Status == QueryStatus.Ok ? result.Results[0] : null;
        var content = result.Results[^1].Status == QueryStatus.Ok && request.Seeds.Count > 0 ? result.Results[^1] : null;
        // Neither behaviour nor text had anything to say: what is left is what everybody watches, and is called so.
        if (collaborative is null && content is null) return Sorted(itemIds, ByWatches(itemIds, scores), Strategies.Popular, "", request.Degraded);
        for (var i = 0; i < scores.Length; i++) scores[i] = Combine(collaborative?.Scores[i], content?.Scores[i], itemIds[i]);
        return Sorted(itemIds, scores, Strategies.Personalised, collaborative is null ? "" : taste!.ModelVersion, request.Degraded);
    }

    // A prediction by behaviour is not diluted; text speaks only for titles that have none.
    private double Combine(float? collaborative, float? content, string itemId)
    {
        if (collaborative is { } predicted && !float.IsNaN(predicted)) return predicted;
        var alike = content is { } cosine && !float.IsNaN(cosine) ? Math.Max(0, cosine) : 0;
        return (ranking.ColdContent * alike) + (0.01 * PopularityOf(itemId));
    }

    private double PopularityOf(string itemId) => ordinals.TryGet(itemId, out var ordinal) ? popularity.ShareOf(ordinal) : 0;

    private double[] ByWatches(IReadOnlyList<string> itemIds, double[] scores)
    {
        for (var i = 0; i < scores.Length; i++) scores[i] = ordinals.TryGet(itemIds[i], out var ordinal) ? popularity.WatchesOf(ordinal) : 0;
        return scores;
    }

    private async Task<ScoreResponse?> ScoreAsync(
        RecommendationRequest request, TasteVector? taste, IReadOnlyList<string> itemIds, CancellationToken cancellationToken)
    {
        var call = new ScoreRequest();
        call.ItemIds.AddRange(itemIds);
        if (taste is not null) call.Queries.Add(new VectorQuery { Space = "collaborative", ModelVersion = taste.ModelVersion, Vector = taste.Vector });
        var content = new VectorQuery { Space = "text" };
        for (var i = 0; i < Math.Min(20, request.Seeds.Count); i++)
        {
            content.LikeItemIds.Add(request.Seeds[i].ItemId);
            content.LikeWeights.Add(request.SeedWeight(i));
        }

        if (request.Seeds.Count > 0) call.Queries.Add(content);
        if (call.Queries.Count == 0) return null;
        var reply = await services.VectorSearch.CallAsync(o => services.VectorSearchClient.ScoreAsync(call, o), request.Budget, cancellationToken);
        if (reply.Failed) request.Degrade(services.VectorSearch.Name);
        var response = reply.Value;
        return response?.Results.Count == call.Queries.Count && response.Results.All(r => r.Status != QueryStatus.Ok || r.Scores.Count == itemIds.Count) ? response : null;
    }

    private Shelf Sorted(IReadOnlyList<string> itemIds, double[] scores, string strategy, string modelVersion, IReadOnlyList<string> degraded)
    {
        var items = new List<ShelfItem>(itemIds.Count);
        for (var i = 0; i < itemIds.Count; i++) items.Add(new ShelfItem(itemIds[i], scores[i], catalog.Find(itemIds[i]) is not null));
        items.Sort((a, b) =>
        {
            if (a.Known != b.Known) return a.Known ? -1 : 1;
            var byScore = b.Score.CompareTo(a.Score);
            return byScore != 0 ? byScore : string.CompareOrdinal(a.ItemId, b.ItemId);
        });
        return new Shelf(strategy, modelVersion, degraded, items);
    }
}

/// <summary>One title of a shelf.</summary>
public sealed record ShelfItem(string ItemId, double Score, bool Known);

/// <summary>A shelf in order.</summary>
public sealed record Shelf(string Strategy, string ModelVersion, IReadOnlyList<string> Degraded, IReadOnlyList<ShelfItem> Items);
