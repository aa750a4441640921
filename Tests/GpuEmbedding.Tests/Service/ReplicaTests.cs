using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.GpuEmbedding.Text;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.GpuEmbedding.Tests.Service;

/// <summary>Several replicas against one real log: one publishes, all answer alike.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replicas-").FullName;
    private ServiceProcess _log = null!;
    private EventLogService.EventLogServiceClient _logClient = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task One_replica_publishes_and_all_answer_with_the_models_in_the_log()
    {
        await AppendItemsAsync(0, 40);
        await AppendAsync(Topics.Interactions, from viewer in Enumerable.Range(0, 60)
                                               from n in Enumerable.Range(0, 12)
                                               let item = ((n * 2) + (viewer % 2) + (viewer / 7 * 2)) % 40
                                               select ($"{viewer}-{item}", (Google.Protobuf.IMessage)new Interaction { ViewerId = $"viewer-{viewer}", ItemId = $"item-{item}", Kind = InteractionKind.Complete, OccurredAtMs = 1 }));
        using var other = await StartAsync("embedding-1");
        var otherClient = new EmbeddingService.EmbeddingServiceClient(other.Channel);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => TrainAsync(otherClient));
        Assert.Equal((StatusCode.FailedPrecondition, "the replica 'embedding-1' does not train; ask 'embedding-0'"), (refusal.StatusCode, refusal.Status.Detail));

        using var publisher = await StartAsync("embedding-0");
        var publisherClient = new EmbeddingService.EmbeddingServiceClient(publisher.Channel);
        await UntilAsync(async () => (await publisherClient.ListModelsAsync(new(), cancellationToken: Cancellation)).Models.Any(m => m.Space == ModelsView.Text));
        await TrainAsync(publisherClient);
        var end = (await _logClient.GetInfoAsync(new GetInfoRequest(), cancellationToken: Cancellation)).Topics.Single(t => t.Topic == Topics.Embeddings).NextOffset;
        // 40 vectors and a publication of each space, by one replica.
        Assert.Equal(82, end);

        var question = new EmbedTextRequest { Texts = { "la forêt" } };
        var answer = await publisherClient.EmbedTextAsync(question, cancellationToken: Cancellation);
        Assert.Equal("text-40", answer.ModelVersion);
        await UntilAsync(async () => (await otherClient.EmbedTextAsync(question, cancellationToken: Cancellation)).Equals(answer));
        var taste = new FoldInRequest { History = { new WeightedItem { ItemId = "item-0", Weight = 1 } } };
        var folded = await publisherClient.FoldInAsync(taste, cancellationToken: Cancellation);
        await UntilAsync(async () => (await otherClient.ListModelsAsync(new(), cancellationToken: Cancellation)).Models.Any(m => m.Version == folded.ModelVersion));
        Assert.Equal(folded, await otherClient.FoldInAsync(taste, cancellationToken: Cancellation));
        // Neither keeps a file, so that the root file system can be read-only and there is no volume.
        Assert.Equal(["log"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_replica_whose_catalogue_has_gone_on_makes_the_very_model_that_was_published()
    {
        await AppendItemsAsync(0, 40);
        using var services = new ServiceCollection().BuildServiceProvider();
        var then = await ReadCatalogAsync();
        await AppendItemsAsync(40, 10);
        var now = await ReadCatalogAsync();
        var follower = new TextModelFollower(
            now, new ModelsView(new AlsOptions(), NullLogger<ModelsView>.Instance), new PublishingRole("somebody", "else"), _logClient, services, TimeProvider.System, NullLogger<TextModelFollower>.Instance);
        await follower.FollowAsync("text-40", Cancellation);
        Assert.Equal(("text-40", 40), (now.Model.Version, now.ModelDocuments));
        Assert.Equal(Project(then.TakeSnapshot().Model), Project(now.Model));
        Assert.NotEqual(Project(now.TakeSnapshot().Model), Project(now.Model));

        await follower.FollowAsync("text-50", Cancellation);
        Assert.Equal(("text-50", 50), (now.Model.Version, now.ModelDocuments));
        await Assert.ThrowsAsync<InvalidDataException>(() => follower.FollowAsync("text-51", Cancellation));
        await Assert.ThrowsAsync<InvalidDataException>(() => follower.FollowAsync("ials-2026", Cancellation));
        Assert.Equal("text-50", now.Model.Version);
    }

    [Theory]
    [InlineData("", "a", true)]
    [InlineData(null, "a", true)]
    [InlineData("embedding-0", "embedding-0", true)]
    [InlineData("Embedding-0", "embedding-0", true)]
    [InlineData("embedding-0", "embedding-01", false)]
    public void The_replica_that_is_named_publishes_and_every_one_where_none_is(string? publisher, string host, bool publishes) =>
        Assert.Equal(publishes, new PublishingRole(publisher, host).Publishes);

    private static float[] Project(TextModel model)
    {
        var features = new Dictionary<ulong, float>();
        TextFeatures.Add("la forêt et le fleuve 45", 1f, features);
        var vector = new float[TextModel.Dimensions];
        model.Project(features, vector);
        return vector;
    }

    private static async Task TrainAsync(EmbeddingService.EmbeddingServiceClient client)
    {
        using var training = client.Train(new TrainRequest { Dimensions = 16, Epochs = 2 }, cancellationToken: Cancellation);
        await foreach (var _ in training.ResponseStream.ReadAllAsync(Cancellation))
        {
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(50, limit.Token);
    }

    private async Task<ServiceProcess> StartAsync(string host)
    {
        var service = await ServiceProcess.StartAsync(
            "GpuEmbedding.dll", _log.Channel.Target.Insert(0, "http://"), Path.Combine(_folder, host),
            [new("HOSTNAME", host), new("HOME", Path.Combine(_folder, "home")), new("Training__PublisherHost", "embedding-0"), new("Training__Automatic", "false")]);
        await UntilAsync(async () => (await service.Http.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode);
        return service;
    }

    private async Task<TextCatalogView> ReadCatalogAsync()
    {
        var view = new TextCatalogView(_logClient, TimeProvider.System, NullLogger<TextCatalogView>.Instance);
        using var call = _logClient.Tail(new TailRequest { Topic = Topics.Catalog }, cancellationToken: Cancellation);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(Cancellation))
            if (batch.Records.Count > 0) await view.ApplyAsync(Topics.Catalog, batch.Records, Cancellation);
        return view;
    }

    private Task AppendItemsAsync(int from, int count) => AppendAsync(Topics.Catalog, Enumerable.Range(from, count).Select(i => ($"item-{i}", (Google.Protobuf.IMessage)new CatalogChange
    {
        Upsert = new Item { Id = $"item-{i}", Kind = ItemKind.Film, Title = i % 2 == 0 ? $"La forêt {i}" : $"Le fleuve {i}" },
    })));

    private async Task AppendAsync(string topic, IEnumerable<(string Id, Google.Protobuf.IMessage Message)> events)
    {
        var request = new AppendRequest { Topic = topic };
        request.Records.AddRange(events.Select(e => LogWriter.ToRecord(e.Id, e.Id, e.Message)));
        await _logClient.AppendAsync(request, cancellationToken: Cancellation);
    }
}
