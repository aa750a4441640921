using System.Net;
using System.Net.Http.Json;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests;

public sealed class EventTests
{
    [Theory]
    [InlineData("play")]
    [InlineData("progress")]
    [InlineData("complete")]
    [InlineData("skip")]
    [InlineData("rate")]
    [InlineData("hide")]
    [InlineData("dislike")]
    public async Task The_very_next_answer_is_without_the_title_even_when_no_view_has_heard_of_the_event(string type)
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 5));
        host.Backends.Log.TailsHeld = true;
        host.Backends.Profiles.Rebuilding = true;

        await host.SendAsync(HttpMethod.Post, "/api/events", Batch(Event("e1", "viewer", "film-3", type)));

        Assert.Equal(["film-1", "film-2", "film-4", "film-5"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer")).Order());
        Assert.Equal(5, RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=somebody-else")).Count);

        host.Backends.Log.ReleaseTails();
        await host.CaughtUpAsync();
        Assert.DoesNotContain("film-3", RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer")));
    }

    [Fact]
    public async Task An_impression_says_nothing_and_a_clear_takes_back_a_hide()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 2));
        await host.SendAsync(HttpMethod.Post, "/api/events", Batch(Event("e1", "viewer", "film-1", "impression"), Event("e2", "viewer", "film-2", "hide")));
        Assert.Equal(["film-1"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer")));

        await host.SendAsync(HttpMethod.Post, "/api/events", Batch(Event("e3", "viewer", "film-2", "clear")));
        await host.CaughtUpAsync();
        Assert.Equal(["film-1", "film-2"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer")).Order());
    }

    [Fact]
    public async Task An_event_sent_twice_counts_once()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 2));
        var batch = Batch(Event("e1", "viewer", "film-1", "play"), Event("e2", "viewer", "film-2", "play"));

        var first = await host.SendAsync(HttpMethod.Post, "/api/events", batch);
        var second = await host.SendAsync(HttpMethod.Post, "/api/events", batch);
        await host.CaughtUpAsync();

        Assert.Equal((2, 0), (first.GetProperty("accepted").GetInt32(), first.GetProperty("duplicates").GetInt32()));
        Assert.Equal((0, 2), (second.GetProperty("accepted").GetInt32(), second.GetProperty("duplicates").GetInt32()));
        Assert.Equal(2, host.Backends.Log.Read(Topics.Interactions).Count);
        Assert.Equal(1, (await host.GetAsync("/api/items/film-1")).GetProperty("watches").GetInt32());
    }

    [Fact]
    public async Task A_batch_reaches_the_log_in_one_append_as_it_was_sent()
    {
        await using var host = await GatewayHost.StartAsync();
        var before = host.Backends.Log.Appends;
        await host.SendAsync(HttpMethod.Post, "/api/events", Batch(
            new { eventId = "e1", userId = "v", itemId = "i", type = "progress", timestamp = "2026-03-01T20:15:00+01:00", positionSeconds = 90.7, durationSeconds = 5400, territory = "CA", requestId = "r1" },
            new { eventId = "e2", userId = "v", itemId = "i", type = "rate", rating = 4.5 }));

        Assert.Equal(before + 1, host.Backends.Log.Appends);
        var records = host.Backends.Log.Read(Topics.Interactions);
        Assert.Equal([("e1", "v"), ("e2", "v")], records.Select(r => (r.Record.EventId, r.Record.Key)));
        Assert.All(records, r => Assert.Equal("reco.interactions.v1.Interaction", r.Record.Type));
        var first = Interaction.Parser.ParseFrom(records[0].Record.Payload);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 19, 15, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), first.OccurredAtMs);
        Assert.Equal((90, 5400, "CA", "r1", InteractionKind.Progress), (first.PositionSeconds, first.DurationSeconds, first.Territory, first.RequestId, first.Kind));
        Assert.Equal(4.5f, Interaction.Parser.ParseFrom(records[1].Record.Payload).Rating);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_log_takes_nothing_the_answer_is_503_and_nothing_counts(bool isFull)
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 2));
        if (isFull) host.Backends.Log.Full = true;
        else host.Backends.Faults["eventlog"] = Fault.Absent;

        using var response = await host.Api.PostAsJsonAsync("/api/events", Batch(Event("e1", "viewer", "film-1", "play")));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal(2, RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer")).Count);
    }

    [Fact]
    public async Task Acknowledged_events_are_counted_by_kind()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, "/api/events", Batch(Event("e1", "v", "i", "skip")));
        await host.GetAsync("/api/recommendations?userId=v");

        var metrics = await host.Api.GetStringAsync("/metrics");
        Assert.Contains("events_ingested_total{", metrics);
        Assert.Contains("kind=\"skip\"", metrics);
        Assert.Contains("recommendations_total{", metrics);
        Assert.Contains("recommendation_latency_seconds_bucket{", metrics);
        Assert.Contains("le=\"0.15\"", metrics);
    }

    private static object Event(string eventId, string userId, string itemId, string type) => type == "rate"
        ? new { eventId, userId, itemId, type, rating = 5 }
        : new { eventId, userId, itemId, type };

    private static object Batch(params object[] events) => new { events };
}
