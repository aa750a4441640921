using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Ranking;

/// <summary>
/// Completes the features of all candidates in one call: a title found by the graph gets its predicted preference, one
/// found by the model gets its likeness in text, and each learns which recent title it is closest to.
/// </summary>
public sealed class FeatureScorer(Resilience.Services services, CatalogView catalog)
{
    private const int MaxCandidates = 1_000;
    private const int ExplainedTitles = 6;
    private const int ContentExamples = 20;

    /// <summary>Fills the features; leaves them as they are when the vector service does not answer.</summary>
    public async Task ScoreAsync(RecommendationRequest request, List<Candidate> candidates, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0 || request.Seeds.Count == 0) return;
        var count = Math.Min(MaxCandidates, candidates.Count);
        var explained = request.Seeds.Take(ExplainedTitles).Select(s => catalog.Find(s.Ordinal)).Where(i => i is not null).ToList();
        var call = new ScoreRequest();
        for (var i = 0; i < count; i++) call.ItemIds.Add(candidates[i].Item.Id);
        call.Queries.Add(Content(request));
        foreach (var title in explained) call.Queries.Add(Like("text", "", title!.Id));
        if (request.Taste is { } taste)
        {
            call.Queries.Add(new VectorQuery { Space = "collaborative", ModelVersion = taste.ModelVersion, Vector = taste.Vector });
            foreach (var title in explained) call.Queries.Add(Like("collaborative", taste.ModelVersion, title!.Id));
        }

        var reply = await services.VectorSearch.CallAsync(o => services.VectorSearchClient.ScoreAsync(call, o), request.Budget, cancellationToken);
        if (reply.Failed) request.Degrade(services.VectorSearch.Name);
        if (!reply.Ok || reply.Value!.Results.Count != call.Queries.Count) return;

        var results = reply.Value!.Results;
        Read(results[0], count, (i, score) => candidates[i].Content = score);
        for (var e = 0; e < explained.Count; e++)
        {
            var title = explained[e]!;
            Read(results[1 + e], count, (i, score) => KeepNearest(candidates[i], title, score));
        }

        if (request.Taste is null) return;
        var collaborative = 1 + explained.Count;
        Read(results[collaborative], count, (i, score) => candidates[i].Collaborative = score);
        var strongest = new float[count];
        for (var e = 0; e < explained.Count; e++)
        {
            var title = explained[e]!;
            Read(results[collaborative + 1 + e], count, (i, score) =>
            {
                if (score <= strongest[i]) return;
                strongest[i] = score;
                candidates[i].CoWatched = title;
            });
        }
    }

    private static void KeepNearest(Candidate candidate, CatalogItem title, float score)
    {
        if (score <= candidate.Similarity) return;
        candidate.Similarity = score;
        candidate.SimilarTo = title;
    }

    private static void Read(ScoreResult result, int count, Action<int, float> set)
    {
        if (result.Status != QueryStatus.Ok || result.Scores.Count < count) return;
        for (var i = 0; i < count; i++)
        {
            var score = result.Scores[i];
            if (!float.IsNaN(score)) set(i, score);
        }
    }

    private static VectorQuery Like(string space, string version, string itemId)
    {
        var query = new VectorQuery { Space = space, ModelVersion = version };
        query.LikeItemIds.Add(itemId);
        return query;
    }

    private static VectorQuery Content(RecommendationRequest request)
    {
        var query = new VectorQuery { Space = "text" };
        for (var i = 0; i < Math.Min(ContentExamples, request.Seeds.Count); i++)
        {
            query.LikeItemIds.Add(request.Seeds[i].ItemId);
            query.LikeWeights.Add(request.SeedWeight(i));
        }

        return query;
    }
}
