using CsCheck;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Tests;

public sealed class ViewerFactsTests
{
    private readonly ViewerFacts _facts = new();

    [Theory]
    [InlineData(InteractionKind.Play)]
    [InlineData(InteractionKind.Progress)]
    [InlineData(InteractionKind.Complete)]
    [InlineData(InteractionKind.Rate)]
    [InlineData(InteractionKind.Skip)]
    public void What_was_met_is_seen_once_however_often_it_happens(InteractionKind kind)
    {
        Apply(7, kind);
        Apply(7, kind);

        Assert.Equal([7], _facts.Seen.ToArray());
        Assert.Equal(0, _facts.RefusedCount);
    }

    [Theory]
    [InlineData(InteractionKind.Impression)]
    [InlineData(InteractionKind.Unspecified)]
    [InlineData(InteractionKind.Clear)]
    public void What_says_nothing_leaves_nothing(InteractionKind kind)
    {
        Apply(7, kind);

        Assert.Equal((0, 0, 0), (_facts.SeenCount, _facts.RefusedCount, _facts.RecentCount));
    }

    [Fact]
    public void A_clear_takes_back_what_was_refused_before_it_and_nothing_else()
    {
        Apply(1, InteractionKind.Hide, atMs: 10);
        Apply(2, InteractionKind.Dislike, atMs: 10);
        Apply(3, InteractionKind.Hide, atMs: 10);
        Apply(2, InteractionKind.Clear, atMs: 11);

        Assert.Equal([1, 3], _facts.Refused.ToArray());
        Apply(3, InteractionKind.Clear, atMs: 11);
        Assert.Equal([1], _facts.Refused.ToArray());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void A_clear_that_arrives_late_does_not_lift_a_newer_refusal(long clearedAtMs)
    {
        Apply(1, InteractionKind.Hide, atMs: 10);
        Apply(1, InteractionKind.Hide, atMs: 2);
        Apply(1, InteractionKind.Clear, clearedAtMs);

        Assert.Equal([1], _facts.Refused.ToArray());
    }

    [Fact]
    public void A_disliked_title_leads_to_nothing_any_more_and_a_hidden_one_still_says_what_was_watched()
    {
        Apply(1, InteractionKind.Complete);
        Apply(2, InteractionKind.Complete);
        Apply(1, InteractionKind.Dislike);
        Apply(2, InteractionKind.Hide);

        Assert.Equal([2], _facts.Recent.ToArray());
        Assert.Equal([1, 2], _facts.Seen.ToArray());
    }

    [Fact]
    public void A_poor_rating_is_seen_and_leads_to_nothing()
    {
        Apply(1, InteractionKind.Rate, rating: 2f);
        Apply(2, InteractionKind.Rate, rating: 2.5f);

        Assert.Equal([1, 2], _facts.Seen.ToArray());
        Assert.Equal([2], _facts.Recent.ToArray());
    }

    [Fact]
    public void Recent_titles_keep_the_last_fifty_once_each_in_the_order_of_their_last_watch()
    {
        for (var i = 0; i < 60; i++) _facts.AddRecent(i, 1f);
        _facts.AddRecent(20, 0.5f);

        Assert.Equal([.. Enumerable.Range(10, 10), .. Enumerable.Range(21, 39), 20], _facts.Recent.ToArray());
        // The strongest evidence stays: playing a finished title again takes nothing away.
        Assert.Equal(1f, _facts.RecentWeights[^1]);
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_the_facts_are_those_of_the_plain_rules() =>
        Gen.Select(Gen.Int[0, 5], Gen.Enum<InteractionKind>(), Gen.Long[0, 6]).Array[0, 40].Sample(events =>
        {
            var facts = new ViewerFacts();
            var seen = new HashSet<int>();
            var refused = new Dictionary<int, long>();
            foreach (var (item, kind, atMs) in events)
            {
                Apply(facts, item, kind, atMs);
                if (kind is InteractionKind.Play or InteractionKind.Progress or InteractionKind.Complete or InteractionKind.Rate or InteractionKind.Skip) seen.Add(item);
                if (kind is InteractionKind.Hide or InteractionKind.Dislike) refused[item] = Math.Max(atMs, refused.GetValueOrDefault(item));
                if (kind == InteractionKind.Clear && refused.TryGetValue(item, out var at) && at < atMs) refused.Remove(item);
            }

            Assert.Equal(seen.Order(), facts.Seen.ToArray().Order());
            Assert.Equal(refused.Keys.Order(), facts.Refused.ToArray().Order());
        });

    private void Apply(int item, InteractionKind kind, long atMs = 5, float rating = 4f) => Apply(_facts, item, kind, atMs, rating);

    private static void Apply(ViewerFacts facts, int item, InteractionKind kind, long atMs, float rating = 4f) =>
        InteractionEffects.Apply(facts, item, new Interaction { ViewerId = "v", ItemId = $"i{item}", Kind = kind, OccurredAtMs = atMs, Rating = rating });
}
