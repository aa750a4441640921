using System.Diagnostics;
using System.Text.Json;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class DegradedTests
{
    [Theory]
    [InlineData("profile", "Absent")]
    [InlineData("profile", "Broken")]
    [InlineData("profile", "Slow")]
    [InlineData("embedding", "Absent")]
    [InlineData("embedding", "Slow")]
    [InlineData("vectorsearch", "Absent")]
    [InlineData("vectorsearch", "Broken")]
    [InlineData("vectorsearch", "Slow")]
    [InlineData("graph", "Absent")]
    [InlineData("graph", "Slow")]
    public async Task A_service_that_does_not_help_is_named_and_the_rest_goes_on(string service, string fault)
    {
        await using var host = await WithHistoryAsync(("Gateway:DependencyDeadlineMs", "300"));
        host.Backends.Faults[service] = Enum.Parse<Fault>(fault);

        var answer = await host.GetAsync("/api/recommendations?userId=fan&limit=5");

        Assert.Equal([service], DegradedOf(answer));
        // A region without one of them (the third has no graph) is a region that answers.
        Assert.True((await host.Api.GetAsync("/health/ready")).IsSuccessStatusCode);
        Assert.Equal("personalised", answer.GetProperty("strategy").GetString());
        Assert.All(RecommendationTests.IdsOf(answer), id => Assert.StartsWith("jazz-", id));
    }

    [Fact]
    public async Task With_every_service_dead_the_viewer_gets_what_is_watched_in_the_territory_and_was_not_seen()
    {
        await using var host = await WithHistoryAsync();
        for (var i = 0; i < 5; i++) host.Did($"neighbour-{i}", InteractionKind.Play, "rock-2", "CA");
        host.Did("neighbour-6", InteractionKind.Play, "jazz-1", "CA");
        host.Did("neighbour-7", InteractionKind.Play, "rock-3", "CA");
        host.Did("stranger", InteractionKind.Play, "rock-4", "FR");
        await host.CaughtUpAsync();
        foreach (var service in new[] { "profile", "embedding", "vectorsearch", "graph", "eventlog" }) host.Backends.Faults[service] = Fault.Absent;
        host.Backends.Log.CutTails();
        await UntilAsync(async () => DegradedOf(await host.GetAsync("/api/recommendations?userId=fan&territory=CA&limit=2")).Contains("eventlog"));

        var answer = await host.GetAsync("/api/recommendations?userId=fan&territory=CA&limit=2");

        Assert.Equal("popular", answer.GetProperty("strategy").GetString());
        Assert.Equal(["embedding", "eventlog", "graph", "profile", "vectorsearch"], DegradedOf(answer));
        Assert.Equal(["rock-2", "rock-3"], RecommendationTests.IdsOf(answer));
        Assert.Equal("trending", answer.GetProperty("items")[0].GetProperty("reason").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Without_a_trained_model_nothing_is_degraded()
    {
        await using var host = await WithHistoryAsync();
        host.Backends.Model.EmbeddingVersion = null;
        host.Backends.Model.SearchableVersion = null;

        var answer = await host.GetAsync("/api/recommendations?userId=fan&limit=5");

        Assert.Empty(DegradedOf(answer));
        Assert.Equal("", answer.GetProperty("modelVersion").GetString());
        Assert.Equal("personalised", answer.GetProperty("strategy").GetString());
        Assert.DoesNotContain("collaborative", SourcesOf(answer));
    }

    [Fact]
    public async Task While_a_model_is_swapped_the_viewer_is_folded_into_the_version_that_can_be_searched()
    {
        await using var host = await WithHistoryAsync();
        host.Backends.Model.EmbeddingVersion = "als-2";

        var answer = await host.GetAsync("/api/recommendations?userId=fan&limit=5");

        Assert.Equal("als-1", answer.GetProperty("modelVersion").GetString());
        Assert.Empty(DegradedOf(answer));
        Assert.Contains("collaborative", SourcesOf(answer));
        Assert.Equal(2, host.Backends.Embedding.FoldIns);
    }

    [Fact]
    public async Task A_dead_service_is_soon_not_asked_any_more_and_asked_again_after_a_while()
    {
        await using var host = await WithHistoryAsync();
        host.Backends.Faults["graph"] = Fault.Broken;
        for (var i = 0; i < 20; i++) await host.GetAsync("/api/recommendations?userId=fan");
        var calls = host.Backends.Faults.CallsOf("graph");

        var answer = await host.GetAsync("/api/recommendations?userId=fan");
        Assert.True(calls < 20, $"{calls} calls in 20 requests");
        Assert.Equal(["graph"], DegradedOf(answer));

        host.Backends.Faults.Clear();
        await UntilAsync(async () => DegradedOf(await host.GetAsync("/api/recommendations?userId=fan")).Count == 0);
    }

    [Fact]
    public async Task All_services_slow_at_once_cost_no_more_than_the_budget_of_the_request()
    {
        // Deadlines alone would add up: profile, fold-in, search and score each have 2 s.
        await using var host = await WithHistoryAsync(("Gateway:DependencyDeadlineMs", "2000"), ("Gateway:BudgetMs", "2500"));
        foreach (var service in new[] { "profile", "embedding", "vectorsearch", "graph" }) host.Backends.Faults[service] = Fault.Slow;

        var start = Stopwatch.GetTimestamp();
        var answer = await host.GetAsync("/api/recommendations?userId=fan&limit=5");
        var took = Stopwatch.GetElapsedTime(start);

        Assert.Equal(["embedding", "graph", "profile", "vectorsearch"], DegradedOf(answer));
        Assert.Equal(5, RecommendationTests.IdsOf(answer).Count);
        Assert.True(took < TimeSpan.FromSeconds(3.9), $"took {took}");
    }

    internal static List<string> DegradedOf(JsonElement answer) => [.. answer.GetProperty("degraded").EnumerateArray().Select(d => d.GetString()!)];

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition()) await Task.Delay(50, patience.Token);
    }

    private static List<string> SourcesOf(JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().SelectMany(i => i.GetProperty("sources").EnumerateArray()).Select(s => s.GetString()!)];

    private static async Task<GatewayHost> WithHistoryAsync(params (string, string)[] settings)
    {
        var host = await GatewayHost.StartAsync(settings);
        await host.AddAsync(Titles.Films("jazz", 20, "circle-jazz", "jazz"));
        await host.AddAsync(Titles.Films("rock", 20, "circle-rock", "rock"));
        await host.DidAsync("fan", InteractionKind.Complete, "jazz-1", "jazz-2", "jazz-3");
        return host;
    }
}
