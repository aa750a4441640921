using System.Net;
using System.Net.Http.Json;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class ProfileTests
{
    [Fact]
    public async Task Preferences_are_replaced_as_a_whole_and_hold_for_the_next_answer()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        await host.SendAsync(HttpMethod.Put, "/api/users/v/profile", new { languages = new[] { "fr" }, territory = "CA", ageLimitYears = 12, kidsMode = false });
        var limited = await host.GetAsync("/api/users/v/profile");
        Assert.Equal(("CA", 12, false), (limited.GetProperty("territory").GetString(), limited.GetProperty("ageLimitYears").GetInt32(), limited.GetProperty("kidsMode").GetBoolean()));
        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=v")));

        await host.SendAsync(HttpMethod.Put, "/api/users/v/profile", new { territory = "CA" });
        var open = await host.GetAsync("/api/users/v/profile");
        Assert.False(open.TryGetProperty("ageLimitYears", out _));
        Assert.Empty(open.GetProperty("languages").EnumerateArray());
        Assert.Equal(2, RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=v")).Count);
    }

    [Fact]
    public async Task The_history_comes_with_titles_most_recent_first()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("a", "Un"), Titles.Film("b", "Deux"));
        host.Did("v", InteractionKind.Complete, "a", atMs: 1_700_000_000_000);
        host.Did("v", InteractionKind.Rate, "b", rating: 4.5f, atMs: 1_700_000_100_000);
        host.Did("v", InteractionKind.Like, "a", atMs: 1_700_000_200_000);
        var profile = await host.GetAsync("/api/users/v/profile");

        Assert.Equal(2, profile.GetProperty("historyTotal").GetInt32());
        Assert.Equal([("b", "Deux", "rate"), ("a", "Un", "complete")], profile.GetProperty("history").EnumerateArray()
            .Select(h => (h.GetProperty("itemId").GetString(), h.GetProperty("title").GetString(), h.GetProperty("type").GetString())));
        Assert.Equal(4.5, profile.GetProperty("history")[0].GetProperty("rating").GetDouble());
        Assert.Equal("a", profile.GetProperty("liked")[0].GetString());
    }

    [Fact]
    public async Task Without_the_profile_service_the_answer_is_503_with_the_time_to_come_back()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Backends.Faults["profile"] = Fault.Absent;
        using var get = await host.Api.GetAsync("/api/users/v/profile");
        using var put = await host.Api.PutAsJsonAsync("/api/users/v/profile", new { territory = "FR" });
        Assert.All([get, put], r =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, r.StatusCode);
            Assert.NotNull(r.Headers.RetryAfter?.Delta);
        });
    }
}
