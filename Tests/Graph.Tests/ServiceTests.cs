using System.Net;
using Grpc.Core;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.Graph.Tests;

/// <summary>The service as a process, a log on a real port, calls over gRPC.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("graph-").FullName;
    private MemoryLog _log = null!;
    private ServiceProcess _service = null!;
    private GraphService.GraphServiceClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _log = await MemoryLog.StartAsync();
        await StartServiceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_the_log_says_is_answered_over_gRPC()
    {
        await AppendAsync(
            Catalogue.Film("cleo", "Agnès Varda", genres: ["drame"]), Catalogue.Film("glaneurs", "agnes varda"),
            Catalogue.Episode("e1", "s", 1, 9, "Série"), Catalogue.Episode("e2", "s", 2, 1, "Série"));

        var candidate = Assert.Single((await _client.ExpandAsync(new ExpandRequest { Seeds = { new Seed { ItemId = "cleo", Weight = 1 } }, Limit = 10 }, cancellationToken: Cancelled)).Candidates);
        Assert.Equal("glaneurs", candidate.ItemId);
        Assert.Equal(new Contracts.Graph.V1.Path { SeedItemId = "cleo", ViaType = NodeType.Person, ViaLabel = "Agnès Varda", Relation = "director", Share = candidate.Path.Share }, candidate.Path);
        Assert.Equal(1, candidate.Path.Share, 1e-9);

        var neighbours = (await _client.GetNeighboursAsync(new GetNeighboursRequest { ItemId = "cleo" }, cancellationToken: Cancelled)).Neighbours;
        Assert.Equal([("Agnès Varda", "director", 2), ("drame", "genre", 1)], neighbours.Select(n => (n.Label, n.Relation, n.Items)));
        Assert.Empty((await _client.GetNeighboursAsync(new GetNeighboursRequest { ItemId = "nobody" }, cancellationToken: Cancelled)).Neighbours);

        Assert.Equal("e2", (await _client.GetNextEpisodeAsync(new GetNextEpisodeRequest { ItemId = "e1" }, cancellationToken: Cancelled)).ItemId);
        Assert.Equal("", (await _client.GetNextEpisodeAsync(new GetNextEpisodeRequest { ItemId = "e2" }, cancellationToken: Cancelled)).ItemId);
        Assert.Equal(new GraphStats { Items = 4, Nodes = 3, Edges = 5 }, await _client.GetStatsAsync(new GetStatsRequest(), cancellationToken: Cancelled));
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync("/health/ready", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_request_outside_its_limits_is_refused_by_the_name_of_its_field()
    {
        (string Field, ExpandRequest Request)[] cases =
        [
            ("seeds:", new ExpandRequest { Limit = 1 }),
            ("seeds:", new ExpandRequest { Limit = 1, Seeds = { Enumerable.Range(0, 201).Select(i => new Seed { ItemId = $"i{i}", Weight = 1 }) } }),
            ("seeds[1].item_id:", new ExpandRequest { Limit = 1, Seeds = { Good(), new Seed { ItemId = "a b", Weight = 1 } } }),
            ("seeds[0].item_id:", new ExpandRequest { Limit = 1, Seeds = { new Seed { ItemId = new string('x', 129), Weight = 1 } } }),
            ("seeds[0].weight:", new ExpandRequest { Limit = 1, Seeds = { new Seed { ItemId = "a" } } }),
            ("seeds[0].weight:", new ExpandRequest { Limit = 1, Seeds = { new Seed { ItemId = "a", Weight = float.NaN } } }),
            ("seeds[0].weight:", new ExpandRequest { Limit = 1, Seeds = { new Seed { ItemId = "a", Weight = float.PositiveInfinity } } }),
            ("limit:", new ExpandRequest { Limit = 0, Seeds = { Good() } }),
            ("limit:", new ExpandRequest { Limit = 1001, Seeds = { Good() } }),
            ("exclude_item_ids:", new ExpandRequest { Limit = 1, Seeds = { Good() }, ExcludeItemIds = { Enumerable.Repeat("a", 10_001) } }),
            ("exclude_item_ids:", new ExpandRequest { Limit = 1, Seeds = { Good() }, ExcludeItemIds = { "" } }),
        ];
        foreach (var (field, request) in cases)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => _client.ExpandAsync(request, cancellationToken: Cancelled).ResponseAsync);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.StartsWith(field, error.Status.Detail);
        }

        var neighbours = await Assert.ThrowsAsync<RpcException>(() => _client.GetNeighboursAsync(new GetNeighboursRequest(), cancellationToken: Cancelled).ResponseAsync);
        Assert.StartsWith("item_id:", neighbours.Status.Detail);
        var episode = await Assert.ThrowsAsync<RpcException>(() => _client.GetNextEpisodeAsync(new GetNextEpisodeRequest(), cancellationToken: Cancelled).ResponseAsync);
        Assert.StartsWith("item_id:", episode.Status.Detail);

        static Seed Good() => new() { ItemId = "a", Weight = 1 };
    }

    [Fact]
    public async Task Kill_9_at_any_moment_loses_nothing_and_doubles_nothing()
    {
        // The replay comes in portions with pauses between them, so that there is something to kill.
        _log.BatchesPerTail = 4;
        var end = 0L;
        for (var round = 0; round < 3; round++)
        {
            _log.Append(Topics.Catalog, Enumerable.Range(0, 4_000).Select(i =>
                Catalogue.Upsert(Catalogue.Film($"i{i}", $"Director {(i + round) % 500}", [$"Actor {i % 700}", $"Actor {(i * round) % 311}"], ["drame"]))));
            end = _log.Append(Topics.Catalog, Enumerable.Range(0, 100).Select(i => Catalogue.Removed($"i{i * 7 + round}")));
        }

        var kills = 0;
        while (true)
        {
            var views = new ViewService.ViewServiceClient(_service.Channel);
            var from = await PositionAsync(views);
            if (from == end) break;
            // As soon as something new has been applied, so that every life of the process makes progress and dies at work.
            while (await PositionAsync(views) == from)
            {
            }

            _service.Kill();
            _service.Dispose();
            kills++;
            await StartServiceAsync();
        }

        Assert.True(kills >= 2, $"only {kills} kills");
        using var reference = await ServiceProcess.StartAsync("Graph.dll", _log.Address, Directory.CreateDirectory(System.IO.Path.Combine(_folder, "reference")).FullName);
        var calm = new ViewService.ViewServiceClient(reference.Channel);
        await calm.WaitForAsync(new WaitForRequest { View = "graph", Topic = Topics.Catalog, Offset = end }, cancellationToken: Cancelled);
        Assert.Equal(
            await calm.GetDigestAsync(new GetDigestRequest { View = "graph" }, cancellationToken: Cancelled),
            await new ViewService.ViewServiceClient(_service.Channel).GetDigestAsync(new GetDigestRequest { View = "graph" }, cancellationToken: Cancelled));
        var request = new ExpandRequest { Limit = 100, Seeds = { new Seed { ItemId = "i11", Weight = 1 }, new Seed { ItemId = "i12", Weight = 2 } } };
        Assert.Equal(
            await new GraphService.GraphServiceClient(reference.Channel).ExpandAsync(request, cancellationToken: Cancelled),
            await _client.ExpandAsync(request, cancellationToken: Cancelled));
    }

    private static async Task<long> PositionAsync(ViewService.ViewServiceClient views)
    {
        while (true)
        {
            var position = (await views.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancelled)).Positions.Single();
            // Before it follows the log, a service has not said yet where its store stands.
            if (position.Connected) return position.NextOffset;
        }
    }

    private async Task AppendAsync(params Contracts.Catalog.V1.Item[] items)
    {
        var offset = _log.Append(Topics.Catalog, items.Select(Catalogue.Upsert));
        await new ViewService.ViewServiceClient(_service.Channel)
            .WaitForAsync(new WaitForRequest { View = "graph", Topic = Topics.Catalog, Offset = offset }, cancellationToken: Cancelled);
    }

    private async Task StartServiceAsync()
    {
        _service = await ServiceProcess.StartAsync("Graph.dll", _log.Address, Directory.CreateDirectory(System.IO.Path.Combine(_folder, "data")).FullName);
        _client = new GraphService.GraphServiceClient(_service.Channel);
    }
}
