using CsCheck;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Tests;

public sealed class NodeNameTests
{
    [Theory]
    [InlineData("Agnès Varda", "agnes varda")]
    [InlineData("  AGNÈS\t\u00a0 VARDA ", "agnes varda")]
    [InlineData("Agne\u0300s Varda", "agnes varda")]
    [InlineData("Cœur", "coeur")]
    [InlineData("ﬁlm", "film")]
    [InlineData("Noël Ça", "noel ca")]
    [InlineData("北野 武", "北野 武")]
    [InlineData("\u0301", "")]
    [InlineData("   ", "")]
    public void Names_are_folded_for_identity(string name, string key) => Assert.Equal(key, NodeName.Normalise(name));

    [Fact]
    public void Folding_never_throws_and_folding_twice_is_folding_once()
    {
        Gen.String.Sample(name =>
        {
            var once = NodeName.Normalise(name);
            Assert.Equal(once, NodeName.Normalise(once));
        });
    }

    [Fact]
    public void The_spelling_that_came_first_is_shown_for_as_long_as_anything_carries_the_name()
    {
        using var fixture = new GraphFixture();
        fixture.Put(Catalogue.Film("a", director: "Agnès Varda"));
        fixture.Put(Catalogue.Film("b", director: "AGNES VARDA"));
        fixture.Remove("a");
        Assert.Equal("Agnès Varda", Assert.Single(fixture.Graph.Neighbours("b")).Node.Shown);
        fixture.Restart();
        Assert.Equal("Agnès Varda", Assert.Single(fixture.Graph.Neighbours("b")).Node.Shown);
        fixture.Remove("b");
        fixture.Put(Catalogue.Film("c", director: "agnes varda"));
        Assert.Equal("agnes varda", Assert.Single(fixture.Graph.Neighbours("c")).Node.Shown);
    }

    [Fact]
    public void A_series_shows_its_title_as_soon_as_anything_knows_it()
    {
        using var fixture = new GraphFixture();
        fixture.Put(Catalogue.Episode("e1", "s", 1, 1));
        Assert.Equal("s", Assert.Single(fixture.Graph.Neighbours("e1")).Node.Shown);
        fixture.Put(new Item { Id = "s", Kind = ItemKind.Series, Title = "Le Bureau" });
        var node = Assert.Single(fixture.Graph.Neighbours("e1")).Node;
        Assert.Equal((NodeType.Series, "Le Bureau"), (node.Type, node.Shown));
        fixture.Restart();
        Assert.Equal("Le Bureau", Assert.Single(fixture.Graph.Neighbours("e1")).Node.Shown);
    }

    [Fact]
    public void A_person_with_several_roles_in_one_item_is_tied_once_by_the_strongest()
    {
        using var fixture = new GraphFixture();
        var item = Catalogue.Film("a");
        foreach (var role in new[] { CreditRole.Producer, CreditRole.Actor, CreditRole.Director, CreditRole.Writer })
            item.Credits.Add(new Credit { Name = "Clint Eastwood", Role = role });
        fixture.Put(item);
        Assert.Equal(Relation.Director, Assert.Single(fixture.Graph.Neighbours("a")).Relation);
    }

    [Fact]
    public void The_weights_keep_their_order_and_hubs_say_ever_less()
    {
        Relation[] strongestFirst = [Relation.Director, Relation.Writer, Relation.Actor1, Relation.Actor2, Relation.ActorFurther, Relation.Series, Relation.Theme, Relation.Genre, Relation.Country];
        Assert.Equal(strongestFirst, strongestFirst.OrderByDescending(RelationWeights.Of));
        Assert.Equal(RelationWeights.Of(Relation.Country), RelationWeights.Of(Relation.Language));
        Assert.Equal(RelationWeights.Of(Relation.Country), RelationWeights.Of(Relation.Channel));
        Assert.All(Enum.GetValues<Relation>(), r => Assert.InRange(RelationWeights.Of(r), 0.01, 1));
        var specificities = Enumerable.Range(1, 5_000).Select(RelationWeights.Specificity).ToArray();
        Assert.Equal(1 / Math.Log(3), specificities[0], 1e-12);
        Assert.All(specificities.Zip(specificities.Skip(1)), p => Assert.True(p.Second < p.First));
        Assert.Equal(1 / Math.Log(802) / 2, RelationWeights.Specificity(4 * RelationWeights.HubDegree), 1e-12);
    }
}
