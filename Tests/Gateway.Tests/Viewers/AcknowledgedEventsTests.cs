using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Tests;

public sealed class AcknowledgedEventsTests
{
    private readonly ItemOrdinals _ordinals = new();
    private readonly AcknowledgedEvents _acknowledged;

    public AcknowledgedEventsTests() => _acknowledged = new AcknowledgedEvents(_ordinals, new ViewerOptions { MaxAcknowledged = 100 });

    [Fact]
    public void An_event_counts_for_its_viewer_alone_until_the_tail_has_brought_it_back()
    {
        _acknowledged.Add(4, Watch("ann", "film"));

        Assert.Equal(["film"], ForbiddenOf("ann"));
        Assert.Empty(ForbiddenOf("bob"));
        _acknowledged.Forget(4);
        Assert.Equal(["film"], ForbiddenOf("ann"));
        _acknowledged.Forget(5);
        Assert.Empty(ForbiddenOf("ann"));
    }

    [Fact]
    public void An_event_that_the_tail_brought_back_before_the_answer_is_not_kept()
    {
        _acknowledged.Forget(5);
        _acknowledged.Add(4, Watch("ann", "film"));

        Assert.Empty(ForbiddenOf("ann"));
    }

    [Fact]
    public void Offsets_out_of_order_wait_for_those_before_them_and_go_then()
    {
        _acknowledged.Add(9, Watch("ann", "late"));
        _acknowledged.Add(2, Watch("ann", "early"));
        _acknowledged.Forget(3);
        Assert.Contains("late", ForbiddenOf("ann"));
        _acknowledged.Forget(10);
        Assert.Empty(ForbiddenOf("ann"));
    }

    [Fact]
    public void Beyond_its_bound_the_oldest_go()
    {
        for (var i = 0; i < 130; i++) _acknowledged.Add(i, Watch("ann", $"film-{i}"));

        Assert.Equal(Enumerable.Range(30, 100).Select(i => $"film-{i}").Order(), ForbiddenOf("ann").Order());
    }

    [Fact]
    public void An_impression_forbids_nothing()
    {
        _acknowledged.Add(0, new Interaction { ViewerId = "ann", ItemId = "film", Kind = InteractionKind.Impression });

        Assert.Empty(ForbiddenOf("ann"));
    }

    [Fact]
    public void Preferences_hold_until_the_tail_has_brought_them_back()
    {
        _acknowledged.AddPreferences("child", new Preferences { KidsMode = true }, nextOffset: 7);

        _acknowledged.ForgetPreferences(6);
        Assert.True(Read("child").Preferences.KidsMode);
        Assert.False(Read("parent").Preferences.KidsMode);
        _acknowledged.ForgetPreferences(7);
        Assert.False(Read("child").Preferences.KidsMode);
    }

    [Fact]
    public void Of_two_changes_of_preferences_the_later_one_holds_in_whatever_order_they_are_noted()
    {
        _acknowledged.AddPreferences("child", new Preferences { AgeLimitYears = 6 }, nextOffset: 9);
        _acknowledged.AddPreferences("child", new Preferences { AgeLimitYears = 16 }, nextOffset: 8);
        Assert.Equal(6, Read("child").Preferences.AgeLimitYears);

        _acknowledged.AddPreferences("child", new Preferences { AgeLimitYears = 12 }, nextOffset: 10);
        _acknowledged.ForgetPreferences(9);
        Assert.Equal(12, Read("child").Preferences.AgeLimitYears);
    }

    [Fact]
    public void Preferences_that_the_tail_brought_back_before_the_answer_are_not_kept()
    {
        _acknowledged.ForgetPreferences(7);
        _acknowledged.AddPreferences("child", new Preferences { KidsMode = true }, nextOffset: 7);

        Assert.False(Read("child").Preferences.KidsMode);
    }

    private List<string> ForbiddenOf(string viewerId) => [.. Read(viewerId).Forbidden.Select(_ordinals.IdOf)];

    private ViewerSnapshot Read(string viewerId)
    {
        var snapshot = new ViewerSnapshot(viewerId);
        _acknowledged.AddTo(snapshot);
        return snapshot;
    }

    private static Interaction Watch(string viewerId, string itemId) => new() { ViewerId = viewerId, ItemId = itemId, Kind = InteractionKind.Play };
}
