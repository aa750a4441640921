using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>Whom a Qdrant node joins, for each state of its volume and of the others.</summary>
public sealed class QdrantStartTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task The_first_node_of_a_new_cluster_founds_it() =>
        Assert.Equal("--uri https://qdrant-0.qdrant.recommendation.svc:6335", await StartAsync(ordinal: 0));

    [Fact]
    public async Task Another_node_of_a_new_cluster_waits_for_the_first() =>
        Assert.Equal(
            "--uri https://qdrant-7.qdrant.recommendation.svc:6335 --bootstrap https://qdrant-0.qdrant.recommendation.svc:6335",
            await StartAsync(ordinal: 7));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_node_whose_volume_was_replaced_joins_through_one_that_is_ready(int ordinal)
    {
        await using var peer = await PeerAsync(StatusCodes.Status200OK);
        Assert.Equal(
            $"--uri https://qdrant-{ordinal}.qdrant.recommendation.svc:6335 --bootstrap https://qdrant-3.qdrant.recommendation.svc:6335",
            await StartAsync(ordinal, (3, peer)));
    }

    [Fact]
    public async Task A_node_that_is_not_ready_is_no_way_into_a_cluster()
    {
        // So does a node answer that itself still waits for node 0.
        await using var peer = await PeerAsync(StatusCodes.Status503ServiceUnavailable);
        Assert.Equal("--uri https://qdrant-0.qdrant.recommendation.svc:6335", await StartAsync(ordinal: 0, (3, peer)));
    }

    [Fact]
    public async Task A_node_never_joins_through_itself()
    {
        await using var itself = await PeerAsync(StatusCodes.Status200OK);
        Assert.Equal("--uri https://qdrant-0.qdrant.recommendation.svc:6335", await StartAsync(ordinal: 0, (0, itself)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_node_with_raft_state_asks_nobody(int ordinal)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "storage"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "storage", "raft_state.json"), "{}", TestContext.Current.CancellationToken);
        await using var peer = await PeerAsync(StatusCodes.Status200OK);
        Assert.Equal($"--uri https://qdrant-{ordinal}.qdrant.recommendation.svc:6335", await StartAsync(ordinal, (3, peer)));
    }

    [Theory]
    [InlineData("find-peer.sh")]
    [InlineData("start.sh")]
    public async Task A_host_name_without_an_ordinal_is_refused(string script)
    {
        var result = await Shell.RunAsync(EngineSet.Script($"Qdrant/{script}"), [.. Environment("qdrant")]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'qdrant' does not end in an ordinal", result.Errors, StringComparison.Ordinal);
    }

    private async Task<string> StartAsync(int ordinal, params (int Ordinal, WebApplication Server)[] peers)
    {
        Shell.Need("curl");
        // The names exist in the cluster only: curl is told where each is, and that nobody is at the others.
        var lines = peers.Select(p => $"connect-to = \"qdrant-{p.Ordinal}.qdrant.recommendation.svc:6333:127.0.0.1:{new Uri(p.Server.Urls.Single()).Port}\"")
            .Append("connect-to = \"::127.0.0.1:1\"");
        await File.WriteAllLinesAsync(Path.Combine(_folder.Path, ".curlrc"), lines, TestContext.Current.CancellationToken);
        Shell.Program(_folder.Path, "qdrant", "echo \"$*\"");
        (string, string)[] environment = [.. Environment($"qdrant-{ordinal}")];
        var found = await Shell.RunAsync(EngineSet.Script("Qdrant/find-peer.sh"), environment);
        Assert.True(found.ExitCode == 0, found.Errors);
        var started = await Shell.RunAsync(EngineSet.Script("Qdrant/start.sh"), environment);
        Assert.True(started.ExitCode == 0, started.Errors);
        return started.Output.Trim();
    }

    private IEnumerable<(string, string)> Environment(string hostName) => [
        ("HOSTNAME", hostName),
        ("CURL_HOME", _folder.Path),
        ("STORAGE", Path.Combine(_folder.Path, "storage")),
        ("JOIN_FILE", Path.Combine(_folder.Path, "join")),
        ("PEER_DOMAIN", "qdrant.recommendation.svc"),
        ("PEER_SCHEME", "https"),
        ("MOST_PEERS", "10"),
        ("FOUNDING_WAIT_SECONDS", "0"),
        ("QDRANT_PROGRAM", Path.Combine(_folder.Path, "qdrant"))];

    private static async Task<WebApplication> PeerAsync(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/readyz", () => Results.StatusCode(status));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
