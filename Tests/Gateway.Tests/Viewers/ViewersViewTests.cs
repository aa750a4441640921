using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Popularity;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests;

public sealed class ViewersViewTests
{
    private readonly ItemOrdinals _ordinals = new();
    private readonly AcknowledgedEvents _acknowledged;
    private readonly ViewersView _view;
    private readonly Dictionary<string, long> _next = [];

    public ViewersViewTests()
    {
        var options = new ViewerOptions { MaxEntries = 1_000 };
        _acknowledged = new AcknowledgedEvents(_ordinals, options);
        _view = new ViewersView(
            _ordinals, new PopularityIndex(_ordinals, new PopularityOptions(), new FakeTimeProvider()), _acknowledged, options, NullLogger<ViewersView>.Instance);
    }

    [Fact]
    public async Task Beyond_the_ceiling_the_viewers_not_heard_of_for_longest_go_and_one_may_have_been_known()
    {
        // A skip is an entry, and so is its viewer.
        await SkipAsync(Enumerable.Range(0, 500).Select(i => ($"v{i}", "film")));
        Assert.False(_view.HasForgotten);
        await SkipAsync([("v0", "another")]);

        Assert.True(_view.HasForgotten);
        Assert.InRange(_view.Count, 440, 450);
        Assert.Equal(["another", "film"], _view.Read("v0").Forbidden.Select(_ordinals.IdOf).Order());
        Assert.Equal(["film"], _view.Read("v499").Forbidden.Select(_ordinals.IdOf));
        Assert.Empty(_view.Read("v1").Forbidden);
        Assert.True(_view.Read("v1").MayBeForgotten);
        Assert.False(_view.Read("v499").MayBeForgotten);
    }

    [Fact]
    public async Task The_later_preferences_win_whatever_the_order_of_arrival()
    {
        await PreferAsync("v", 12, atMs: 20);
        await PreferAsync("v", 16, atMs: 10);

        Assert.Equal(12, _view.Read("v").Preferences.AgeLimitYears);
    }

    [Fact]
    public async Task Acknowledged_preferences_hold_over_older_ones_that_the_tail_brings_first()
    {
        _acknowledged.AddPreferences("v", new Preferences { AgeLimitYears = 6 }, nextOffset: 2);
        await PreferAsync("v", 16, atMs: 10);
        Assert.Equal(6, _view.Read("v").Preferences.AgeLimitYears);

        await PreferAsync("v", 6, atMs: 20);
        Assert.Equal(6, _view.Read("v").Preferences.AgeLimitYears);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_passed_over_and_the_next_one_counts()
    {
        await ApplyAsync(Topics.Interactions, [ByteString.CopyFrom(0xFF, 0xFF), new Interaction { Kind = InteractionKind.Play }.ToByteString(), Skip("v", "film")]);

        Assert.Equal(["film"], _view.Read("v").Forbidden.Select(_ordinals.IdOf));
        Assert.Equal((3, 1), (_view.Interactions, _view.Count));
    }

    private Task SkipAsync(IEnumerable<(string Viewer, string Item)> skips) => ApplyAsync(Topics.Interactions, skips.Select(s => Skip(s.Viewer, s.Item)));

    private Task PreferAsync(string viewerId, int ageLimitYears, long atMs) => ApplyAsync(
        Topics.ProfileOps,
        [new ProfileOperation { ViewerId = viewerId, OccurredAtMs = atMs, SetPreferences = new Preferences { AgeLimitYears = ageLimitYears } }.ToByteString()]);

    private async Task ApplyAsync(string topic, IEnumerable<ByteString> payloads)
    {
        var next = _next.GetValueOrDefault(topic);
        var records = payloads.Select(p => new StoredRecord { Offset = next++, Record = new Contracts.EventLog.V1.Record { Payload = p } }).ToList();
        _next[topic] = next;
        await _view.ApplyAsync(topic, records, TestContext.Current.CancellationToken);
    }

    private static ByteString Skip(string viewerId, string itemId) =>
        new Interaction { ViewerId = viewerId, ItemId = itemId, Kind = InteractionKind.Skip }.ToByteString();
}
