using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Expansion;

/// <summary>A related item and the strongest path to it.</summary>
/// <param name="Item">Its number.</param>
/// <param name="Score">Sum over all paths, > 0.</param>
/// <param name="Seed">Item number of the path's seed.</param>
/// <param name="Via">The node that both share.</param>
/// <param name="Relation">How the item is tied to the node.</param>
/// <param name="Share">The path's part of the score, 0-1.</param>
internal readonly record struct RelatedItem(int Item, double Score, int Seed, NodeInfo Via, Relation Relation, double Share);

/// <summary>
/// Two steps from the seeds: seed -> shared node -> item. A path's strength is
/// seed weight × √(weight of the seed's relation × weight of the item's relation) × specificity of the node, and an item's
/// score is the sum over its paths. The square root is the geometric mean, so that two films by one director get the
/// director's weight, and it lets all seeds of a node be summed before its items are visited once.
/// Sums are integers (fixed point): the same graph gives the same scores and the same order, however it was built.
/// </summary>
internal sealed class Expander
{
    /// <summary>
    /// Nodes with more items than this bring no candidates of their own (a country of a million titles suggests nothing);
    /// they still count for candidates that something else has found.
    /// </summary>
    public const int DefaultMaxFanOut = 20_000;

    private const double FixedPoint = 1L << 40;
    private static readonly double[] RootWeights =
        [.. Enumerable.Range(0, RelationWeights.Count).Select(r => Math.Sqrt(RelationWeights.Of((Relation)r)))];

    private readonly ScratchPool _pool = new();
    private readonly int _maxFanOut;

    public Expander(int maxFanOut = DefaultMaxFanOut) => _maxFanOut = maxFanOut;

    /// <param name="graph">What to expand in.</param>
    /// <param name="seeds">Ids with weights > 0; ids that are not in the graph are ignored, repeated ones add up.</param>
    /// <param name="excluded">Never these. Seeds and series are left out anyway.</param>
    /// <param name="limit">Most items wanted.</param>
    public IReadOnlyList<RelatedItem> Expand(
        GraphSnapshot graph, IReadOnlyList<(string Id, float Weight)> seeds, IReadOnlyList<string> excluded, int limit)
    {
        var known = new List<(int Item, double Weight)>(seeds.Count);
        var total = 0.0;
        foreach (var (id, weight) in seeds)
        {
            if (!graph.TryFind(id, out var item)) continue;
            known.Add((item, weight));
            total += weight;
        }

        if (known.Count == 0) return [];
        var scratch = _pool.Rent();
        scratch.Begin(graph.ItemNumbers, graph.NodeNumbers);
        foreach (var id in excluded)
            if (graph.TryFind(id, out var item)) scratch.ExcludedMark[item] = scratch.Epoch;
        foreach (var (item, weight) in Combined(known))
        {
            scratch.ExcludedMark[item] = scratch.Epoch;
            SpreadToNodes(graph, scratch, item, weight / total);
        }

        SpreadToItems(graph, scratch);
        AddHubs(graph, scratch);
        var best = new BestItems(limit, graph);
        foreach (var item in scratch.Touched.AsSpan(0, scratch.TouchedCount))
        {
            if (scratch.Score[item] <= 0 || scratch.ExcludedMark[item] == scratch.Epoch) continue;
            if (graph.Item(item).Kind != ItemKind.Series) best.Offer(item, scratch.Score[item]);
        }

        var result = Array.ConvertAll(best.Drain(), b => Explain(graph, scratch, b.Item, b.Score, total));
        _pool.Return(scratch);
        return result;
    }

    private static List<(int Item, double Weight)> Combined(List<(int Item, double Weight)> seeds)
    {
        seeds.Sort();
        var combined = new List<(int Item, double Weight)>(seeds.Count);
        foreach (var seed in seeds)
        {
            if (combined.Count > 0 && combined[^1].Item == seed.Item) combined[^1] = (seed.Item, combined[^1].Weight + seed.Weight);
            else combined.Add(seed);
        }

        return combined;
    }

    private static void SpreadToNodes(GraphSnapshot graph, ExpansionScratch scratch, int seed, double weight)
    {
        foreach (var edge in graph.Item(seed).Edges!)
        {
            var node = PackedEdge.Number(edge);
            var mass = (long)(weight * RootWeights[(int)PackedEdge.Relation(edge)] * FixedPoint);
            if (scratch.MassMark[node] != scratch.Epoch)
            {
                (scratch.MassMark[node], scratch.Mass[node], scratch.BestMass[node]) = (scratch.Epoch, 0, -1);
                scratch.Nodes.Add(node);
            }

            scratch.Mass[node] += mass;
            if (mass < scratch.BestMass[node]) continue;
            if (mass == scratch.BestMass[node] && string.CompareOrdinal(graph.IdOf(seed), graph.IdOf(scratch.BestSeed[node])) > 0) continue;
            (scratch.BestMass[node], scratch.BestSeed[node]) = (mass, seed);
        }
    }

    private void SpreadToItems(GraphSnapshot graph, ExpansionScratch scratch)
    {
        Span<long> part = stackalloc long[RelationWeights.Count];
        var (score, mark, touched, epoch) = (scratch.Score, scratch.ScoreMark, scratch.Touched, scratch.Epoch);
        var count = 0;
        foreach (var node in scratch.Nodes)
        {
            var entry = graph.Node(node);
            if (entry.Count > _maxFanOut)
            {
                scratch.Hubs.Add(node);
                continue;
            }

            for (var r = 0; r < part.Length; r++) part[r] = Part(scratch.Mass[node], entry.Count, (Relation)r);
            foreach (var edge in entry.Edges)
            {
                var item = PackedEdge.Number(edge);
                if (mark[item] != epoch)
                {
                    (mark[item], score[item]) = (epoch, 0);
                    touched[count++] = item;
                }

                score[item] += part[(int)PackedEdge.Relation(edge)];
            }
        }

        scratch.TouchedCount = count;
    }

    private static void AddHubs(GraphSnapshot graph, ExpansionScratch scratch)
    {
        if (scratch.Hubs.Count == 0) return;
        foreach (var item in scratch.Touched.AsSpan(0, scratch.TouchedCount))
        {
            foreach (var edge in graph.Item(item).Edges!)
            {
                var node = PackedEdge.Number(edge);
                if (!scratch.Hubs.Contains(node)) continue;
                scratch.Score[item] += Part(scratch.Mass[node], graph.Node(node).Count, PackedEdge.Relation(edge));
            }
        }
    }

    private static long Part(long mass, int degree, Relation relation) =>
        (long)(mass * RelationWeights.Specificity(degree) * RootWeights[(int)relation]);

    private static RelatedItem Explain(GraphSnapshot graph, ExpansionScratch scratch, int item, long score, double total)
    {
        var strongest = -1L;
        var (via, relation, seed) = (default(NodeInfo), default(Relation), 0);
        foreach (var edge in graph.Item(item).Edges!)
        {
            var node = PackedEdge.Number(edge);
            if (scratch.MassMark[node] != scratch.Epoch) continue;
            var entry = graph.Node(node);
            var strength = Part(scratch.BestMass[node], entry.Count, PackedEdge.Relation(edge));
            if (strength < strongest || (strength == strongest && !ComesBefore(entry.Info!, via!))) continue;
            (strongest, via, relation, seed) = (strength, entry.Info!, PackedEdge.Relation(edge), scratch.BestSeed[node]);
        }

        return new RelatedItem(item, score / FixedPoint * total, seed, via!, relation, Math.Min(1, (double)strongest / score));
    }

    private static bool ComesBefore(NodeInfo a, NodeInfo b) =>
        a.Type != b.Type ? a.Type < b.Type : string.CompareOrdinal(a.Key, b.Key) < 0;
}
