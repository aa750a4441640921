using System.Net;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Tests.Hosting;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests;

public sealed class HardFilterTests
{
    [Fact]
    public async Task A_viewer_without_territory_sees_nothing_that_is_restricted_to_territories()
    {
        await using var host = await GatewayHost.StartAsync();
        var restricted = Titles.Film("only-in-france");
        restricted.Rights.Add(new RightsWindow { Territories = { "FR" } });
        await host.AddAsync(restricted, Titles.Film("everywhere"));

        Assert.Equal(["everywhere"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=nobody")));
        Assert.Equal(["everywhere", "only-in-france"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=nobody&territory=FR")).Order());
    }

    [Fact]
    public async Task A_removed_item_is_gone_from_every_answer()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("stays"), Titles.Film("goes"));
        host.Backends.Log.Append(Topics.Catalog, "removal", "goes", new CatalogChange { RemovedItemId = "goes" });
        await host.CaughtUpAsync();

        Assert.Equal(["stays"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=anybody")));
        Assert.Equal(["stays"], RecommendationTests.IdsOf(await host.GetAsync("/api/search?q=film")));
    }

    [Fact]
    public async Task What_a_viewer_did_with_a_title_counts_also_when_the_catalogue_learns_of_it_later()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.DidAsync("early", InteractionKind.Complete, "late");
        await host.AddAsync(Titles.Film("late"), Titles.Film("other"));

        Assert.Equal(["other"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=early")));
    }

    [Fact]
    public async Task A_profile_service_in_the_middle_of_a_rebuild_does_not_lift_the_viewers_limits()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        await host.PrefersAsync("child", new Preferences { KidsMode = true });
        host.Backends.Profiles.Rebuilding = true;

        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
    }

    [Fact]
    public async Task Limits_just_set_hold_before_the_gateways_own_view_has_heard_of_them()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        host.Backends.Log.TailsHeld = true;
        await host.SendAsync(HttpMethod.Put, "/api/users/child/profile", new { kidsMode = true });

        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
    }

    [Fact]
    public async Task With_the_profiles_away_a_viewer_who_was_let_go_gets_what_is_for_everybody()
    {
        await using var host = await SmallAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        await host.PrefersAsync("child", new Preferences { KidsMode = true });
        await CrowdOutAsync(host);
        host.Backends.Faults["profile"] = Fault.Absent;

        var answer = await host.GetAsync("/api/recommendations?userId=child");
        Assert.Equal(["for-all"], RecommendationTests.IdsOf(answer));
        Assert.Equal(["profile"], DegradedTests.DegradedOf(answer));
    }

    [Fact]
    public async Task With_the_profiles_away_a_viewer_who_was_let_go_and_came_back_is_still_not_trusted_to_be_an_adult()
    {
        await using var host = await SmallAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        await host.PrefersAsync("child", new Preferences { KidsMode = true });
        await CrowdOutAsync(host);
        await host.DidAsync("child", InteractionKind.Play, "something");
        host.Backends.Faults["profile"] = Fault.Absent;

        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
    }

    [Fact]
    public async Task A_viewer_who_was_let_go_does_not_get_old_titles_again_while_the_profiles_answer()
    {
        await using var host = await SmallAsync(("Gateway:HistoryLimit", "10"));
        await host.AddAsync(Titles.Films("seen", 40, "circle-a"));
        await host.AddAsync(Titles.Film("unseen", circle: "circle-a"));
        await host.DidAsync("regular", InteractionKind.Complete, Enumerable.Range(1, 40).Select(i => $"seen-{i}"));
        await CrowdOutAsync(host);
        await host.DidAsync("regular", InteractionKind.Complete, "something");

        Assert.Equal(["unseen"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=regular")));
    }

    [Fact]
    public async Task A_viewer_who_has_seen_most_of_a_circle_still_gets_the_rest_of_it()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:HistoryLimit", "10"), ("Gateway:CandidatesPerSource", "20"));
        await host.AddAsync(Titles.Films("jazz", 120, "circle-jazz"));
        await host.AddAsync(Titles.Films("rock", 60, "circle-rock"));
        await host.DidAsync("fan", InteractionKind.Complete, Enumerable.Range(1, 110).Select(i => $"jazz-{i}"));

        var ids = RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=fan&limit=10"));
        Assert.Equal(10, ids.Count);
        Assert.All(ids, id => Assert.StartsWith("jazz-", id));
        Assert.Equal(110, host.Backends.Vectors.LastSearch!.Filter.ExcludeItemIds.Count);
    }

    [Fact]
    public async Task A_profile_service_that_knows_less_than_was_forgotten_here_proves_nothing()
    {
        await using var host = await SmallAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        await host.PrefersAsync("child", new Preferences { KidsMode = true });
        await CrowdOutAsync(host);
        host.Backends.Profiles.Rebuilding = true;

        var answer = await host.GetAsync("/api/recommendations?userId=child");
        Assert.Equal(["for-all"], RecommendationTests.IdsOf(answer));
        Assert.Equal(["profile"], DegradedTests.DegradedOf(answer));
    }

    [Fact]
    public async Task While_the_facts_of_viewers_are_read_again_nobody_is_trusted_to_be_an_adult_without_the_profiles()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("for-all"), Titles.Film("for-adults", age: 18));
        await host.PrefersAsync("child", new Preferences { KidsMode = true });
        host.Backends.Log.TailsHeld = true;
        await host.Services.GetLogViewRunner<ViewersView>().ResetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
        host.Backends.Faults["profile"] = Fault.Absent;
        Assert.Equal(["for-all"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=child")));
    }

    [Fact]
    public async Task While_the_catalogue_is_read_again_nothing_is_answered_from_a_part_of_it()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("film"));
        host.Backends.Log.TailsHeld = true;
        await host.Services.GetLogViewRunner<CatalogView>().ResetAsync(TestContext.Current.CancellationToken);

        foreach (var path in new[] { "/api/recommendations?userId=v", "/api/search?q=film", "/api/items/film", "/api/items/film/similar" })
        {
            using var response = await host.Api.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
        }

        host.Backends.Log.ReleaseTails();
        await host.CaughtUpAsync();
        Assert.Equal(["film"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=v")));
    }

    private static Task<GatewayHost> SmallAsync(params (string, string)[] more) => GatewayHost.StartAsync([("Gateway:Viewers:MaxEntries", "1000"), .. more]);

    // 600 viewers with one title each are 1,200 entries.
    private static async Task CrowdOutAsync(GatewayHost host)
    {
        for (var i = 0; i < 600; i++) host.Did($"crowd-{i}", InteractionKind.Play, "crowded");
        await host.CaughtUpAsync();
    }
}
