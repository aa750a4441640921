using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;

namespace RecoAspire.Graph.Structure;

/// <summary>A node that items share.</summary>
internal sealed record NodeInfo(NodeType Type, string Key, string Label)
{
    /// <summary>As shown to people: the label, or the identity while no label is known.</summary>
    public string Shown => Label.Length > 0 ? Label : Key;
}

/// <summary>A node's items. The array is shared with snapshots and only grows behind <see cref="Count"/>.</summary>
/// <param name="Info">Null = this number is free.</param>
/// <param name="Items">Packed edges to items.</param>
/// <param name="Count">How many of them are valid.</param>
/// <param name="Batch">The batch that allocated the array: until it is published nobody else sees it.</param>
internal readonly record struct NodeEntry(NodeInfo? Info, int[] Items, int Count, int Batch)
{
    public ReadOnlySpan<int> Edges => Items.AsSpan(0, Count);
}

/// <summary>An item's place in the graph.</summary>
/// <param name="Edges">Packed edges to nodes; null = no such item (any more).</param>
/// <param name="Kind">What it is.</param>
/// <param name="Season">From 1; 0 = unknown.</param>
/// <param name="Episode">From 1; 0 = unknown.</param>
internal readonly record struct ItemEntry(int[]? Edges, ItemKind Kind, int Season, int Episode);

/// <summary>An edge in one word: the number of the other end and the relation.</summary>
internal static class PackedEdge
{
    private const int RelationBits = 6;

    /// <summary>Numbers of items and of nodes are below this.</summary>
    public const int MaxNumber = 1 << (31 - RelationBits);

    public static int Pack(int number, Relation relation) => number << RelationBits | (int)relation;

    public static int Number(int edge) => edge >> RelationBits;

    public static Relation Relation(int edge) => (Relation)(edge & ((1 << RelationBits) - 1));
}
