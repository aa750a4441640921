using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RecoAspire.Publishing.Kubernetes.Engines.Qdrant;

namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>The task that creates the collections, against a server that answers as Qdrant's REST interface does.</summary>
public sealed class QdrantCollectionsTests : IAsyncDisposable
{
    private const string Key = "key-of-the-test";
    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<string, JsonNode> _collections = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private int _peers = 10;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Both_collections_are_created_as_the_topology_says()
    {
        await using var server = await ServerAsync();
        var result = await RunAsync(server);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(["collaborative", "text"], _collections.Keys.Order());
        var collaborative = _collections["collaborative"];
        Assert.Equal(192, (int)collaborative["vectors"]!["size"]!);
        Assert.Equal("Dot", (string)collaborative["vectors"]!["distance"]!);
        Assert.True((bool)collaborative["vectors"]!["on_disk"]!);
        Assert.Equal(20, (int)collaborative["shard_number"]!);
        Assert.Equal(2, (int)collaborative["replication_factor"]!);
        Assert.Equal(2, (int)collaborative["write_consistency_factor"]!);
        var scalar = collaborative["quantization_config"]!["scalar"]!;
        Assert.Equal(("int8", 0.99, true), ((string)scalar["type"]!, (double)scalar["quantile"]!, (bool)scalar["always_ram"]!));
        Assert.Equal((256, "Cosine"), ((int)_collections["text"]["vectors"]!["size"]!, (string)_collections["text"]["vectors"]!["distance"]!));
    }

    [Fact]
    public async Task A_collection_that_exists_is_left_alone()
    {
        _collections["text"] = new JsonObject { ["mine"] = true };
        await using var server = await ServerAsync();
        var result = await RunAsync(server);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.True((bool)_collections["text"]["mine"]!);
        Assert.DoesNotContain(_calls, c => c.StartsWith("DELETE", StringComparison.Ordinal) || c == "PUT text");
        Assert.Contains("PUT collaborative", _calls);
    }

    [Fact]
    public async Task Nothing_is_created_before_all_peers_are_there()
    {
        _peers = 9;
        await using var server = await ServerAsync();
        var result = await RunAsync(server);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("9 of 10 peers", result.Errors, StringComparison.Ordinal);
        Assert.Empty(_collections);
    }

    [Fact]
    public async Task A_refusal_fails_the_task()
    {
        await using var server = await ServerAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "broken.json"), "{", TestContext.Current.CancellationToken);
        var result = await RunAsync(server);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'broken' cannot be created", result.Errors, StringComparison.Ordinal);
    }

    private async Task<Shell.Result> RunAsync(WebApplication server)
    {
        Shell.Need("curl");
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var (name, text) in CollectionsJob.Collections(EngineSet.Topology.Qdrant)) await File.WriteAllTextAsync(Path.Combine(_folder.Path, $"{name}.json"), text, cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "api-key"), Key, cancellation);
        return await Shell.RunAsync(
            EngineSet.Script("Qdrant/create-collections.sh"),
            ("QDRANT_URL", server.Urls.Single()),
            ("API_KEY_FILE", Path.Combine(_folder.Path, "api-key")),
            ("RUN", _folder.Path),
            ("COLLECTIONS", _folder.Path),
            ("PEERS", "10"),
            ("WAIT_SECONDS", "0"));
    }

    private async Task<WebApplication> ServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Use(async (context, next) =>
        {
            if (context.Request.Headers["api-key"] != Key) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else await next();
        });
        server.MapGet("/cluster", () => new
        {
            result = new { status = "enabled", peers = Enumerable.Range(1, _peers).ToDictionary(p => $"{p}", p => new { uri = $"https://qdrant-{p - 1}:6335/" }) },
        });
        server.MapMethods("/collections/{name}", ["GET", "PUT", "DELETE", "PATCH"], async (HttpRequest request, string name) =>
        {
            _calls.Enqueue($"{request.Method} {name}");
            if (request.Method == "GET") return _collections.ContainsKey(name) ? Results.Ok() : Results.NotFound();
            try
            {
                return _collections.TryAdd(name, (await JsonNode.ParseAsync(request.Body))!) ? Results.Ok() : Results.Conflict();
            }
            catch (System.Text.Json.JsonException)
            {
                return Results.BadRequest();
            }
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
