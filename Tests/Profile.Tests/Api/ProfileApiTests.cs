using Grpc.Core;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Tests.Api;

public sealed class ProfileApiTests(SuiteFixture suite) : IClassFixture<SuiteFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_viewer_does_shows_in_their_profile()
    {
        await suite.Writer.AppendAsync(Topics.Interactions, "api-1", "api", Events.Create(InteractionKind.Complete, "api", "film"), Cancellation);
        var offset = await suite.Writer.AppendAsync(Topics.Interactions, "api-2", "api", Events.Create(InteractionKind.Like, "api", "film"), Cancellation);
        await suite.WaitForAsync(offset + 1);
        var profile = await suite.Client.GetProfileAsync(new GetProfileRequest { ViewerId = "api", HistoryLimit = 10 }, cancellationToken: Cancellation);
        Assert.Equal(("film", InteractionKind.Complete), (profile.History[0].ItemId, profile.History[0].Kind));
        Assert.Equal(["film"], profile.LikedItemIds);
        Assert.True(profile.InteractionsOffset > offset);
        var stats = await suite.Client.GetStatsAsync(new GetStatsRequest(), cancellationToken: Cancellation);
        Assert.InRange(stats.Viewers, 1, 100);
    }

    [Fact]
    public async Task Preferences_are_there_when_the_update_returns_and_one_event_counts_once()
    {
        var first = await UpdateAsync("prefs", "p1", new Preferences { Languages = { "fr", "fr-CA" }, Territory = "CA", AgeLimitYears = 12, KidsMode = true });
        Assert.Equal(["fr", "fr-CA"], first.Preferences.Languages);
        Assert.Equal(("CA", 12, true), (first.Preferences.Territory, first.Preferences.AgeLimitYears, first.Preferences.KidsMode));
        var second = await UpdateAsync("prefs", "p2", new Preferences { Languages = { "en" } });
        Assert.Equal(["en"], second.Preferences.Languages);
        Assert.False(second.Preferences.HasAgeLimitYears);
        var again = await UpdateAsync("prefs", "p1", new Preferences { Languages = { "de" } });
        Assert.Equal(["en"], again.Preferences.Languages);
    }

    [Fact]
    public async Task Updates_in_quick_succession_all_win_over_the_one_before()
    {
        for (var i = 0; i < 50; i++)
        {
            var profile = await UpdateAsync("quick", $"quick-{i}", new Preferences { AgeLimitYears = i % 19 });
            Assert.Equal(i % 19, profile.Preferences.AgeLimitYears);
        }
    }

    public static TheoryData<Preferences, string> BadPreferences => new()
    {
        { new Preferences { Territory = "FRA" }, "preferences.territory: must be empty or two capital letters (ISO 3166-1 alpha-2)" },
        { new Preferences { Territory = "fr" }, "preferences.territory: must be empty or two capital letters (ISO 3166-1 alpha-2)" },
        { new Preferences { AgeLimitYears = 19 }, "preferences.age_limit_years: 19 given, 0-18 allowed" },
        { new Preferences { AgeLimitYears = -1 }, "preferences.age_limit_years: -1 given, 0-18 allowed" },
        { new Preferences { Languages = { "fr", "x" } }, "preferences.languages[1]: must be a BCP 47 language tag such as \"fr\" or \"fr-CA\"" },
        { new Preferences { Languages = { "fr_CA" } }, "preferences.languages[0]: must be a BCP 47 language tag such as \"fr\" or \"fr-CA\"" },
        { new Preferences { Languages = { Enumerable.Repeat("fr", 17) } }, "preferences.languages: 17 given, at most 16 allowed" },
    };

    [Theory]
    [MemberData(nameof(BadPreferences))]
    public async Task Bad_preferences_are_named(Preferences preferences, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => UpdateAsync("bad", "bad", preferences));
        Assert.Equal((StatusCode.InvalidArgument, message), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("", 0, "viewer_id: must be 1-128 characters without control characters")]
    [InlineData("a\tb", 0, "viewer_id: must be 1-128 characters without control characters")]
    [InlineData("v", -1, "history_limit: -1 given, 0-2000 allowed")]
    [InlineData("v", 2_001, "history_limit: 2001 given, 0-2000 allowed")]
    public async Task A_bad_request_is_named(string viewer, int limit, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await suite.Client.GetProfileAsync(
            new GetProfileRequest { ViewerId = viewer, HistoryLimit = limit }, cancellationToken: Cancellation));
        Assert.Equal((StatusCode.InvalidArgument, message), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_digest()
    {
        long offset = 0;
        for (var i = 0; i < 20; i++)
        {
            var records = Enumerable.Range(0, 100).Select(n => LogWriter.ToRecord(
                $"rebuild-{i}-{n}", "v", Events.Create((InteractionKind)(1 + n % 7), $"rebuild-{n % 5}", $"item-{n}", Events.Start + i)));
            offset = (await suite.Writer.AppendAsync(Topics.Interactions, records, Cancellation)).NextOffset;
        }

        await UpdateAsync("rebuild-0", "rebuild-p", new Preferences { Territory = "BE" });
        await suite.WaitForAsync(offset);
        var before = await suite.Views.GetDigestAsync(new GetDigestRequest { View = "profiles" }, cancellationToken: Cancellation);
        using var rebuild = suite.Views.Rebuild(
            new RebuildRequest { View = "profiles" }, new Metadata { { "x-admin-key", SuiteFixture.AdminKey } }, cancellationToken: Cancellation);
        while (await rebuild.ResponseStream.MoveNext(Cancellation))
        {
            // Progress until it has caught up.
        }

        await suite.WaitForAsync(offset);
        Assert.Equal(before, await suite.Views.GetDigestAsync(new GetDigestRequest { View = "profiles" }, cancellationToken: Cancellation));
        Assert.InRange(before.Entries, 50, 1_000);
    }

    private async Task<ViewerProfile> UpdateAsync(string viewer, string eventId, Preferences preferences) => await suite.Client.UpdatePreferencesAsync(
        new UpdatePreferencesRequest { ViewerId = viewer, EventId = eventId, Preferences = preferences }, cancellationToken: Cancellation);
}
