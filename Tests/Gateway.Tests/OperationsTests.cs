using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Tests.Hosting;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests;

public sealed class OperationsTests
{
    [Fact]
    public async Task The_status_counts_what_is_there_and_names_what_is_not()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 3));
        await host.DidAsync("v1", InteractionKind.Play, "film-1", "film-2");
        await host.DidAsync("v2", InteractionKind.Impression, "film-1");

        var status = await host.GetAsync("/api/status");
        Assert.True(status.GetProperty("ready").GetBoolean());
        Assert.Equal("log-in-memory", status.GetProperty("logId").GetString());
        Assert.Equal((3, 3), (status.GetProperty("catalogItems").GetInt32(), status.GetProperty("interactions").GetInt32()));
        Assert.Empty(DegradedTests.DegradedOf(status));
        var models = status.GetProperty("models").EnumerateArray().ToDictionary(m => m.GetProperty("space").GetString()!, m => m.GetProperty("current").GetBoolean());
        Assert.Equal((true, true), (models["text"], models["collaborative"]));

        string[] all = ["embedding", "graph", "profile", "vectorsearch"];
        foreach (var service in all) host.Backends.Faults[service] = Fault.Absent;
        Assert.Equal(all, DegradedTests.DegradedOf(await host.GetAsync("/api/status")));
    }

    [Theory]
    [InlineData("", "local")]
    [InlineData("eu-west-3", "eu-west-3")]
    public async Task The_status_names_the_region(string setting, string region)
    {
        await using var host = await GatewayHost.StartAsync(("REGION", setting));
        Assert.Equal(region, (await host.GetAsync("/api/status")).GetProperty("region").GetString());
    }

    [Fact]
    public async Task It_is_ready_only_when_its_views_have_read_the_log()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.Api.GetAsync("/health/ready")).StatusCode);

        host.Backends.Log.TailsHeld = true;
        host.Backends.Log.Append(Topics.Catalog, "e", "late", new Contracts.Catalog.V1.CatalogChange { Upsert = Titles.Film("late") });
        await host.Services.GetLogViewRunner<CatalogView>().ResetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Api.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Api.GetAsync("/health/live")).StatusCode);

        host.Backends.Log.ReleaseTails();
        await host.CaughtUpAsync();
        await DegradedTests.UntilAsync(async () => (await host.Api.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Views_rebuilt_from_the_log_have_the_same_content()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 20));
        for (var i = 0; i < 40; i++) await host.DidAsync($"v{i % 7}", i % 5 == 0 ? InteractionKind.Hide : InteractionKind.Complete, $"film-{(i % 20) + 1}");
        var token = TestContext.Current.CancellationToken;
        foreach (var runner in host.Services.GetServices<LogViewRunner>())
        {
            var before = await runner.GetDigestAsync(token);
            await runner.ResetAsync(token);
            await host.CaughtUpAsync();
            Assert.Equal(before, await runner.GetDigestAsync(token));
            Assert.True(before.Entries > 0);
        }

        // Hides (of film-1, -6, -11, -16) are no watches; each of the others was watched by two viewers.
        Assert.Equal(2, (await host.GetAsync("/api/items/film-2")).GetProperty("watches").GetInt32());
        Assert.Equal(0, (await host.GetAsync("/api/items/film-1")).GetProperty("watches").GetInt32());
    }

    [Fact]
    public async Task Facts_of_viewers_stay_below_their_ceiling()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Viewers:MaxEntries", "1000"));
        for (var i = 0; i < 5_000; i++) host.Did($"v{i}", InteractionKind.Skip, $"film-{i % 3}");
        await host.CaughtUpAsync();

        var viewers = host.Services.GetRequiredService<ViewersView>();
        Assert.InRange(viewers.Count, 1, 500);
        Assert.Contains("gateway_viewers_evicted_total", await host.Api.GetStringAsync("/metrics"));
        // The last one heard of is still known.
        Assert.False(viewers.Read("v4999").Forbidden.Count == 0);
    }

    [Fact]
    public async Task The_same_history_is_folded_in_once_and_a_new_event_is_a_new_history()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:TasteCacheEntries", "100"));
        await host.AddAsync(Titles.Films("jazz", 10, "circle-jazz"));
        await host.DidAsync("fan", InteractionKind.Complete, "jazz-1");
        for (var i = 0; i < 3; i++) await host.GetAsync("/api/recommendations?userId=fan");
        Assert.Equal(1, host.Backends.Embedding.FoldIns);

        await host.DidAsync("fan", InteractionKind.Complete, "jazz-2");
        await host.GetAsync("/api/recommendations?userId=fan");
        Assert.Equal(2, host.Backends.Embedding.FoldIns);
        var metrics = await host.Api.GetStringAsync("/metrics");
        Assert.Contains("cache_hits_total{", metrics);
        Assert.Contains("cache=\"taste\"", metrics);
    }

    [Fact]
    public async Task A_personal_answer_is_kept_by_no_cache()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await host.Api.GetAsync("/api/recommendations?userId=v");
        Assert.True(response.Headers.CacheControl is { NoStore: true, Private: true });
    }
}
