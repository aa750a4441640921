using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Popularity;

namespace RecoAspire.Gateway.Candidates;

/// <summary>
/// What is being watched in the viewer's territory and what always is: from memory, so that it answers when nothing else does.
/// When the catalogue has no watches yet, the catalogue itself is offered.
/// </summary>
public sealed class PopularCandidates(CatalogView catalog, PopularityIndex popularity, GatewayOptions options) : ICandidateSource
{
    /// <inheritdoc/>
    public Task AddAsync(RecommendationRequest request, CandidatePool pool, CancellationToken cancellationToken)
    {
        var (trending, territory) = popularity.Trending(request.Filter.Territory);
        AddAllowed(request, pool, trending, Sources.Trending, options.CandidatesPerSource / 2, (c, rank) => (c.Trend, c.TrendTerritory) = (1.0 / (1 + (rank / 10.0)), territory));
        var popular = AddAllowed(request, pool, popularity.Popular, Sources.Popular, options.CandidatesPerSource / 2, null);
        if (popular < request.Limit) AddUnwatched(request, pool, request.Limit);
        return Task.CompletedTask;
    }

    // Filtering here as well keeps the lists deep enough for viewers to whom much is forbidden; and since one episode of a
    // series is shown at most, a long series counts once.
    private int AddAllowed(RecommendationRequest request, CandidatePool pool, int[] list, Sources source, int count, Action<Candidate, int>? set)
    {
        var added = 0;
        var series = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ordinal in list)
        {
            if (added == count) break;
            if (catalog.Find(ordinal) is not { } item || !request.Filter.Allows(item) || IsRepeated(item, series)) continue;
            var rank = added++;
            pool.Add(item, source, set is null ? null : c => set(c, rank));
        }

        return added;
    }

    private void AddUnwatched(RecommendationRequest request, CandidatePool pool, int count)
    {
        var series = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in catalog.Items)
        {
            if (count == 0) return;
            if (item is null || !request.Filter.Allows(item) || IsRepeated(item, series)) continue;
            pool.Add(item, Sources.Popular);
            count--;
        }
    }

    private static bool IsRepeated(CatalogItem item, HashSet<string> series) => item.SeriesId.Length > 0 && !series.Add(item.SeriesId);
}
