using Grpc.Core;
using RecoAspire.Contracts.Embedding.V1;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>The contract of the embedding service over <see cref="VectorModel"/>: a viewer is the weighted mean of the items watched.</summary>
internal sealed class InMemoryEmbedding(LogState state, VectorModel model) : EmbeddingService.EmbeddingServiceBase
{
    private int _foldIns;

    /// <summary>Calls of FoldIn.</summary>
    public int FoldIns => _foldIns;

    /// <summary>Length of the last history given.</summary>
    public int LastHistory { get; private set; }

    public override Task<EmbedTextResponse> EmbedText(EmbedTextRequest request, ServerCallContext context)
    {
        var response = new EmbedTextResponse { Dimensions = VectorModel.Dimensions, ModelVersion = "text-1" };
        foreach (var text in request.Texts) response.Vectors.Add(VectorModel.Pack(VectorModel.Text(text)));
        return Task.FromResult(response);
    }

    public override Task<FoldInResponse> FoldIn(FoldInRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref _foldIns);
        LastHistory = request.History.Count;
        if (request.History.Count > 2_000) throw new RpcException(new Status(StatusCode.InvalidArgument, "history is too long"));
        if (model.EmbeddingVersion is not { } current) throw new RpcException(new Status(StatusCode.FailedPrecondition, "no model has been trained yet"));
        if (request.ModelVersion.Length > 0 && request.ModelVersion != current && request.ModelVersion != model.SearchableVersion)
            throw new RpcException(new Status(StatusCode.NotFound, "no such version"));

        var vector = new float[VectorModel.Dimensions];
        var known = 0;
        foreach (var watched in request.History)
        {
            if (!state.Items.TryGetValue(watched.ItemId, out var item) || VectorModel.Collaborative(item) is not { } factors) continue;
            known++;
            for (var d = 0; d < vector.Length; d++) vector[d] += watched.Weight * factors[d];
        }

        return Task.FromResult(new FoldInResponse
        {
            Vector = VectorModel.Pack(VectorModel.Normalise(vector)),
            Dimensions = VectorModel.Dimensions,
            ModelVersion = request.ModelVersion.Length > 0 ? request.ModelVersion : current,
            KnownItems = known,
        });
    }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var response = new ListModelsResponse();
        response.Models.Add(new Model { Space = "text", Version = "text-1", Dimensions = VectorModel.Dimensions, Items = state.Items.Count, Current = true });
        if (model.EmbeddingVersion is { } version)
            response.Models.Add(new Model { Space = "collaborative", Version = version, Dimensions = VectorModel.Dimensions, Items = 1, Current = true });
        return Task.FromResult(response);
    }
}
