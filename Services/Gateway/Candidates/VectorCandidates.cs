using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Candidates;

/// <summary>
/// Nearest neighbours of the viewer: by behaviour (the viewer's folded-in vector) and by text (the recent titles). Both
/// searches are one call to the vector service.
/// </summary>
public sealed class VectorCandidates(
    TasteVectors tastes, Resilience.Services services, CatalogView catalog, ItemOrdinals ordinals, GatewayOptions options) : ICandidateSource
{
    private const int ContentExamples = 20;

    /// <inheritdoc/>
    public async Task AddAsync(RecommendationRequest request, CandidatePool pool, CancellationToken cancellationToken)
    {
        if (request.History.Count == 0) return;
        request.Taste = await tastes.FoldInAsync(request, "", cancellationToken);
        var result = await SearchAsync(request, cancellationToken);
        if (result is null) return;

        var collaborative = request.Taste is null ? null : result.Results[0];
        if (collaborative?.Status == QueryStatus.VersionUnknown && collaborative.ModelVersion.Length > 0)
        {
            // A model is being swapped: the vector service says which version it can search.
            request.Taste = await tastes.FoldInAsync(request, collaborative.ModelVersion, cancellationToken);
            if (request.Taste is not null) result = await SearchAsync(request, cancellationToken);
            if (result is null) return;
            collaborative = request.Taste is null ? null : result.Results[0];
        }

        if (collaborative?.Status == QueryStatus.Ok) Add(pool, collaborative, Sources.Collaborative);
        else request.Taste = null;
        if (HasContent(request)) Add(pool, result.Results[^1], Sources.Content);
    }

    private static bool HasContent(RecommendationRequest request) => request.Seeds.Count > 0;

    private async Task<SearchResponse?> SearchAsync(RecommendationRequest request, CancellationToken cancellationToken)
    {
        var search = new SearchRequest { Limit = options.CandidatesPerSource, Filter = ToFilter(request) };
        if (request.Taste is { } taste)
            search.Queries.Add(new VectorQuery { Space = "collaborative", ModelVersion = taste.ModelVersion, Vector = taste.Vector });
        if (HasContent(request))
        {
            var content = new VectorQuery { Space = "text" };
            for (var i = 0; i < Math.Min(ContentExamples, request.Seeds.Count); i++)
            {
                content.LikeItemIds.Add(request.Seeds[i].ItemId);
                content.LikeWeights.Add(request.SeedWeight(i));
            }

            search.Queries.Add(content);
        }

        if (search.Queries.Count == 0) return null;
        var reply = await services.VectorSearch.CallAsync(o => services.VectorSearchClient.SearchAsync(search, o), request.Budget, cancellationToken);
        if (reply.Failed) request.Degrade(services.VectorSearch.Name);
        return reply.Value?.Results.Count == search.Queries.Count ? reply.Value : null;
    }

    private Filter ToFilter(RecommendationRequest request)
    {
        var filter = new Filter { Territory = request.Filter.Territory };
        if (request.Filter.MaxAgeYears is { } age) filter.MaxAgeYears = age;
        if (request.Filter.Kind is { } kind) filter.Kinds.Add((int)kind);
        filter.AnyLanguages.AddRange(request.Filter.Languages);
        filter.ExcludeItemIds.AddRange(request.ExcludedIds(ordinals));
        return filter;
    }

    private void Add(CandidatePool pool, SearchResult result, Sources source)
    {
        if (result.Status != QueryStatus.Ok) return;
        foreach (var id in result.ItemIds)
        {
            if (catalog.Find(id) is { } item) pool.Add(item, source);
        }
    }
}
