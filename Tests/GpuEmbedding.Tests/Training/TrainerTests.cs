using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.GpuEmbedding.Backends;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Tests.Training;

/// <summary>What happens around a training; it is stopped in its first half-step, so that nothing reaches the log.</summary>
public sealed class TrainerTests : IDisposable
{
    private readonly GrpcChannel _nowhere = GrpcChannel.ForAddress("http://127.0.0.1:1");
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _nowhere.Dispose();
    }

    // Measured by `Benchmarks als`: work of seconds on the pool made one fold-in in a hundred wait for more than 300 ms on two cores.
    [Fact]
    public async Task A_training_does_not_hold_a_thread_that_answers_requests()
    {
        using var backend = new StoppedBackend();
        using var trainer = await TrainerAsync(backend);
        backend.Release.Set();

        await Assert.ThrowsAsync<StoppedException>(() => TrainAsync(trainer));

        Assert.False(backend.CalledFromPool);
    }

    [Fact]
    public async Task While_one_training_runs_a_second_is_refused_and_after_it_the_next_may_start()
    {
        using var backend = new StoppedBackend();
        using var trainer = await TrainerAsync(backend);
        var first = TrainAsync(trainer);
        Assert.True(backend.Entered.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        Assert.False(await TrainAsync(trainer));

        backend.Release.Set();
        await Assert.ThrowsAsync<StoppedException>(() => first);
        await Assert.ThrowsAsync<StoppedException>(() => TrainAsync(trainer));
    }

    private static Task<bool> TrainAsync(Trainer trainer) => trainer.TrainAsync(new TrainRequest { Dimensions = 8, Epochs = 1 }, _ => { }, CancellationToken.None);

    private async Task<Trainer> TrainerAsync(IEmbeddingBackend backend)
    {
        var time = new FakeTimeProvider();
        var data = new TrainingDataView(time, NullLogger<TrainingDataView>.Instance);
        var watched = new Interaction { ViewerId = "v", ItemId = "i", Kind = InteractionKind.Complete };
        await data.ApplyAsync(Topics.Interactions, [new StoredRecord { Record = new Contracts.EventLog.V1.Record { Payload = watched.ToByteString() } }], CancellationToken.None);
        var publisher = new ModelPublisher(new LogWriter(new EventLogService.EventLogServiceClient(_nowhere)), time);
        return new Trainer(data, publisher, backend, new AlsOptions(), _services, time, NullLogger<Trainer>.Instance);
    }

    private sealed class StoppedException : Exception;

    /// <summary>Notes which thread calls it, waits to be released and gives up.</summary>
    private sealed class StoppedBackend : IEmbeddingBackend, IDisposable
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public bool CalledFromPool { get; private set; }

        public string Name => "stopped";

        public void SolveRows(Interactions interactions, Factors source, Factors target, AlsOptions options, CancellationToken cancellationToken)
        {
            CalledFromPool = Thread.CurrentThread.IsThreadPoolThread;
            Entered.Set();
            Release.Wait(cancellationToken);
            throw new StoppedException();
        }

        public void Dispose()
        {
            Entered.Dispose();
            Release.Dispose();
        }
    }
}
