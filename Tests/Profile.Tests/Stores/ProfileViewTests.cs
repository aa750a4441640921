using Google.Protobuf;
using Microsoft.Data.Sqlite;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Profile.Stores;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Tests.Stores;

public sealed class ProfileViewTests
{
    [Fact]
    public async Task A_viewer_has_one_entry_per_item_with_its_extremes()
    {
        using var view = new TestView();
        await view.ApplyAsync(
            Events.Create(InteractionKind.Progress, at: Events.Start + 50, position: 700, duration: 1_000),
            Events.Create(InteractionKind.Play, at: Events.Start + 10),
            Events.Create(InteractionKind.Rate, at: Events.Start + 90, rating: 4.5f),
            Events.Create(InteractionKind.Progress, at: Events.Start + 60, position: 300, duration: 1_000));
        var profile = view.Read();
        var entry = Assert.Single(profile.History);
        Assert.Equal(("i1", InteractionKind.Rate, 4.5f), (entry.ItemId, entry.Kind, entry.Rating));
        Assert.Equal((Events.Start + 10, Events.Start + 90), (entry.FirstAtMs, entry.LastAtMs));
        Assert.Equal((700, 1_000), (entry.PositionSeconds, entry.DurationSeconds));
        Assert.Equal((1, 4, 0), (profile.HistoryTotal, profile.InteractionsOffset, profile.ProfileOpsOffset));
    }

    [Fact]
    public async Task History_comes_most_recent_first_and_the_limit_does_not_change_the_total()
    {
        using var view = new TestView();
        await view.ApplyAsync(Enumerable.Range(0, 50).Select(i => Events.Create(InteractionKind.Play, item: $"i{i}", at: Events.Start + (i * 37 % 50))));
        var profile = view.Read(limit: 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(n => Events.Start + 49 - n), profile.History.Select(h => h.LastAtMs));
        Assert.Equal(50, profile.HistoryTotal);
        Assert.Empty(view.Read(limit: 0).History);
    }

    [Fact]
    public async Task Impressions_do_not_enter_the_history()
    {
        using var view = new TestView();
        await view.ApplyAsync(Events.Create(InteractionKind.Impression));
        Assert.Empty(view.Read().History);
        Assert.Equal(0, view.Stats().Viewers);
        Assert.Equal(1, view.Read().InteractionsOffset);
    }

    [Fact]
    public async Task Opinions_are_lists_of_their_own_and_clear_takes_them_back()
    {
        using var view = new TestView();
        await view.ApplyAsync(
            Events.Create(InteractionKind.Like, item: "liked"),
            Events.Create(InteractionKind.Like, item: "changed"),
            Events.Create(InteractionKind.Dislike, item: "changed", at: Events.Start + 1),
            Events.Create(InteractionKind.Hide, item: "hidden"),
            Events.Create(InteractionKind.Like, item: "both"),
            Events.Create(InteractionKind.Hide, item: "both", at: Events.Start + 1));
        var profile = view.Read();
        Assert.Equal(["both", "liked"], profile.LikedItemIds);
        Assert.Equal(["changed"], profile.DislikedItemIds);
        Assert.Equal(["both", "hidden"], profile.HiddenItemIds);
        Assert.Empty(profile.History);
        await view.ApplyAsync(
            Events.Create(InteractionKind.Clear, item: "both", at: Events.Start + 2), Events.Create(InteractionKind.Clear, item: "changed", at: Events.Start + 2));
        profile = view.Read();
        Assert.Equal(["liked"], profile.LikedItemIds);
        Assert.Empty(profile.DislikedItemIds);
        Assert.Equal(["hidden"], profile.HiddenItemIds);
    }

    [Fact]
    public async Task A_like_that_arrives_after_it_was_taken_back_changes_nothing()
    {
        using var view = new TestView();
        await view.ApplyAsync(Events.Create(InteractionKind.Clear, at: Events.Start + 5), Events.Create(InteractionKind.Like, at: Events.Start + 4));
        Assert.Empty(view.Read().LikedItemIds);
    }

    [Fact]
    public async Task The_last_preferences_count_whatever_the_order()
    {
        using var view = new TestView();
        await view.ApplyAsync(Topics.ProfileOps, [Events.SetPreferences("v1", Events.Start + 2, "fr"), Events.SetPreferences("v1", Events.Start + 1, "en")]);
        Assert.Equal(["fr"], view.Read().Preferences.Languages);
        Assert.Equal(2, view.Read().ProfileOpsOffset);
    }

    [Fact]
    public void A_viewer_nobody_has_heard_of_has_an_empty_profile()
    {
        using var view = new TestView();
        var profile = view.Read("nobody");
        Assert.Equal("nobody", profile.ViewerId);
        Assert.NotNull(profile.Preferences);
        Assert.Equal(0, profile.HistoryTotal + profile.LikedItemIds.Count + profile.HiddenItemIds.Count);
    }

    [Fact]
    public async Task Records_that_cannot_be_read_are_skipped_and_the_rest_is_applied()
    {
        using var view = new TestView();
        var records = Events.Store([
            Events.Create(InteractionKind.Play, item: "before"),
            Events.Create(InteractionKind.Play, item: ""),
            Events.Create(InteractionKind.Play, viewer: new string('v', 129)),
            Events.Create((InteractionKind)99),
            Events.Create(InteractionKind.Play, at: 0),
            Events.Create(InteractionKind.Play, position: -1),
            Events.Create(InteractionKind.Rate, rating: float.NaN),
            Events.Create(InteractionKind.Rate, rating: 6),
            Events.SetPreferences("v1", Events.Start, "fr"),
            Events.Create(InteractionKind.Play, item: "after")]);
        records[^2].Record.Payload = ByteString.CopyFrom(255, 255, 255);
        await view.View.ApplyAsync(Topics.Interactions, records, CancellationToken.None);
        Assert.Equal(["after", "before"], view.Read().History.Select(h => h.ItemId).Order());
        Assert.Equal(10, view.Read().InteractionsOffset);
    }

    [Fact]
    public async Task A_restart_keeps_content_position_and_totals()
    {
        using var view = new TestView();
        await view.ApplyAsync(Enumerable.Range(0, 500).Select(i => Events.Create(InteractionKind.Play, $"v{i % 7}", $"i{i}")));
        var before = await view.DigestAsync();
        view.Reopen();
        Assert.Equal(before, await view.DigestAsync());
        Assert.Equal(500, await view.View.GetPositionAsync(Topics.Interactions, CancellationToken.None));
        Assert.Equal((7, 500), (view.Stats().Viewers, view.Stats().HistoryEntries));
        // The ids that were numbered before the restart keep their numbers.
        await view.ApplyAsync(Events.Create(InteractionKind.Complete, "v0", "i0"));
        Assert.Equal((7, 500), (view.Stats().Viewers, view.Stats().HistoryEntries));
    }

    [Fact]
    public async Task A_batch_that_fails_in_its_middle_leaves_no_trace()
    {
        using var view = new TestView();
        await view.ApplyAsync(Events.Create(InteractionKind.Play, "v1", "i1"));
        var before = await view.DigestAsync();
        Execute(view, "CREATE TRIGGER broken BEFORE INSERT ON opinions BEGIN SELECT RAISE(ABORT, 'no'); END");
        await Assert.ThrowsAsync<SqliteException>(() => view.ApplyAsync(
            Events.Create(InteractionKind.Play, "v2", "i2"), Events.Create(InteractionKind.Like, "v2", "i2")));
        Assert.Equal(before, await view.DigestAsync());
        Execute(view, "DROP TRIGGER broken");
        // Numbers given in the failed batch are forgotten with it.
        await view.ApplyAsync(Events.Create(InteractionKind.Play, "v3", "i3"), Events.Create(InteractionKind.Play, "v2", "i2"));
        Assert.Equal("i2", view.Read("v2").History[0].ItemId);
        Assert.Equal("i3", view.Read("v3").History[0].ItemId);
        Assert.Equal((3, 3), (view.Stats().Viewers, view.Stats().HistoryEntries));
    }

    [Fact]
    public async Task A_reset_empties_everything()
    {
        using var view = new TestView();
        using var fresh = new TestView();
        await view.ApplyAsync(Events.Create(InteractionKind.Play), Events.Create(InteractionKind.Like));
        await view.ApplyAsync(Topics.ProfileOps, [Events.SetPreferences("v1", Events.Start, "fr")]);
        await view.View.ResetAsync(CancellationToken.None);
        Assert.Equal(await fresh.DigestAsync(), await view.DigestAsync());
        Assert.Equal((0, 0), (view.Stats().Viewers, view.Stats().HistoryEntries));
        Assert.Equal(0, await view.View.GetPositionAsync(Topics.Interactions, CancellationToken.None));
    }

    [Fact]
    public void A_file_of_another_version_is_refused()
    {
        using var view = new TestView();
        Execute(view, "PRAGMA user_version=9");
        var error = Assert.Throws<InvalidDataException>(() => new ProfileView(view.View.Path));
        Assert.Contains("schema version 9; this build reads only version 1", error.Message);
    }

    private static void Execute(TestView view, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={view.View.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
