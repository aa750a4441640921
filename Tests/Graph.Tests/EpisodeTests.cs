using CsCheck;
using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Graph.Tests;

public sealed class EpisodeTests
{
    [Fact]
    public void Episodes_follow_each_other_across_seasons_whatever_the_order_of_arrival()
    {
        (int Season, int Episode)[] places = [(1, 1), (1, 2), (1, 4), (2, 1), (2, 10), (10, 1)];
        Gen.Shuffle(Enumerable.Range(0, places.Length).ToArray()).Sample(order =>
        {
            using var fixture = new GraphFixture();
            fixture.Put([.. order.Select(i => Catalogue.Episode($"e{i}", "s", places[i].Season, places[i].Episode))]);
            fixture.Put(Catalogue.Episode("other", "t", 1, 3));
            for (var i = 0; i < places.Length; i++)
                Assert.Equal(i + 1 < places.Length ? $"e{i + 1}" : null, fixture.Graph.NextEpisode($"e{i}"));
        }, iter: 50);
    }

    [Fact]
    public void Two_versions_of_one_episode_do_not_follow_each_other_and_the_first_id_stands_for_both()
    {
        using var fixture = new GraphFixture();
        fixture.Put(Catalogue.Episode("b-vf", "s", 1, 2), Catalogue.Episode("a-vo", "s", 1, 2), Catalogue.Episode("e1", "s", 1, 1), Catalogue.Episode("e3", "s", 1, 3));
        Assert.Equal("a-vo", fixture.Graph.NextEpisode("e1"));
        Assert.Equal("e3", fixture.Graph.NextEpisode("a-vo"));
        Assert.Equal("e3", fixture.Graph.NextEpisode("b-vf"));
    }

    [Fact]
    public void Only_numbered_episodes_have_a_next_one_and_removed_ones_are_skipped()
    {
        using var fixture = new GraphFixture();
        fixture.Put(
            Catalogue.Episode("e1", "s", 1, 1), Catalogue.Episode("e2", "s", 1, 2), Catalogue.Episode("e3", "s", 1, 3),
            Catalogue.Episode("special", "s", 0, 0), Catalogue.Film("film"), new Item { Id = "s", Kind = ItemKind.Series, Title = "S" });
        fixture.Remove("e2");
        Assert.Equal("e3", fixture.Graph.NextEpisode("e1"));
        Assert.Null(fixture.Graph.NextEpisode("e3"));
        Assert.Null(fixture.Graph.NextEpisode("special"));
        Assert.Null(fixture.Graph.NextEpisode("film"));
        Assert.Null(fixture.Graph.NextEpisode("s"));
        Assert.Null(fixture.Graph.NextEpisode("nobody"));
    }
}
