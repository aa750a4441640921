using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.ServiceDefaults.Concurrency;

namespace RecoAspire.Graph.Structure;

/// <summary>The graph as of one moment.</summary>
internal sealed class GraphSnapshot(
    ItemNumbers ids, int itemNumbers, CopyOnWriteArray<ItemEntry>.Snapshot items, CopyOnWriteArray<NodeEntry>.Snapshot nodes, int nodeNumbers,
    int itemCount, int nodeCount, long edgeCount)
{
    /// <summary>Item numbers in use are below this.</summary>
    public int ItemNumbers => itemNumbers;

    /// <summary>Node numbers in use are below this.</summary>
    public int NodeNumbers => nodeNumbers;

    public int ItemCount => itemCount;

    /// <summary>Shared nodes; items are not among them.</summary>
    public int NodeCount => nodeCount;

    public long EdgeCount => edgeCount;

    public ItemEntry Item(int number) => items[number];

    public NodeEntry Node(int number) => nodes[number];

    public string IdOf(int item) => ids.IdOf(item);

    /// <summary>The number of an item that is in the graph.</summary>
    public bool TryFind(string id, out int number) => ids.TryGet(id, out number) && number < itemNumbers && items[number].Edges is not null;

    /// <summary>What the item is tied to, strongest tie first.</summary>
    public IEnumerable<(NodeInfo Node, Relation Relation, double Weight, int Items)> Neighbours(string id)
    {
        if (!TryFind(id, out var number)) return [];
        return items[number].Edges!
            .Select(edge => (Entry: nodes[PackedEdge.Number(edge)], Relation: PackedEdge.Relation(edge)))
            .Select(e => (e.Entry.Info!, e.Relation, RelationWeights.Of(e.Relation) * RelationWeights.Specificity(e.Entry.Count), e.Entry.Count))
            .OrderByDescending(n => n.Item3).ThenBy(n => n.Item1.Type).ThenBy(n => n.Item1.Key, StringComparer.Ordinal);
    }

    /// <summary>The id of the episode after this one in its series, across seasons; null where there is none.</summary>
    public string? NextEpisode(string id)
    {
        if (!TryFind(id, out var number) || !IsNumbered(items[number])) return null;
        var from = items[number];
        string? next = null;
        var nextPlace = (int.MaxValue, int.MaxValue);
        foreach (var edge in SeriesOf(from).Edges)
        {
            var candidate = items[PackedEdge.Number(edge)];
            var place = (candidate.Season, candidate.Episode);
            if (!IsNumbered(candidate) || place.CompareTo((from.Season, from.Episode)) <= 0) continue;
            var candidateId = ids.IdOf(PackedEdge.Number(edge));
            // One episode may be there twice (versions): the first id stands for it.
            var order = place.CompareTo(nextPlace);
            if (order > 0 || (order == 0 && string.CompareOrdinal(candidateId, next) > 0)) continue;
            (next, nextPlace) = (candidateId, place);
        }

        return next;
    }

    private static bool IsNumbered(ItemEntry item) => item.Kind == ItemKind.Episode && item.Season > 0 && item.Episode > 0;

    private NodeEntry SeriesOf(ItemEntry item)
    {
        foreach (var edge in item.Edges!)
            if (PackedEdge.Relation(edge) == Relation.Series) return nodes[PackedEdge.Number(edge)];
        return default;
    }
}
