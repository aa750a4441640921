using CsCheck;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Profile.History;

namespace RecoAspire.Profile.Tests.History;

/// <summary>Replicas converge because merging is a join: commutative, associative, idempotent.</summary>
public sealed class MergeTests
{
    private static readonly Gen<WatchEntry> Entry = Gens.Interaction.Where(i => WatchEntry.Concerns(i.Kind)).Select(WatchEntry.From);
    private static readonly Gen<Opinion> Said = Gens.Interaction.Where(i => Opinion.Concerns(i.Kind)).Select(Opinion.From);

    [Fact]
    public void Watch_entries_merge_like_a_join() => Gen.Select(Entry, Entry, Entry).Sample(
        (a, b, c) => a.Merge(b) == b.Merge(a) && a.Merge(b).Merge(c) == a.Merge(b.Merge(c)) && a.Merge(b).Merge(b) == a.Merge(b) && a.Merge(a) == a,
        iter: 100_000);

    [Fact]
    public void Opinions_merge_like_a_join() => Gen.Select(Said, Said, Said).Sample(
        (a, b, c) => a.Merge(b) == b.Merge(a) && a.Merge(b).Merge(c) == a.Merge(b.Merge(c)) && a.Merge(b).Merge(b) == a.Merge(b) && a.Merge(a) == a,
        iter: 100_000);

    [Theory]
    [InlineData(InteractionKind.Skip, InteractionKind.Play, InteractionKind.Play)]
    [InlineData(InteractionKind.Play, InteractionKind.Progress, InteractionKind.Progress)]
    [InlineData(InteractionKind.Progress, InteractionKind.Rate, InteractionKind.Rate)]
    [InlineData(InteractionKind.Rate, InteractionKind.Complete, InteractionKind.Complete)]
    [InlineData(InteractionKind.Complete, InteractionKind.Skip, InteractionKind.Complete)]
    public void The_strongest_kind_stays(InteractionKind first, InteractionKind second, InteractionKind stays) =>
        Assert.Equal(stays, WatchEntry.From(Events.Create(first, rating: 3)).Merge(WatchEntry.From(Events.Create(second, rating: 3))).Kind);

    [Theory]
    [InlineData(89, 100, InteractionKind.Progress)]
    [InlineData(90, 100, InteractionKind.Complete)]
    [InlineData(int.MaxValue, int.MaxValue, InteractionKind.Complete)]
    [InlineData(500, 0, InteractionKind.Progress)]
    public void Progress_counts_as_complete_from_nine_tenths_of_a_known_length(int position, int duration, InteractionKind kind) =>
        Assert.Equal(kind, WatchEntry.From(Events.Create(InteractionKind.Progress, position: position, duration: duration)).Kind);

    [Fact]
    public void The_last_rating_counts_though_it_arrives_first()
    {
        var late = WatchEntry.From(Events.Create(InteractionKind.Rate, at: Events.Start, rating: 5));
        var last = WatchEntry.From(Events.Create(InteractionKind.Rate, at: Events.Start + 1, rating: 2));
        Assert.Equal(2, last.Merge(late).Rating);
    }
}
