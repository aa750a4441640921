using CsCheck;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Tests.Training;

public sealed class TrainingDataTests
{
    private static readonly Gen<Interaction> Events = Gen.Select(
        Gen.Int[0, 6], Gen.Int[0, 9], Gen.Enum<InteractionKind>(), Gen.Int[0, 100],
        (viewer, item, kind, position) => new Interaction
        {
            ViewerId = $"v{viewer}",
            ItemId = $"i{item}",
            Kind = kind,
            PositionSeconds = position,
            DurationSeconds = 100,
            Rating = kind == InteractionKind.Rate ? 4 : 0,
        });

    [Fact]
    public async Task One_entry_per_viewer_and_title_with_the_strongest_weight()
    {
        var view = View();
        await ApplyAsync(view, Event("v", "i", InteractionKind.Play, 30), Event("v", "i", InteractionKind.Complete, 100), Event("v", "i", InteractionKind.Play, 20));

        var (interactions, items) = view.Snapshot();

        Assert.Equal(1, view.Entries);
        Assert.Equal(["i"], items);
        Assert.Equal([1f], interactions.Weights(0).ToArray());
    }

    [Fact]
    public async Task What_was_shown_skipped_or_hardly_begun_teaches_nothing()
    {
        var view = View();
        await ApplyAsync(view, Event("v", "a", InteractionKind.Impression, 0), Event("v", "b", InteractionKind.Skip, 0), Event("v", "c", InteractionKind.Progress, 5));
        Assert.Equal(0, view.Entries);
        Assert.Equal(0, view.Snapshot().ByViewer.RowCount);
    }

    [Fact]
    public async Task A_title_that_was_disliked_or_hidden_teaches_nothing_whatever_came_before_or_after()
    {
        var view = View();
        await ApplyAsync(view, Event("v", "a", InteractionKind.Complete, 100), Event("v", "a", InteractionKind.Dislike, 0), Event("v", "a", InteractionKind.Complete, 100), Event("v", "b", InteractionKind.Complete, 100));
        Assert.Equal(1, view.Entries);
        Assert.Equal(["b"], view.Snapshot().ItemIds);
    }

    [Fact]
    public void The_digest_does_not_depend_on_the_order_of_arrival() => Gen.Select(Events.List[1, 60], Gen.Int).SampleAsync(async (events, seed) =>
    {
        var (one, other) = (View(), View());
        await ApplyAsync(one, [.. events]);
        var shuffled = events.ToArray();
        new Random(seed).Shuffle(shuffled);
        await ApplyAsync(other, shuffled);
        Assert.Equal(await one.GetDigestAsync(CancellationToken.None), await other.GetDigestAsync(CancellationToken.None));
    });

    [Fact]
    public async Task A_record_that_cannot_be_read_is_skipped()
    {
        var view = View();
        var broken = new StoredRecord { Offset = 0, Record = new Contracts.EventLog.V1.Record { Payload = ByteString.CopyFrom(0xff, 0xff, 0xff) } };
        await view.ApplyAsync(Topics.Interactions, [broken], CancellationToken.None);
        Assert.Equal(1, await view.GetPositionAsync(Topics.Interactions, CancellationToken.None));
        Assert.Equal(0, view.Entries);
    }

    [Theory]
    [InlineData(999, 0, 10, 10, false)] // too few
    [InlineData(1_000, 0, 3, 10, true)] // enough, and quiet
    [InlineData(1_000, 0, 2, 10, false)] // still busy
    [InlineData(1_000, 0, 0, 600, true)] // busy for too long
    [InlineData(101_000, 100_000, 10, 10, false)] // 1 % is not worth it
    [InlineData(110_000, 100_000, 10, 10, true)] // 10 % is
    public void Training_is_due_when_enough_is_new_and_it_is_quiet(long entries, long learned, int quietSeconds, int sinceLastSeconds, bool due) =>
        Assert.Equal(due, BackgroundTraining.IsDue(entries, learned, TimeSpan.FromSeconds(quietSeconds), TimeSpan.FromSeconds(sinceLastSeconds), new TrainingOptions()));

    private static TrainingDataView View() => new(new FakeTimeProvider(), NullLogger<TrainingDataView>.Instance);

    private static Interaction Event(string viewer, string item, InteractionKind kind, int position) =>
        new() { ViewerId = viewer, ItemId = item, Kind = kind, PositionSeconds = position, DurationSeconds = 100 };

    private static ValueTask ApplyAsync(TrainingDataView view, params Interaction[] events) => view.ApplyAsync(
        Topics.Interactions,
        [.. events.Select((e, i) => new StoredRecord { Offset = i, Record = new Contracts.EventLog.V1.Record { Payload = e.ToByteString() } })],
        CancellationToken.None);
}
