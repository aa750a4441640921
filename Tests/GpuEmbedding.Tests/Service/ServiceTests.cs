using Grpc.Core;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.GpuEmbedding.Tests.Service;

/// <summary>The service as a process, against the real event log as a process.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedding-").FullName;
    private ServiceProcess _log = null!;
    private EventLogService.EventLogServiceClient _logClient = null!;

    public async ValueTask InitializeAsync()
    {
        _log = await ServiceProcess.StartAsync("EventLog.dll", "", Path.Combine(_folder, "log"));
        _logClient = new EventLogService.EventLogServiceClient(_log.Channel);
    }

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_trains_with_progress_publishes_folds_in_and_comes_back_with_the_very_same_model()
    {
        await AppendAsync(Topics.Catalog, Enumerable.Range(0, 40).Select(i => ($"item-{i}", (Google.Protobuf.IMessage)new CatalogChange
        {
            Upsert = new Item { Id = $"item-{i}", Kind = ItemKind.Film, Title = i % 2 == 0 ? $"La forêt {i}" : $"Le fleuve {i}" },
        })));
        await AppendAsync(Topics.Interactions, from viewer in Enumerable.Range(0, 60)
                                               from n in Enumerable.Range(0, 12)
                                               let item = ((n * 2) + (viewer % 2) + (viewer / 7 * 2)) % 40
                                               select ($"{viewer}-{item}", (Google.Protobuf.IMessage)new Interaction { ViewerId = $"viewer-{viewer}", ItemId = $"item-{item}", Kind = InteractionKind.Complete, OccurredAtMs = 1 }));
        string version;
        Google.Protobuf.ByteString vector;
        long published;
        using (var service = await ServiceProcess.StartAsync("GpuEmbedding.dll", _log.Channel.Target.Insert(0, "http://"), _folder))
        {
            var client = new EmbeddingService.EmbeddingServiceClient(service.Channel);
            await AssertCodeAsync(StatusCode.FailedPrecondition, () => client.FoldInAsync(Watched("item-0")).ResponseAsync);

            await ReadyAsync(service);
            var steps = new List<TrainProgress>();
            using (var training = client.Train(new TrainRequest { Dimensions = 16, Epochs = 3 }))
            {
                await foreach (var step in training.ResponseStream.ReadAllAsync()) steps.Add(step);
            }

            Assert.Equal([1, 2, 3], steps.Where(s => s.Stage == TrainProgress.Types.Stage.Training).Select(s => s.Epoch));
            version = steps[^1].ModelVersion;
            Assert.Equal((TrainProgress.Types.Stage.Done, 60, 40), (steps[^1].Stage, steps[^1].Viewers, steps[^1].Items));

            var folded = await client.FoldInAsync(Watched("item-0", "item-2", "nobody-knows"));
            Assert.Equal((version, 2, 16), (folded.ModelVersion, folded.KnownItems, folded.Dimensions));
            vector = folded.Vector;
            await TextPublishedAsync(client);
            published = await EndOfAsync(Topics.Embeddings);
            // 40 vectors and a publication of each space.
            Assert.Equal(82, published);

            await AssertCodeAsync(StatusCode.NotFound, () => client.FoldInAsync(new FoldInRequest(Watched("item-0")) { ModelVersion = "ials-gone" }).ResponseAsync);
            await AssertCodeAsync(StatusCode.InvalidArgument, () => client.FoldInAsync(new FoldInRequest { History = { new WeightedItem { ItemId = "a", Weight = 0 } } }).ResponseAsync);
            await AssertCodeAsync(StatusCode.InvalidArgument, () => client.EmbedTextAsync(new EmbedTextRequest()).ResponseAsync);
            await AssertCodeAsync(StatusCode.InvalidArgument, () => client.EmbedTextAsync(new EmbedTextRequest { Texts = { new string('a', 20_001) } }).ResponseAsync);
            await AssertCodeAsync(StatusCode.InvalidArgument, async () =>
            {
                using var call = client.Train(new TrainRequest { Epochs = 101 });
                await call.ResponseStream.MoveNext(CancellationToken.None);
                return version;
            });
        }

        // Nothing but the log is left, and nothing is trained or published again.
        using (var service = await ServiceProcess.StartAsync("GpuEmbedding.dll", _log.Channel.Target.Insert(0, "http://"), Path.Combine(_folder, "empty")))
        {
            await ReadyAsync(service);
            var client = new EmbeddingService.EmbeddingServiceClient(service.Channel);
            var folded = await client.FoldInAsync(Watched("item-0", "item-2"));
            Assert.Equal(version, folded.ModelVersion);
            Assert.Equal(vector, folded.Vector);
            Assert.Equal((await TextPublishedAsync(client)).Version, (await client.EmbedTextAsync(new EmbedTextRequest { Texts = { "forêt" } })).ModelVersion);
            Assert.Equal(published, await EndOfAsync(Topics.Embeddings));
        }
    }

    private static FoldInRequest Watched(params string[] items) => new() { History = { items.Select(i => new WeightedItem { ItemId = i, Weight = 1 }) } };

    private static async Task AssertCodeAsync<T>(StatusCode expected, Func<Task<T>> call) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => call())).StatusCode);

    private static async Task ReadyAsync(ServiceProcess service)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await service.Http.GetAsync("/health/ready", limit.Token)).IsSuccessStatusCode) await Task.Delay(50, limit.Token);
    }

    private static async Task<Model> TextPublishedAsync(EmbeddingService.EmbeddingServiceClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var models = await client.ListModelsAsync(new ListModelsRequest(), cancellationToken: limit.Token);
            if (models.Models.FirstOrDefault(m => m.Space == "text") is { } text) return text;
            await Task.Delay(100, limit.Token);
        }
    }

    private async Task<long> EndOfAsync(string topic) =>
        (await _logClient.GetInfoAsync(new GetInfoRequest())).Topics.Single(t => t.Topic == topic).NextOffset;

    private async Task AppendAsync(string topic, IEnumerable<(string Id, Google.Protobuf.IMessage Message)> events)
    {
        var request = new AppendRequest { Topic = topic };
        request.Records.AddRange(events.Select(e => LogWriter.ToRecord(e.Id, e.Id, e.Message)));
        await _logClient.AppendAsync(request);
    }
}
