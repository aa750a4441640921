using System.Text.Json;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class RankTests
{
    [Fact]
    public async Task Exactly_the_titles_asked_for_come_back_each_once_best_first_and_unknown_ones_last()
    {
        await using var host = await WithFanAsync();

        var answer = await RankAsync(host, "fan", "rock-1", "nowhere", "jazz-9", "jazz-8", "rock-1", "jazz-1");

        Assert.Equal("personalised", answer.GetProperty("strategy").GetString());
        Assert.Equal("als-1", answer.GetProperty("modelVersion").GetString());
        var items = answer.GetProperty("items").EnumerateArray().Select(i => (Id: i.GetProperty("itemId").GetString(), Score: i.GetProperty("score").GetDouble(), Known: i.GetProperty("known").GetBoolean())).ToList();
        // Seen titles too: the app chose the shelf.
        Assert.Equal(["jazz-1", "jazz-8", "jazz-9", "nowhere", "rock-1"], items.Select(i => i.Id).Order());
        Assert.Equal(("nowhere", false), (items[^1].Id, items[^1].Known));
        Assert.Equal("rock-1", items[^2].Id);
        Assert.All(items.SkipLast(1), i => Assert.True(i.Known));
        Assert.Equal(items.SkipLast(1).Select(i => i.Score).OrderDescending(), items.SkipLast(1).Select(i => i.Score));
    }

    [Fact]
    public async Task The_order_is_that_of_the_collaborative_model_whatever_else_speaks_for_a_title()
    {
        await using var host = await WithFanAsync();
        // Everybody watches rock, and its text is that of the fan's favourites.
        for (var i = 0; i < 50; i++) host.Did($"other-{i}", InteractionKind.Play, "rock-1");
        await host.AddAsync(Titles.Film("rock-1", "Film jazz-1", "circle-rock", ["jazz"]));
        await host.CaughtUpAsync();

        var ids = RecommendationTests.IdsOf(await RankAsync(host, "fan", "rock-1", "jazz-9", "jazz-8"));

        var fan = new[] { "jazz-1", "jazz-2", "jazz-3" }.Select(id => VectorModel.Collaborative(host.Backends.State.Items[id])!).ToList();
        var expected = ids.OrderByDescending(id => fan.Sum(f => VectorModel.Dot(f, VectorModel.Collaborative(host.Backends.State.Items[id])!))).ThenBy(id => id, StringComparer.Ordinal);
        Assert.Equal(expected, ids);
        Assert.Equal("rock-1", ids[^1]);
    }

    [Fact]
    public async Task The_whole_history_speaks_not_the_recent_part()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:HistoryLimit", "10"));
        await host.AddAsync(Titles.Films("jazz", 300, "circle-jazz"));
        await host.DidAsync("fan", InteractionKind.Complete, Enumerable.Range(1, 290).Select(i => $"jazz-{i}"));

        await RankAsync(host, "fan", "jazz-299");
        Assert.Equal(290, host.Backends.Embedding.LastHistory);
    }

    [Fact]
    public async Task Asked_for_popularity_it_orders_by_viewers_of_all_time()
    {
        await using var host = await WithFanAsync();
        for (var i = 0; i < 3; i++) host.Did($"other-{i}", InteractionKind.Play, "rock-2");
        // The same viewer many times is one viewer.
        for (var i = 0; i < 9; i++) host.Did("other-1", InteractionKind.Play, "rock-3");
        await host.CaughtUpAsync();

        var answer = await host.SendAsync(HttpMethod.Post, "/api/rank", new { userId = "fan", itemIds = new[] { "rock-3", "rock-2", "jazz-9" }, strategy = "popular" });

        Assert.Equal("popular", answer.GetProperty("strategy").GetString());
        Assert.Equal(["rock-2", "rock-3", "jazz-9"], RecommendationTests.IdsOf(answer));
        Assert.Equal([3.0, 1.0, 0.0], answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("score").GetDouble()));
    }

    [Fact]
    public async Task A_title_that_the_model_does_not_know_is_judged_by_its_text()
    {
        await using var host = await WithFanAsync();
        await host.AddAsync(Titles.Film("cold-jazz", "Film jazz", genres: ["jazz"]), Titles.Film("cold-other", "Autre chose"));

        var ids = RecommendationTests.IdsOf(await RankAsync(host, "fan", "cold-other", "cold-jazz"));
        Assert.Equal(["cold-jazz", "cold-other"], ids);
    }

    [Theory]
    [InlineData("vectorsearch", "popular")]
    [InlineData("embedding", "personalised")]
    [InlineData("profile", "personalised")]
    public async Task Without_a_service_it_still_ranks_and_says_so(string service, string strategy)
    {
        await using var host = await WithFanAsync();
        host.Backends.Faults[service] = Fault.Absent;

        var answer = await RankAsync(host, "fan", "jazz-9", "rock-1");

        Assert.Equal([service], DegradedTests.DegradedOf(answer));
        Assert.Equal(strategy, answer.GetProperty("strategy").GetString());
        Assert.Equal(2, RecommendationTests.IdsOf(answer).Count);
    }

    [Fact]
    public async Task A_viewer_without_history_gets_the_order_of_all_viewers()
    {
        await using var host = await WithFanAsync();
        var answer = await RankAsync(host, "nobody", "rock-1", "jazz-1");
        Assert.Equal("coldStart", answer.GetProperty("strategy").GetString());
        Assert.Equal(["jazz-1", "rock-1"], RecommendationTests.IdsOf(answer));
    }

    private static Task<JsonElement> RankAsync(GatewayHost host, string userId, params string[] itemIds) =>
        host.SendAsync(HttpMethod.Post, "/api/rank", new { userId, itemIds });

    private static async Task<GatewayHost> WithFanAsync()
    {
        var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("jazz", 10, "circle-jazz", "jazz"));
        await host.AddAsync(Titles.Films("rock", 10, "circle-rock", "rock"));
        await host.DidAsync("fan", InteractionKind.Complete, "jazz-1", "jazz-2", "jazz-3");
        return host;
    }
}
