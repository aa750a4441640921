using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;

namespace RecoAspire.Gateway.Ranking;

/// <summary>Titles like a title: by who watches them, by text and by what they share.</summary>
public sealed class SimilarItems(Resilience.Services services, CatalogView catalog, GatewayOptions options)
{
    /// <summary>Similar items, best first, and the services that did not help.</summary>
    public async Task<(List<(CatalogItem Item, double Score)> Items, List<string> Degraded)> FindAsync(
        CatalogItem item, int limit, HardFilter filter, CancellationToken cancellationToken)
    {
        var degraded = new List<string>();
        var scores = new Dictionary<int, double>();
        var search = new SearchRequest { Limit = options.CandidatesPerSource, Filter = new Filter { ExcludeItemIds = { item.Id } } };
        search.Queries.Add(new VectorQuery { Space = "collaborative", LikeItemIds = { item.Id } });
        search.Queries.Add(new VectorQuery { Space = "text", LikeItemIds = { item.Id } });
        var expand = new ExpandRequest { Limit = options.CandidatesPerSource, Seeds = { new Seed { ItemId = item.Id, Weight = 1 } } };
        var deadline = TimeSpan.FromMilliseconds(options.LongDeadlineMs);
        var vectorCall = services.VectorSearch.CallAsync(o => services.VectorSearchClient.SearchAsync(search, o), cancellationToken, deadline);
        var graphCall = services.Graph.CallAsync(o => services.GraphClient.ExpandAsync(expand, o), cancellationToken, deadline);

        var vectors = await vectorCall;
        if (vectors.Failed) degraded.Add(services.VectorSearch.Name);
        foreach (var result in vectors.Value?.Results ?? [])
            AddRelative([.. result.ItemIds.Zip(result.Scores, (id, score) => (id, (double)score))], scores);
        var graph = await graphCall;
        if (graph.Failed) degraded.Add(services.Graph.Name);
        if (graph.Ok) AddRelative([.. graph.Value!.Candidates.Select(c => (c.ItemId, c.Score))], scores);

        var items = scores.Select(s => (Item: catalog.Find(s.Key), s.Value))
            .Where(s => s.Item is not null && s.Item.Ordinal != item.Ordinal && filter.Allows(s.Item))
            .Select(s => (s.Item!, s.Value))
            .OrderByDescending(s => s.Value).ThenBy(s => s.Item1.Id, StringComparer.Ordinal)
            .Take(limit).ToList();
        return (items, degraded);
    }

    // Each source speaks relative to its own best, so that no scale drowns another.
    private void AddRelative((string Id, double Value)[] found, Dictionary<int, double> scores)
    {
        if (found.Length == 0 || found[0].Value <= 0) return;
        foreach (var (id, value) in found)
        {
            if (catalog.Find(id) is { } item && value > 0) scores[item.Ordinal] = scores.GetValueOrDefault(item.Ordinal) + (value / found[0].Value / 3);
        }
    }
}
