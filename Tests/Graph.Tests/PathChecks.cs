using RecoAspire.Graph.Expansion;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Tests;

/// <summary>Derives an explanation again from what the graph says about both of its ends.</summary>
internal static class PathChecks
{
    public static void IsTrue(GraphSnapshot graph, RelatedItem related, IReadOnlyList<(string Id, float Weight)> seeds)
    {
        var seed = seeds.Where(s => s.Id == graph.IdOf(related.Seed)).ToArray();
        Assert.NotEmpty(seed);
        var fromSeed = Assert.Single(graph.Neighbours(seed[0].Id), n => n.Node.Type == related.Via.Type && n.Node.Shown == related.Via.Shown);
        var fromItem = Assert.Single(graph.Neighbours(graph.IdOf(related.Item)), n => n.Node.Type == related.Via.Type && n.Node.Shown == related.Via.Shown);
        Assert.Equal(fromItem.Relation, related.Relation);
        // The geometric mean of the two neighbours' weights is relation weight × specificity.
        var strength = seed.Sum(s => s.Weight) * Math.Sqrt(fromSeed.Weight * fromItem.Weight);
        Assert.Equal(strength / related.Score, related.Share, 1e-6);
        Assert.InRange(related.Share, 1e-9, 1);
    }
}
