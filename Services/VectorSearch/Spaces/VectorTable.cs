using System.Numerics;
using RecoAspire.ServiceDefaults.Concurrency;

namespace RecoAspire.VectorSearch.Spaces;

/// <summary>
/// The vectors of one version of one space. One writer appends rows and marks old ones dead; readers work on published
/// snapshots without locks. A single change costs one row and a few kilobytes of bookkeeping, never a copy of the vectors.
/// </summary>
internal sealed class VectorTable
{
    private const int BlockBytes = 1 << 20;
    private const int CompactionFloor = 1024;
    private readonly int _rowBits;
    private VectorBlock[] _blocks = [];
    private CopyOnWriteArray<int> _rowOfItem = new();
    private ulong[] _live = [];
    private bool _ownsLive = true;
    private int _rows;
    private VectorTableSnapshot? _published;

    public VectorTable(int dimensions)
    {
        Dimensions = dimensions;
        Stride = (dimensions + 15) & ~15;
        _rowBits = Math.Max(4, BitOperations.Log2((uint)(BlockBytes / (Stride * sizeof(float)))));
    }

    public int Dimensions { get; }

    /// <summary>Floats per row: the dimensions, padded with zeros to a multiple of 16.</summary>
    public int Stride { get; }

    public int Count { get; private set; }

    public bool Contains(int item) => _rowOfItem[item] != 0;

    /// <summary>Adds the item's vector or replaces it.</summary>
    public void Upsert(int item, ReadOnlySpan<float> vector)
    {
        Remove(item);
        var row = Append(item);
        vector.CopyTo(_blocks[row >> _rowBits].Row(row & ((1 << _rowBits) - 1), Stride));
        _rowOfItem[item] = row + 1;
        Count++;
    }

    public bool Remove(int item)
    {
        var row = _rowOfItem[item] - 1;
        if (row < 0) return false;
        OwnLive();
        _live[row >> 6] &= ~(1UL << row);
        _rowOfItem[item] = 0;
        Count--;
        _published = null;
        return true;
    }

    /// <summary>The content as of now.</summary>
    public VectorTableSnapshot Publish()
    {
        if (_published is not null) return _published;
        if (_rows - Count > Math.Max(CompactionFloor, Count / 4)) Compact();
        _ownsLive = false;
        return _published = new VectorTableSnapshot(_blocks, _rowBits, _rows, _live, Count, Dimensions, Stride, _rowOfItem.Publish());
    }

    private int Append(int item)
    {
        var row = _rows;
        if (row >> _rowBits == _blocks.Length) _blocks = [.. _blocks, new VectorBlock(1 << _rowBits, Stride)];
        _blocks[row >> _rowBits].Items[row & ((1 << _rowBits) - 1)] = item;
        OwnLive(row);
        _live[row >> 6] |= 1UL << row;
        _rows = row + 1;
        _published = null;
        return row;
    }

    private void OwnLive(int row = 0)
    {
        var words = (row >> 6) + 1;
        if (_ownsLive && words <= _live.Length) return;
        var copy = new ulong[words <= _live.Length ? _live.Length : Math.Max(words, _live.Length * 2)];
        _live.CopyTo(copy, 0);
        _live = copy;
        _ownsLive = true;
    }

    // Into new blocks: snapshots of readers keep the old ones.
    private void Compact()
    {
        var (blocks, live, rows) = (_blocks, _live, _rows);
        (_blocks, _live, _rows, _ownsLive, Count) = ([], [], 0, true, 0);
        _rowOfItem = new CopyOnWriteArray<int>();
        for (var row = 0; row < rows; row++)
        {
            if ((live[row >> 6] >> row & 1) == 0) continue;
            var (block, inBlock) = (blocks[row >> _rowBits], row & ((1 << _rowBits) - 1));
            Upsert(block.Items[inBlock], block.Row(inBlock, Stride));
        }
    }
}

/// <summary>Immutable content of a <see cref="VectorTable"/>.</summary>
internal sealed class VectorTableSnapshot(
    VectorBlock[] blocks, int rowBits, int rows, ulong[] live, int count, int dimensions, int stride, CopyOnWriteArray<int>.Snapshot rowOfItem)
{
    public int Dimensions => dimensions;

    public int Stride => stride;

    /// <summary>Vectors in it.</summary>
    public int Count => count;

    public int Rows => rows;

    public int BlockCount => blocks.Length;

    public int RowsPerBlock => 1 << rowBits;

    public VectorBlock Block(int block) => blocks[block];

    public bool IsLive(int row) => (live[row >> 6] >> row & 1) != 0;

    /// <summary>The item's vector without padding; empty when it has none.</summary>
    public ReadOnlySpan<float> Find(int item)
    {
        var row = rowOfItem[item] - 1;
        return row < 0 ? default : blocks[row >> rowBits].Row(row & ((1 << rowBits) - 1), stride)[..dimensions];
    }

    /// <summary>Item numbers in it, in the order of their rows.</summary>
    public IEnumerable<int> Items()
    {
        for (var row = 0; row < rows; row++)
            if (IsLive(row)) yield return blocks[row >> rowBits].Items[row & ((1 << rowBits) - 1)];
    }
}
