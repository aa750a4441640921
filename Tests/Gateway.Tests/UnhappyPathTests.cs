using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class UnhappyPathTests
{
    [Fact]
    public async Task A_clear_that_arrives_late_does_not_lift_a_newer_hide_when_the_profiles_are_away()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 3));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        host.Did("viewer", InteractionKind.Hide, "film-2", atMs: now - 1_000);
        host.Did("viewer", InteractionKind.Clear, "film-2", atMs: now - 60_000);
        await host.CaughtUpAsync();
        host.Backends.Faults["profile"] = Fault.Absent;

        Assert.Equal(["film-1", "film-3"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer")).Order());
    }

    [Fact]
    public async Task Limits_just_set_hold_when_the_profiles_go_away_before_the_gateways_own_view_has_heard_of_them()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        host.Backends.Log.TailsHeld = true;
        await host.SendAsync(HttpMethod.Put, "/api/users/child/profile", new { kidsMode = true });
        host.Backends.Faults["profile"] = Fault.Absent;

        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
        host.Backends.Log.ReleaseTails();
        await host.CaughtUpAsync();
        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
    }

    [Fact]
    public async Task A_disliked_title_is_not_what_more_of_the_same_is_made_of()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("jazz", 6, "circle-jazz", "jazz").Concat(Titles.Films("rock", 6, "circle-rock", "rock")));
        await host.DidAsync("viewer", InteractionKind.Complete, "jazz-1", "rock-1");
        await host.DidAsync("viewer", InteractionKind.Dislike, "rock-1");

        var answer = await host.GetAsync("/api/recommendations?userId=viewer&limit=20");
        Assert.DoesNotContain("rock-1", answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("reason")).Where(r => r.TryGetProperty("sourceItemId", out _)).Select(r => r.GetProperty("sourceItemId").GetString()));
    }

    [Fact]
    public async Task One_long_series_does_not_keep_an_unwatched_catalogue_from_filling_the_list()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Enumerable.Range(1, 60).Select(i => Titles.Episode($"e{i}", "series", 1, i)).Concat(Titles.Films("film", 30)));

        Assert.Equal(20, RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=new&limit=20")).Count);
    }

    [Fact]
    public async Task Callers_who_hang_up_do_not_make_a_service_look_dead()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("film", 3));
        host.Backends.Faults["profile"] = Fault.Slow;
        for (var i = 0; i < 12; i++)
        {
            using var impatient = new CancellationTokenSource();
            var before = host.Backends.Faults.CallsOf("profile");
            var call = host.Api.GetAsync("/api/recommendations?userId=v", impatient.Token);
            await DegradedTests.UntilAsync(() => Task.FromResult(host.Backends.Faults.CallsOf("profile") > before));
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        host.Backends.Faults.Clear();
        Assert.Empty(DegradedTests.DegradedOf(await host.GetAsync("/api/recommendations?userId=v")));
    }

    [Fact]
    public async Task Without_anything_personal_a_ranking_does_not_call_itself_personalised()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("jazz", 6, "circle-jazz", "jazz"));
        await host.DidAsync("fan", InteractionKind.Complete, "withdrawn");
        var answer = await host.SendAsync(HttpMethod.Post, "/api/rank", new { userId = "fan", itemIds = new[] { "jazz-1", "jazz-2" } });
        Assert.Equal("popular", answer.GetProperty("strategy").GetString());
    }
}
