using Grpc.Core;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.VectorSearch.V1;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>
/// The contract of vector search over <see cref="VectorModel"/>, by brute force. Of the filter it honours exclusions and
/// kinds only: the gateway must not rely on anybody else's filter.
/// </summary>
internal sealed class InMemoryVectors(LogState state, VectorModel model) : VectorSearchService.VectorSearchServiceBase
{
    private int _searches;

    /// <summary>Calls of Search.</summary>
    public int Searches => _searches;

    public SearchRequest? LastSearch { get; private set; }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref _searches);
        LastSearch = request;
        if (request.Filter?.ExcludeItemIds.Count > 10_000) throw new RpcException(new Status(StatusCode.InvalidArgument, "too many exclusions"));
        var excluded = request.Filter?.ExcludeItemIds.ToHashSet(StringComparer.Ordinal) ?? [];
        var response = new SearchResponse();
        foreach (var query in request.Queries)
        {
            var result = Prepare(query, out var vector);
            response.Results.Add(new SearchResult { Status = result.Status, ModelVersion = result.ModelVersion });
            if (vector is null) continue;
            var found = state.Items.Values
                .Where(i => i.Kind != ItemKind.Series && !excluded.Contains(i.Id) && (request.Filter is not { Kinds.Count: > 0 } f || f.Kinds.Contains((int)i.Kind)))
                .Select(i => (i.Id, Vector: VectorOf(query.Space, i)))
                .Where(i => i.Vector is not null)
                .Select(i => (i.Id, Score: VectorModel.Dot(vector, i.Vector)))
                .OrderByDescending(i => i.Score).ThenBy(i => i.Id, StringComparer.Ordinal)
                .Take(request.Limit).ToList();
            response.Results[^1].ItemIds.AddRange(found.Select(f => f.Id));
            response.Results[^1].Scores.AddRange(found.Select(f => f.Score));
        }

        return Task.FromResult(response);
    }

    public override Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        if (request.Queries.Count is < 1 or > 16 || request.ItemIds.Count is < 1 or > 1_000) throw new RpcException(new Status(StatusCode.InvalidArgument, "limits"));
        var response = new ScoreResponse();
        foreach (var query in request.Queries)
        {
            var result = Prepare(query, out var vector);
            if (vector is not null)
            {
                foreach (var id in request.ItemIds)
                {
                    var other = state.Items.TryGetValue(id, out var item) ? VectorOf(query.Space, item) : null;
                    result.Scores.Add(other is null ? float.NaN : VectorModel.Dot(vector, other));
                }
            }

            response.Results.Add(result);
        }

        return Task.FromResult(response);
    }

    public override Task<ListSpacesResponse> ListSpaces(ListSpacesRequest request, ServerCallContext context)
    {
        var response = new ListSpacesResponse { Spaces = { new Space { Name = "text", ModelVersion = "text-1", Dimensions = VectorModel.Dimensions, Items = state.Items.Count, Current = true } } };
        if (model.SearchableVersion is { } version)
            response.Spaces.Add(new Space { Name = "collaborative", ModelVersion = version, Dimensions = VectorModel.Dimensions, Items = 1, Current = true });
        return Task.FromResult(response);
    }

    private ScoreResult Prepare(VectorQuery query, out float[]? vector)
    {
        vector = null;
        var version = query.Space == "text" ? "text-1" : model.SearchableVersion;
        if (query.Space is not ("text" or "collaborative") || version is null) return new ScoreResult { Status = QueryStatus.SpaceUnknown };
        if (query.ModelVersion.Length > 0 && query.ModelVersion != version)
            return new ScoreResult { Status = QueryStatus.VersionUnknown, ModelVersion = version };
        vector = query.Vector.Length > 0 ? VectorModel.Unpack(query.Vector) : Mean(query);
        return new ScoreResult { Status = vector is null ? QueryStatus.Invalid : QueryStatus.Ok, ModelVersion = version };
    }

    private float[]? Mean(VectorQuery query)
    {
        float[]? mean = null;
        for (var i = 0; i < query.LikeItemIds.Count; i++)
        {
            if (!state.Items.TryGetValue(query.LikeItemIds[i], out var item) || VectorOf(query.Space, item) is not { } vector) continue;
            mean ??= new float[VectorModel.Dimensions];
            var weight = query.LikeWeights.Count > 0 ? query.LikeWeights[i] : 1;
            for (var d = 0; d < mean.Length; d++) mean[d] += weight * vector[d];
        }

        return mean is null || query.Space != "text" ? mean : VectorModel.Normalise(mean);
    }

    private static float[]? VectorOf(string space, Item item) => space == "text" ? VectorModel.Text(item) : VectorModel.Collaborative(item);
}
