using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Tests;

public sealed class ExpansionTests
{
    [Fact]
    public void Two_films_by_one_director_are_joined_by_that_person_however_the_name_is_written()
    {
        using var fixture = new GraphFixture();
        fixture.Put(
            Catalogue.Film("cleo", director: "Agnès Varda"),
            Catalogue.Film("glaneurs", director: "  agnes   VARDA "),
            Catalogue.Film("other", director: "Jacques Demy"));

        var related = Assert.Single(fixture.Expand([("cleo", 2)]));

        Assert.Equal("glaneurs", fixture.Graph.IdOf(related.Item));
        Assert.Equal("cleo", fixture.Graph.IdOf(related.Seed));
        Assert.Equal("Agnès Varda", related.Via.Shown);
        Assert.Equal(NodeType.Person, related.Via.Type);
        Assert.Equal(Relation.Director, related.Relation);
        Assert.Equal(1, related.Share, 1e-9);
        Assert.Equal(2 * 1.0 / Math.Log(2 + 2), related.Score, 1e-9);
    }

    [Fact]
    public void A_shared_director_counts_for_more_than_a_shared_writer_actor_theme_genre_and_country_in_this_order()
    {
        var seed = Catalogue.Film("seed", director: "D", actors: ["A1", "A2", "A3", "A4", "A5", "A6", "A7"], genres: ["g"]);
        seed.Credits.Add(new Credit { Name = "W", Role = CreditRole.Writer });
        seed.Themes.Add("t");
        seed.Countries.Add("FR");
        var byWriter = Catalogue.Film("2-writer");
        byWriter.Credits.Add(new Credit { Name = "W", Role = CreditRole.Writer });
        var byTheme = Catalogue.Film("5-theme");
        byTheme.Themes.Add("t");
        var byCountry = Catalogue.Film("7-country");
        byCountry.Countries.Add("FR");
        using var fixture = new GraphFixture();
        fixture.Put(
            byCountry, Catalogue.Film("6-genre", genres: ["g"]), byTheme,
            Catalogue.Film("4-extra", actors: ["B1", "B2", "B3", "B4", "B5", "B6", "A7"]),
            Catalogue.Film("3-lead", actors: ["A1"]), byWriter, Catalogue.Film("1-director", director: "D"), seed);

        Assert.Equal(["1-director", "2-writer", "3-lead", "4-extra", "5-theme", "6-genre", "7-country"], fixture.Related("seed"));
    }

    [Fact]
    public void A_rare_actor_says_more_than_a_genre_that_everything_has()
    {
        using var fixture = new GraphFixture();
        fixture.Put([.. Enumerable.Range(0, 500).Select(i => Catalogue.Film($"drama-{i:000}", genres: ["drama"]))]);
        fixture.Put(Catalogue.Film("seed", actors: ["Rare"], genres: ["drama"]), Catalogue.Film("zz", actors: ["Rare"]));
        Assert.Equal("zz", fixture.Related("seed")[0]);
        Assert.Equal("drama-000", fixture.Related("seed")[1]);
    }

    [Fact]
    public void Seeds_exclusions_and_series_never_come_back_and_unknown_seeds_are_ignored()
    {
        using var fixture = new GraphFixture();
        var series = new Item { Id = "s", Kind = ItemKind.Series, Title = "Série", Credits = { new Credit { Name = "D", Role = CreditRole.Director } } };
        fixture.Put(series, Catalogue.Film("a", "D"), Catalogue.Film("b", "D"), Catalogue.Film("c", "D"), Catalogue.Film("d", "D"));
        var related = fixture.Expand([("a", 1), ("b", 1), ("nobody", 5)], 20, "c");
        Assert.Equal(["d"], related.Select(r => fixture.Graph.IdOf(r.Item)));
        Assert.Empty(fixture.Expand([("nobody", 1)]));
    }
}
