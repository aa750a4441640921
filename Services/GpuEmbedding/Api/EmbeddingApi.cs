using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Grpc.Core;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.GpuEmbedding.Text;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.GpuEmbedding.Api;

/// <summary>gRPC face of the service.</summary>
public sealed class EmbeddingApi(TextCatalogView text, ModelsView models, Trainer trainer, PublishingRole role) : EmbeddingService.EmbeddingServiceBase
{
    private const int MaxTexts = 256;
    private const int MaxTextLength = 20_000;
    private const int MaxHistory = 2_000;
    private static readonly Histogram<double> FoldInSeconds = TelemetryExtensions.Meter.CreateHistogram<double>("fold_in_seconds", "s");

    /// <inheritdoc/>
    public override Task<EmbedTextResponse> EmbedText(EmbedTextRequest request, ServerCallContext context)
    {
        if (request.Texts.Count is < 1 or > MaxTexts) throw new ArgumentException($"texts must hold 1-{MaxTexts}");
        var model = text.Model;
        var response = new EmbedTextResponse { Dimensions = TextModel.Dimensions, ModelVersion = model.Version };
        var vector = new float[TextModel.Dimensions];
        for (var i = 0; i < request.Texts.Count; i++)
        {
            if (request.Texts[i].Length > MaxTextLength) throw new ArgumentException($"texts[{i}] is longer than {MaxTextLength} characters");
            var features = new Dictionary<ulong, float>();
            TextFeatures.Add(request.Texts[i], 1f, features);
            model.Project(features, vector);
            response.Vectors.Add(PackedVector.Pack(vector));
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<FoldInResponse> FoldIn(FoldInRequest request, ServerCallContext context)
    {
        if (request.History.Count > MaxHistory) throw new ArgumentException($"history must hold at most {MaxHistory} items");
        var history = new List<(string, float)>(request.History.Count);
        for (var i = 0; i < request.History.Count; i++)
        {
            var entry = request.History[i];
            if (!(entry.Weight > 0) || entry.Weight > 1_000) throw new ArgumentException($"history[{i}].weight must be above 0 and at most 1000");
            history.Add((entry.ItemId, entry.Weight));
        }

        if (models.Find(request.ModelVersion) is not { } model)
        {
            throw models.Current is null
                ? new RpcException(new Status(StatusCode.FailedPrecondition, "no model has been trained yet"))
                : new RpcException(new Status(StatusCode.NotFound, $"the model version '{request.ModelVersion}' is not served"));
        }

        var start = Stopwatch.GetTimestamp();
        var vector = new float[model.Dimensions];
        var known = model.FoldIn(history, vector);
        FoldInSeconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        return Task.FromResult(new FoldInResponse { Vector = PackedVector.Pack(vector), Dimensions = model.Dimensions, ModelVersion = model.Version, KnownItems = known });
    }

    /// <inheritdoc/>
    public override async Task Train(TrainRequest request, IServerStreamWriter<TrainProgress> responseStream, ServerCallContext context)
    {
        new AlsOptions { Dimensions = OrDefault(request.Dimensions, 8), Epochs = OrDefault(request.Epochs, 1) }.Validate();
        if (!role.Publishes) throw new RpcException(new Status(StatusCode.FailedPrecondition, role.Refusal));
        var progress = Channel.CreateUnbounded<TrainProgress>(new UnboundedChannelOptions { SingleReader = true });
        var training = RunAsync(request, progress.Writer, context.CancellationToken);
        await foreach (var step in progress.Reader.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(step, context.CancellationToken);
        await training;
    }

    /// <inheritdoc/>
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { models.List() } });

    private static int OrDefault(int value, int fallback) => value == 0 ? fallback : value;

    private async Task RunAsync(TrainRequest request, ChannelWriter<TrainProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!await trainer.TrainAsync(request, step => progress.TryWrite(step), cancellationToken))
                throw new RpcException(new Status(StatusCode.AlreadyExists, "a training is going on; wait for it"));
        }
        catch (InvalidOperationException e)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, e.Message));
        }
        finally
        {
            progress.Complete();
        }
    }
}
