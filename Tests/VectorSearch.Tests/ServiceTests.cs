using System.Net;
using Grpc.Core;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.VectorSearch.Tests;

/// <summary>The service as a process, a log on a real port, calls over gRPC.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vectors-").FullName;
    private MemoryLog _log = null!;
    private ServiceProcess _service = null!;
    private VectorSearchService.VectorSearchServiceClient _client = null!;

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
    public async Task A_write_is_visible_when_it_returns_and_a_delete_too()
    {
        var written = await _client.UpsertAsync(Upsert(("a", [1, 0]), ("b", [0, 1])), cancellationToken: Cancelled);
        Assert.Equal(2, written.Offset);
        Assert.Equal(["a", "b"], (await SearchAsync(1, 0.5f)).ItemIds);

        var scores = await _client.ScoreAsync(new ScoreRequest { Queries = { Query(1, 0) }, ItemIds = { "b", "nobody", "a" } }, cancellationToken: Cancelled);
        Assert.Equal([0f, float.NaN, 1f], scores.Results[0].Scores);

        await _client.DeleteAsync(new DeleteRequest { Space = "own", ItemIds = { "a" } }, cancellationToken: Cancelled);
        Assert.Equal(["b"], (await SearchAsync(1, 0.5f)).ItemIds);
        // Writing again what was written before another write must count again.
        await _client.UpsertAsync(Upsert(("a", [1, 0])), cancellationToken: Cancelled);
        Assert.Equal(["a", "b"], (await SearchAsync(1, 0.5f)).ItemIds);

        var space = Assert.Single((await _client.ListSpacesAsync(new ListSpacesRequest(), cancellationToken: Cancelled)).Spaces);
        Assert.Equal(("own", "1", 2, 2, true), (space.Name, space.ModelVersion, space.Dimensions, space.Items, space.Current));
    }

    [Fact]
    public async Task A_query_that_cannot_be_answered_says_why_and_leaves_the_others_alone()
    {
        await _client.UpsertAsync(Upsert(("a", [1, 0]), ("b", [0, 1])), cancellationToken: Cancelled);
        var request = new SearchRequest
        {
            Limit = 5,
            Queries =
            {
                Query(1, 0), new VectorQuery { Space = "nowhere", Vector = LogRecords.Bytes(1) },
                new VectorQuery { Space = "own", ModelVersion = "7", Vector = LogRecords.Bytes(1, 0) },
                Query(1, 0, 0), Query(float.NaN, 0), new VectorQuery { Space = "own", LikeItemIds = { "nobody" } },
                new VectorQuery { Space = "own", LikeItemIds = { "a", "b", "nobody" }, LikeWeights = { 1, 3, 100 } }, Query(0, 0),
            },
        };
        var results = (await _client.SearchAsync(request, cancellationToken: Cancelled)).Results;
        Assert.Equal(
            [QueryStatus.Ok, QueryStatus.SpaceUnknown, QueryStatus.VersionUnknown, QueryStatus.Invalid, QueryStatus.Invalid, QueryStatus.Invalid, QueryStatus.Ok, QueryStatus.Ok],
            results.Select(r => r.Status));
        Assert.Equal("1", results[2].ModelVersion);
        Assert.Equal(["b", "a"], results[6].ItemIds);
        Assert.Equal(3 / Math.Sqrt(10), results[6].Scores[0], 1e-6);
        // The zero vector has no direction.
        Assert.Empty(results[7].ItemIds);
    }

    private static TheoryData<string, SearchRequest> BadSearches() => new()
    {
        { "queries:", new SearchRequest { Limit = 1 } },
        { "queries:", new SearchRequest { Limit = 1, Queries = { Enumerable.Repeat(Query(1), 17) } } },
        { "limit:", new SearchRequest { Limit = 0, Queries = { Query(1) } } },
        { "limit:", new SearchRequest { Limit = 1001, Queries = { Query(1) } } },
        { "queries[0].space:", new SearchRequest { Limit = 1, Queries = { new VectorQuery { Space = "A b", Vector = LogRecords.Bytes(1) } } } },
        { "queries[0].model_version:", new SearchRequest { Limit = 1, Queries = { new VectorQuery { Space = "own", ModelVersion = new string('v', 129), Vector = LogRecords.Bytes(1) } } } },
        { "queries[1].vector:", new SearchRequest { Limit = 1, Queries = { Query(1), new VectorQuery { Space = "own" } } } },
        { "queries[0].vector:", new SearchRequest { Limit = 1, Queries = { new VectorQuery { Space = "own", Vector = LogRecords.Bytes(1), LikeItemIds = { "a" } } } } },
        { "queries[0].like_item_ids:", new SearchRequest { Limit = 1, Queries = { new VectorQuery { Space = "own", LikeItemIds = { Enumerable.Repeat("a", 201) } } } } },
        { "queries[0].like_weights:", new SearchRequest { Limit = 1, Queries = { new VectorQuery { Space = "own", LikeItemIds = { "a" }, LikeWeights = { 1, 2 } } } } },
        { "queries[0].like_weights:", new SearchRequest { Limit = 1, Queries = { new VectorQuery { Space = "own", LikeItemIds = { "a" }, LikeWeights = { float.NaN } } } } },
        { "filter.exclude_item_ids:", new SearchRequest { Limit = 1, Queries = { Query(1) }, Filter = new Filter { ExcludeItemIds = { Enumerable.Repeat("a", 10_001) } } } },
        { "filter.exclude_item_ids:", new SearchRequest { Limit = 1, Queries = { Query(1) }, Filter = new Filter { ExcludeItemIds = { "a b" } } } },
        { "filter.territory:", new SearchRequest { Limit = 1, Queries = { Query(1) }, Filter = new Filter { Territory = "france" } } },
    };

    [Fact]
    public async Task A_search_outside_its_limits_is_refused_by_the_name_of_its_field()
    {
        foreach (var row in BadSearches())
        {
            var (field, request) = row.Data;
            var error = await Assert.ThrowsAsync<RpcException>(() => _client.SearchAsync(request, cancellationToken: Cancelled).ResponseAsync);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.StartsWith(field, error.Status.Detail);
        }
    }

    [Fact]
    public async Task A_write_outside_its_limits_is_refused_and_nothing_is_appended()
    {
        await _client.UpsertAsync(Upsert(("a", [1, 0])), cancellationToken: Cancelled);
        (string Field, UpsertRequest Request)[] cases =
        [
            ("points:", new UpsertRequest { Space = "own", ModelVersion = "1" }),
            ("points:", Upsert([.. Enumerable.Range(0, 1001).Select(i => ($"i{i}", new float[] { 1, 2 }))])),
            ("points:", new UpsertRequest { Space = "big", ModelVersion = "1", Points = { Enumerable.Range(0, 300).Select(i => new ItemPoint { ItemId = $"i{i}", Vector = LogRecords.Bytes(new float[4096]) }) } }),
            ("points[1].vector:", Upsert(("b", [1, 0]), ("c", [1, float.NaN]))),
            ("points[0].vector:", Upsert(("b", [1, 0, 0]))),
            ("points[0].vector:", new UpsertRequest { Space = "new", ModelVersion = "1", Points = { new ItemPoint { ItemId = "a", Vector = LogRecords.Bytes(new float[4097]) } } }),
            ("points[0].item_id:", Upsert((new string('x', 129), [1, 0]))),
            ("space:", new UpsertRequest { Space = "collaborative", ModelVersion = "1", Points = { new ItemPoint { ItemId = "a", Vector = LogRecords.Bytes(1) } } }),
            ("space:", new UpsertRequest { Space = "", ModelVersion = "1", Points = { new ItemPoint { ItemId = "a", Vector = LogRecords.Bytes(1) } } }),
            ("model_version:", new UpsertRequest { Space = "own", Points = { new ItemPoint { ItemId = "a", Vector = LogRecords.Bytes(1) } } }),
        ];
        foreach (var (field, request) in cases)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => _client.UpsertAsync(request, cancellationToken: Cancelled).ResponseAsync);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.StartsWith(field, error.Status.Detail);
        }

        Assert.Equal(1, _log.Append(Topics.Embeddings, []));
    }

    [Fact]
    public async Task Without_a_log_reads_go_on_and_writes_say_unavailable()
    {
        await _client.UpsertAsync(Upsert(("a", [1, 0])), cancellationToken: Cancelled);
        await _log.DisposeAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => _client.UpsertAsync(Upsert(("b", [1, 0])), cancellationToken: Cancelled).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal(["a"], (await SearchAsync(1, 0)).ItemIds);
    }

    [Fact]
    public async Task The_view_is_rebuilt_from_the_log_on_the_administrators_demand_only()
    {
        await _client.UpsertAsync(Upsert(("a", [1, 0]), ("b", [0, 1])), cancellationToken: Cancelled);
        var views = new ViewService.ViewServiceClient(_service.Channel);
        var before = await views.GetDigestAsync(new GetDigestRequest { View = "vectors" }, cancellationToken: Cancelled);

        using (var refused = views.Rebuild(new RebuildRequest { View = "vectors" }, cancellationToken: Cancelled))
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => refused.ResponseStream.MoveNext(Cancelled));
            Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        }

        using var rebuild = views.Rebuild(new RebuildRequest { View = "vectors" }, new Metadata { { "x-admin-key", ServiceProcess.AdminKey } }, cancellationToken: Cancelled);
        await foreach (var _ in rebuild.ResponseStream.ReadAllAsync(Cancelled))
        {
        }

        Assert.Equal(before, await views.GetDigestAsync(new GetDigestRequest { View = "vectors" }, cancellationToken: Cancelled));
        Assert.Equal(["a", "b"], (await SearchAsync(1, 0.5f)).ItemIds);
    }

    [Fact]
    public async Task Health_and_the_latency_per_space_are_there_to_be_scraped()
    {
        await _client.UpsertAsync(Upsert(("a", [1, 0])), cancellationToken: Cancelled);
        await SearchAsync(1, 0);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync("/health/ready", Cancelled)).StatusCode);
        var metrics = await _service.Http.GetStringAsync("/metrics", Cancelled);
        Assert.Matches("""vector_search_latency_seconds_count\{[^}]*space="own"[^}]*\} 1""", metrics);
    }

    [Fact]
    public async Task Kill_9_at_any_moment_loses_nothing_and_doubles_nothing()
    {
        // The replay comes in portions with pauses between them, so that there is something to kill.
        _log.BatchesPerTail = 4;
        const int items = 4_000;
        var random = new Random(7);
        for (var model = 1; model <= 3; model++)
        {
            for (var from = 0; from < items; from += 1000)
            {
                _log.Append(Topics.Embeddings, Enumerable.Range(from, 1000).Select(i =>
                    LogRecords.Vector("collaborative", $"m{model}", $"i{i}", ExactSearchTests.RandomVector(random, 64))));
            }

            _log.Append(Topics.Embeddings, [LogRecords.Published("collaborative", $"m{model}", 64)]);
        }

        var end = _log.Append(Topics.Catalog, Enumerable.Range(0, items).Select(i => LogRecords.Upsert(new Item { Id = $"i{i}", Kind = ItemKind.Film })));
        var kills = 0;
        while (true)
        {
            var views = new ViewService.ViewServiceClient(_service.Channel);
            var from = await PositionAsync(views);
            if (from == 3 * (items + 1)) break;
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
        var survivor = new ViewService.ViewServiceClient(_service.Channel);
        await survivor.WaitForAsync(new WaitForRequest { View = "vectors", Topic = Topics.Catalog, Offset = end }, cancellationToken: Cancelled);
        var digest = await survivor.GetDigestAsync(new GetDigestRequest { View = "vectors" }, cancellationToken: Cancelled);

        using var reference = await ServiceProcess.StartAsync("VectorSearch.dll", _log.Address, Directory.CreateDirectory(Path.Combine(_folder, "reference")).FullName);
        var calm = new ViewService.ViewServiceClient(reference.Channel);
        await calm.WaitForAsync(new WaitForRequest { View = "vectors", Topic = Topics.Catalog, Offset = end }, cancellationToken: Cancelled);
        await calm.WaitForAsync(new WaitForRequest { View = "vectors", Topic = Topics.Embeddings, Offset = 3 * (items + 1) }, cancellationToken: Cancelled);
        Assert.Equal(await calm.GetDigestAsync(new GetDigestRequest { View = "vectors" }, cancellationToken: Cancelled), digest);
        Assert.Equal(3 * items, digest.Entries);
    }

    private static async Task<long> PositionAsync(ViewService.ViewServiceClient views)
    {
        while (true)
        {
            var positions = await views.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancelled);
            var position = positions.Positions.Single(p => p.Topic == Topics.Embeddings);
            // Before it follows the log, a service has not said yet where its store stands.
            if (position.Connected) return position.NextOffset;
        }
    }

    private static VectorQuery Query(params float[] vector) => new() { Space = "own", Vector = LogRecords.Bytes(vector) };

    private static UpsertRequest Upsert(params (string Id, float[] Vector)[] points) => new()
    {
        Space = "own",
        ModelVersion = "1",
        Points = { points.Select(p => new ItemPoint { ItemId = p.Id, Vector = LogRecords.Bytes(p.Vector) }) },
    };

    private async Task StartServiceAsync()
    {
        _service = await ServiceProcess.StartAsync("VectorSearch.dll", _log.Address, Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName);
        _client = new VectorSearchService.VectorSearchServiceClient(_service.Channel);
    }

    private async Task<SearchResult> SearchAsync(params float[] vector) =>
        (await _client.SearchAsync(new SearchRequest { Limit = 10, Queries = { Query(vector) } }, cancellationToken: Cancelled)).Results[0];
}
