using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Candidates;

/// <summary>The episode after the furthest watched one, for the series that the viewer is in the middle of.</summary>
public sealed class NextEpisodeCandidates(Resilience.Services services, CatalogView catalog) : ICandidateSource
{
    private const int MaxSeries = 5;

    /// <inheritdoc/>
    public async Task AddAsync(RecommendationRequest request, CandidatePool pool, CancellationToken cancellationToken)
    {
        // Where the viewer stands is the furthest episode, not the last one played: after a look back at the first episode the
        // second is still not new. Series come in the order of the history, most recent first.
        var furthest = request.Seeds
            .Select(w => catalog.Find(w.Ordinal))
            .Where(i => i is { Kind: ItemKind.Episode, SeriesId.Length: > 0 })
            .GroupBy(i => i!.SeriesId)
            .Take(MaxSeries)
            .Select(series => series.MaxBy(i => (i!.Season, i.Episode)));
        await Task.WhenAll(furthest.Select(episode => AddNextAsync(request, pool, episode!, cancellationToken)));
    }

    private async Task AddNextAsync(RecommendationRequest request, CandidatePool pool, CatalogItem watched, CancellationToken cancellationToken)
    {
        var reply = await services.Graph.CallAsync(
            o => services.GraphClient.GetNextEpisodeAsync(new GetNextEpisodeRequest { ItemId = watched.Id }, o), request.Budget, cancellationToken);
        if (reply.Failed) request.Degrade(services.Graph.Name);
        if (reply.Ok && reply.Value!.ItemId is { Length: > 0 } id && catalog.Find(id) is { } next)
            pool.Add(next, Sources.NextEpisode, c => c.NextAfter = watched);
    }
}
