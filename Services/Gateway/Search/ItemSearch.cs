using Google.Protobuf;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Ranking;

namespace RecoAspire.Gateway.Search;

/// <summary>Search by words and by meaning: the title index and the text vectors, added up. Words alone answer when the vectors do not.</summary>
public sealed class ItemSearch(TitleIndex titles, QueryVectorCache vectors, Resilience.Services services, CatalogView catalog, GatewayOptions options)
{
    /// <summary>Items that match, best first, and the services that did not help.</summary>
    public async Task<(List<(CatalogItem Item, double Score)> Items, List<string> Degraded)> FindAsync(
        string text, int limit, HardFilter filter, CancellationToken cancellationToken)
    {
        var degraded = new List<string>();
        var found = new Dictionary<int, (CatalogItem Item, double Score)>();
        foreach (var (item, score) in titles.Find(text, 200)) found[item.Ordinal] = (item, score);
        if (await VectorOfAsync(text, degraded, cancellationToken) is { } vector)
        {
            var search = new SearchRequest { Limit = 50, Queries = { new VectorQuery { Space = "text", Vector = vector } } };
            var reply = await services.VectorSearch.CallAsync(
                o => services.VectorSearchClient.SearchAsync(search, o), cancellationToken, TimeSpan.FromMilliseconds(options.LongDeadlineMs));
            if (reply.Failed) degraded.Add(services.VectorSearch.Name);
            if (reply.Ok) AddByMeaning(reply.Value!.Results[0], found);
        }

        var results = found.Values.Where(f => filter.Allows(f.Item)).ToList();
        results.Sort((a, b) =>
        {
            var byScore = b.Score.CompareTo(a.Score);
            return byScore != 0 ? byScore : string.CompareOrdinal(a.Item.Id, b.Item.Id);
        });
        if (results.Count > limit) results.RemoveRange(limit, results.Count - limit);
        return (results, degraded);
    }

    private void AddByMeaning(SearchResult result, Dictionary<int, (CatalogItem Item, double Score)> found)
    {
        if (result.Status != QueryStatus.Ok) return;
        for (var i = 0; i < result.ItemIds.Count; i++)
        {
            if (catalog.Find(result.ItemIds[i]) is not { } item || result.Scores[i] <= 0.1f) continue;
            var words = found.TryGetValue(item.Ordinal, out var known) ? known.Score : 0;
            found[item.Ordinal] = (item, words + (0.5 * result.Scores[i]));
        }
    }

    private async Task<ByteString?> VectorOfAsync(string text, List<string> degraded, CancellationToken cancellationToken)
    {
        if (await vectors.FindAsync(text, cancellationToken) is { } cached)
        {
            RecommendationMetrics.Cache("query-vector", hit: true);
            return cached;
        }

        RecommendationMetrics.Cache("query-vector", hit: false);
        var reply = await services.Embedding.CallAsync(
            o => services.EmbeddingClient.EmbedTextAsync(new EmbedTextRequest { Texts = { text } }, o),
            cancellationToken,
            TimeSpan.FromMilliseconds(options.LongDeadlineMs));
        if (reply.Failed) degraded.Add(services.Embedding.Name);
        if (!reply.Ok) return null;
        vectors.Add(text, reply.Value!.Vectors[0]);
        return reply.Value.Vectors[0];
    }
}
