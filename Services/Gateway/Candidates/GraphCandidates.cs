using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Candidates;

/// <summary>Titles that share people, genres, themes or a series with the viewer's recent ones.</summary>
public sealed class GraphCandidates(Resilience.Services services, CatalogView catalog, ItemOrdinals ordinals, GatewayOptions options) : ICandidateSource
{
    /// <inheritdoc/>
    public async Task AddAsync(RecommendationRequest request, CandidatePool pool, CancellationToken cancellationToken)
    {
        if (request.Seeds.Count == 0) return;
        var expand = new ExpandRequest { Limit = options.CandidatesPerSource };
        for (var i = 0; i < request.Seeds.Count; i++)
            expand.Seeds.Add(new Seed { ItemId = request.Seeds[i].ItemId, Weight = request.SeedWeight(i) });
        expand.ExcludeItemIds.AddRange(request.ExcludedIds(ordinals));

        var reply = await services.Graph.CallAsync(o => services.GraphClient.ExpandAsync(expand, o), request.Budget, cancellationToken);
        if (reply.Failed) request.Degrade(services.Graph.Name);
        if (!reply.Ok) return;
        foreach (var found in reply.Value!.Candidates)
        {
            if (catalog.Find(found.ItemId) is not { } item) continue;
            pool.Add(item, Sources.Graph, c =>
            {
                c.Graph = found.Score;
                c.Path = found.Path;
            });
        }
    }
}
