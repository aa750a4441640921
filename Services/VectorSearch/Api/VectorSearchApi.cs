using Grpc.Core;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Recall;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Views;

namespace RecoAspire.VectorSearch.Api;

/// <summary>gRPC face of the service.</summary>
internal sealed class VectorSearchApi(VectorsView view, ISearchEngine engine, VectorWriter writer, RecallSampler recall) : VectorSearchService.VectorSearchServiceBase
{
    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        SearchLimits.Check(request.Queries);
        SearchLimits.CheckLimit(request.Limit);
        var excluded = request.Filter?.ExcludeItemIds ?? [];
        SearchLimits.CheckIds(excluded, 0, SearchLimits.MaxExcluded, "filter.exclude_item_ids");
        var conditions = ItemConditions.From(request.Filter);
        var response = engine.Search(view.State, request.Queries, conditions, excluded, request.Limit);
        recall.Offer(request.Queries, response.Results, conditions);
        return Task.FromResult(response);
    }

    public override Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        SearchLimits.Check(request.Queries);
        SearchLimits.CheckIds(request.ItemIds, 1, SearchLimits.MaxScoredItems, "item_ids");
        return Task.FromResult(SearchEngine.Score(view.State, request.Queries, request.ItemIds));
    }

    public override Task<WriteResponse> Upsert(UpsertRequest request, ServerCallContext context) =>
        writer.UpsertAsync(request, view.State, context.CancellationToken);

    public override Task<WriteResponse> Delete(DeleteRequest request, ServerCallContext context) =>
        writer.DeleteAsync(request, context.CancellationToken);

    public override Task<ListSpacesResponse> ListSpaces(ListSpacesRequest request, ServerCallContext context)
    {
        var response = new ListSpacesResponse();
        foreach (var space in view.State.Spaces.Values.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            foreach (var version in new[] { space.Current, space.Previous }.Concat(space.Pending))
            {
                if (version is null) continue;
                response.Spaces.Add(new Contracts.VectorSearch.V1.Space
                {
                    Name = space.Name,
                    ModelVersion = version.Name,
                    Dimensions = version.Table.Dimensions,
                    Items = version.Table.Count,
                    Current = version == space.Current,
                });
            }
        }

        return Task.FromResult(response);
    }
}
