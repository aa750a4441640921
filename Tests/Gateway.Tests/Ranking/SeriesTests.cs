using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Ranking;

namespace RecoAspire.Gateway.Tests;

public sealed class SeriesTests
{
    private readonly Diversity _diversity = new(new RankingOptions());

    [Fact]
    public void Of_a_series_the_best_episode_is_chosen_and_a_long_one_leaves_room_for_the_rest()
    {
        // More episodes than the window has places, all of them better than any film.
        var sorted = Enumerable.Range(0, 300).Select(i => Scored(i, "long", 2 - (i / 1000.0)))
            .Concat(Enumerable.Range(300, 30).Select(i => Scored(i, "", 1 - (i / 1000.0)))).ToList();

        var chosen = _diversity.Choose(sorted, 20);

        Assert.Equal([0, .. Enumerable.Range(300, 19)], chosen.Select(c => c.Item.Ordinal));
    }

    [Fact]
    public void Titles_without_a_series_do_not_stand_in_each_others_way()
    {
        var sorted = Enumerable.Range(0, 5).Select(i => Scored(i, "", 1)).ToList();

        Assert.Equal(5, _diversity.Choose(sorted, 10).Count);
    }

    private static Candidate Scored(int ordinal, string seriesId, double score) =>
        new(new CatalogItem(ordinal, new Item { Id = $"i{ordinal}", Kind = seriesId.Length > 0 ? ItemKind.Episode : ItemKind.Film, SeriesId = seriesId }, s => s)) { Score = score };
}
