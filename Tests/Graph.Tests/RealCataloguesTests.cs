using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Tests;

public sealed class RealCataloguesTests
{
    [Fact]
    public void Two_streaming_titles_by_one_rare_director_are_linked_by_that_person()
    {
        var items = RealCatalogues.Streaming();
        Assert.Equal(22_998, items.Count);
        using var fixture = new GraphFixture();
        foreach (var batch in items.Chunk(1000)) fixture.Put(batch);
        Assert.Equal(22_998, fixture.Graph.ItemCount);

        // Everybody who directed exactly two titles, each alone, and appears nowhere else.
        var appearances = items.SelectMany(i => i.Credits.Select(c => NodeName.Normalise(c.Name))).GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count());
        var pairs = items.Where(i => i.Credits.Count(c => c.Role == CreditRole.Director) == 1)
            .GroupBy(i => NodeName.Normalise(i.Credits.First(c => c.Role == CreditRole.Director).Name))
            .Where(g => g.Count() == 2 && appearances[g.Key] == 2)
            .Select(g => (Director: g.Key, First: g.First().Id, Second: g.Last().Id)).ToArray();
        Assert.True(pairs.Length > 500, $"only {pairs.Length} pairs");

        foreach (var (director, first, second) in pairs)
        {
            var related = Assert.Single(fixture.Expand([(first, 1)], limit: 1000), r => fixture.Graph.IdOf(r.Item) == second);
            Assert.Equal((NodeType.Person, director, Relation.Director), (related.Via.Type, related.Via.Key, related.Relation));
            Assert.Equal(first, fixture.Graph.IdOf(related.Seed));
        }
    }

    [Fact]
    public void Every_path_in_the_real_graph_is_true_when_it_is_derived_again_from_both_ends()
    {
        using var fixture = new GraphFixture();
        foreach (var batch in RealCatalogues.DbPedia().Chunk(1000)) fixture.Put(batch);
        Assert.True(fixture.Graph.ItemCount > 3_000);
        var random = new Random(3);
        var paths = 0;
        for (var request = 0; request < 40; request++)
        {
            var seeds = Enumerable.Range(0, 50).Select(_ => (fixture.Graph.IdOf(random.Next(fixture.Graph.ItemNumbers)), random.NextSingle() + 0.1f)).ToArray();
            foreach (var related in fixture.Expand(seeds, limit: 50))
            {
                PathChecks.IsTrue(fixture.Graph, related, seeds);
                paths++;
            }
        }

        Assert.True(paths > 1_000, $"only {paths} paths");
    }

    [Fact]
    public void Thirty_two_thousand_real_titles_with_their_people_take_less_than_60_MB()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var fixture = new GraphFixture();
        Fill(fixture);
        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{fixture.Graph.ItemCount} items, {fixture.Graph.NodeCount} nodes, {fixture.Graph.EdgeCount} edges: {used / 1e6:0.0} MB");
        Assert.InRange(used, 1, 60_000_000);
    }

    private static void Fill(GraphFixture fixture)
    {
        foreach (var batch in RealCatalogues.Streaming().Concat(RealCatalogues.Cnc()).Concat(RealCatalogues.DbPedia()).Chunk(1000)) fixture.Put(batch);
    }
}
