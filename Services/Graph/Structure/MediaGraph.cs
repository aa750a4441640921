using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.ServiceDefaults.Concurrency;

namespace RecoAspire.Graph.Structure;

/// <summary>
/// Items and the nodes they share, as arrays of integers in both directions. One writer; readers hold snapshots, which a
/// change never touches.
/// </summary>
internal sealed class MediaGraph
{
    private readonly ItemNumbers _ids = new();
    private readonly CopyOnWriteArray<ItemEntry> _items = new();
    private readonly CopyOnWriteArray<NodeEntry> _nodes = new();
    private readonly Dictionary<(NodeType Type, string Key), int> _nodeNumbers = [];
    private readonly Stack<int> _freeNodes = new();
    private readonly HashSet<(NodeType Type, string Key)> _changedNodes = [];
    private int _nextNode;
    private int _batch = 1;
    private int _itemCount;
    private long _edgeCount;

    /// <summary>Brings back a node's label; its items follow.</summary>
    public void RestoreNode(NodeType type, string key, string label) => AddNode(new NodeInfo(type, key, label));

    /// <summary>Adds the item or replaces all its ties.</summary>
    public void Upsert(Item item)
    {
        var number = _ids.GetOrAdd(item.Id);
        var old = _items[number];
        var links = ItemLinks.Read(item);
        var edges = new int[links.Count];
        // New ties first: a node that only this item has keeps its label through the change.
        for (var i = 0; i < edges.Length; i++) edges[i] = PackedEdge.Pack(GetOrAddNode(links[i]), links[i].Relation);
        foreach (var edge in edges)
            if (old.Edges is null || !old.Edges.AsSpan().Contains(edge)) Attach(edge, number);
        foreach (var edge in old.Edges ?? [])
            if (!edges.AsSpan().Contains(edge)) Detach(edge, number);
        _edgeCount += edges.Length - (old.Edges?.Length ?? 0);
        if (old.Edges is null) _itemCount++;
        _items[number] = new ItemEntry(edges, item.Kind, item.Season, item.Episode);
    }

    public bool Remove(string id)
    {
        if (!_ids.TryGet(id, out var number) || _items[number].Edges is not { } edges) return false;
        foreach (var edge in edges) Detach(edge, number);
        _edgeCount -= edges.Length;
        _itemCount--;
        _items[number] = default;
        return true;
    }

    /// <summary>Nodes that appeared, disappeared or got a label since the last call; null = gone.</summary>
    public IReadOnlyList<(NodeType Type, string Key, string? Label)> TakeChangedNodes()
    {
        if (_changedNodes.Count == 0) return [];
        var changes = new List<(NodeType, string, string?)>(_changedNodes.Count);
        foreach (var (type, key) in _changedNodes)
            changes.Add((type, key, _nodeNumbers.TryGetValue((type, key), out var node) ? _nodes[node].Info!.Label : null));
        _changedNodes.Clear();
        return changes;
    }

    /// <summary>The graph as of now, for readers.</summary>
    public GraphSnapshot Publish()
    {
        _batch++;
        return new GraphSnapshot(_ids, _ids.Count, _items.Publish(), _nodes.Publish(), _nextNode, _itemCount, _nodeNumbers.Count, _edgeCount);
    }

    private int GetOrAddNode(Link link)
    {
        var type = RelationWeights.TypeOf(link.Relation);
        if (!_nodeNumbers.TryGetValue((type, link.Key), out var node))
        {
            _changedNodes.Add((type, link.Key));
            return AddNode(new NodeInfo(type, link.Key, link.Label));
        }

        var entry = _nodes[node];
        if (entry.Info!.Label.Length > 0 || link.Label.Length == 0) return node;
        _nodes[node] = entry with { Info = entry.Info with { Label = link.Label } };
        _changedNodes.Add((type, link.Key));
        return node;
    }

    private int AddNode(NodeInfo info)
    {
        if (!_freeNodes.TryPop(out var node)) node = _nextNode++;
        if (node >= PackedEdge.MaxNumber) throw new InvalidOperationException($"more than {PackedEdge.MaxNumber} nodes");
        _nodeNumbers.Add((info.Type, info.Key), node);
        _nodes[node] = new NodeEntry(info, [], 0, _batch);
        return node;
    }

    private void Attach(int edge, int item)
    {
        var node = PackedEdge.Number(edge);
        var entry = _nodes[node];
        if (entry.Count == entry.Items.Length)
        {
            var grown = new int[entry.Count < 4 ? entry.Count + 1 : entry.Count + entry.Count / 2];
            entry.Edges.CopyTo(grown);
            entry = entry with { Items = grown, Batch = _batch };
        }

        // Behind the count of every snapshot.
        entry.Items[entry.Count] = PackedEdge.Pack(item, PackedEdge.Relation(edge));
        _nodes[node] = entry with { Count = entry.Count + 1 };
    }

    private void Detach(int edge, int item)
    {
        var node = PackedEdge.Number(edge);
        var entry = _nodes[node];
        var at = entry.Edges.IndexOf(PackedEdge.Pack(item, PackedEdge.Relation(edge)));
        if (entry.Count == 1)
        {
            _nodeNumbers.Remove((entry.Info!.Type, entry.Info.Key));
            _changedNodes.Add((entry.Info.Type, entry.Info.Key));
            _nodes[node] = default;
            _freeNodes.Push(node);
            return;
        }

        if (entry.Batch != _batch) entry = entry with { Items = entry.Edges.ToArray(), Batch = _batch };
        entry.Items[at] = entry.Items[entry.Count - 1];
        _nodes[node] = entry with { Count = entry.Count - 1 };
    }
}
