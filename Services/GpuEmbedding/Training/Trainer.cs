using System.Diagnostics.Metrics;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.GpuEmbedding.Backends;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Training;

/// <summary>Trains the collaborative model, one training at a time, and publishes it.</summary>
public sealed class Trainer(
    TrainingDataView data, ModelPublisher publisher, IEmbeddingBackend backend, AlsOptions options, IServiceProvider provider, TimeProvider time, ILogger<Trainer> logger)
    : IDisposable
{
    private static readonly Histogram<double> Seconds = TelemetryExtensions.Meter.CreateHistogram<double>("training_seconds", "s");
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>
    /// Trains on everything in the log; returns false when another training is going on.
    /// </summary>
    /// <param name="request">0 = as configured.</param>
    /// <param name="report">Told of every step, from the training's own thread.</param>
    /// <param name="cancellationToken">Gives up; nothing is published then.</param>
    /// <exception cref="InvalidOperationException">There is nothing to learn from.</exception>
    public async Task<bool> TrainAsync(TrainRequest request, Action<TrainProgress> report, CancellationToken cancellationToken)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken)) return false;
        try
        {
            await TrainOneAsync(request, report, cancellationToken);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task TrainOneAsync(TrainRequest request, Action<TrainProgress> report, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var chosen = new AlsOptions
        {
            Dimensions = request.Dimensions == 0 ? options.Dimensions : request.Dimensions,
            Epochs = request.Epochs == 0 ? options.Epochs : request.Epochs,
            Regularization = options.Regularization,
            UnobservedWeight = options.UnobservedWeight,
            InitialDeviation = options.InitialDeviation,
            Seed = options.Seed,
        };
        chosen.Validate();
        var (interactions, itemIds) = data.Snapshot();
        if (interactions.Count == 0) throw new InvalidOperationException("there is nothing to learn from yet");
        TrainProgress At(TrainProgress.Types.Stage stage, int epoch, double loss) => new()
        {
            Stage = stage,
            Epoch = epoch,
            Epochs = chosen.Epochs,
            Loss = loss,
            ElapsedSeconds = time.GetElapsedTime(started).TotalSeconds,
            Interactions = interactions.Count,
            Viewers = interactions.RowCount,
            Items = itemIds.Length,
        };

        report(At(TrainProgress.Types.Stage.Loading, 0, 0));
        // A thread of its own for the seconds that this blocks: the pool's threads answer requests.
        var (viewers, items) = await Task.Factory.StartNew(
            () => new AlsTrainer(backend, chosen).Train(interactions, e => report(At(TrainProgress.Types.Stage.Training, e.Epoch, e.Loss)), cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        viewers.Dispose();
        using (items)
        {
            report(At(TrainProgress.Types.Stage.Publishing, chosen.Epochs, 0));
            var version = await publisher.PublishAsync(items, itemIds, interactions.Count, cancellationToken);
            await ServedAsync(version, cancellationToken);
            var done = At(TrainProgress.Types.Stage.Done, chosen.Epochs, 0);
            done.ModelVersion = version;
            report(done);
            Seconds.Record(done.ElapsedSeconds);
            logger.LogInformation(
                "trained {Version} on {Interactions} interactions of {Viewers} viewers in {Seconds:0.0} s", version, interactions.Count, interactions.RowCount, done.ElapsedSeconds);
        }
    }

    // The version is served when it has come back through the log.
    private async Task ServedAsync(string version, CancellationToken cancellationToken)
    {
        var models = provider.GetRequiredService<ModelsView>();
        var runner = provider.GetLogViewRunner<ModelsView>();
        while (models.Find(version) is null) await runner.WaitForAsync(Topics.Embeddings, runner.GetPosition(Topics.Embeddings) + 1, cancellationToken);
    }
}
