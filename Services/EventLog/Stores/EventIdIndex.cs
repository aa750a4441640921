using System.Buffers.Binary;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.EventLog.Stores;

/// <summary>
/// Which event ids a topic holds, and at which offset. Hashes arrive in random order, and a B-tree that takes them one by one
/// rewrites a page for each. So the newest are kept in memory only: the records themselves are their durable form, and opening the
/// file reads them back. A full memory table is frozen and moved into the B-tree in slices of its sorted order, which
/// touch few pages, a slice with each transaction so that no append waits for the whole.
/// </summary>
internal sealed class EventIdIndex : IDisposable
{
    private readonly int _freezeAt;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _setIndexed;
    private readonly List<UInt128> _uncommitted = [];
    private Dictionary<UInt128, long> _active = [];
    private Dictionary<UInt128, long> _frozen = [];
    private KeyValuePair<UInt128, long>[] _slices = [];
    private long _frozenEnd;
    private int _moved;
    private int _movedAndCommitted;

    public EventIdIndex(SqliteDatabase database, int topicId, int freezeAt)
    {
        _freezeAt = freezeAt;
        _find = database.Prepare($"SELECT first_offset FROM event_ids_{topicId} WHERE hash = ?1");
        _insert = database.Prepare($"INSERT OR IGNORE INTO event_ids_{topicId} (hash, first_offset) VALUES (?1, ?2)");
        _setIndexed = database.Prepare($"UPDATE topics SET indexed_offset = ?1 WHERE id = {topicId}");
    }

    public bool TryFind(UInt128 hash, out long offset)
    {
        if (_active.TryGetValue(hash, out offset) || _frozen.TryGetValue(hash, out offset)) return true;
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(key, hash);
        var found = _find.Bind(1, key).Scalar();
        offset = found ?? 0;
        return found is not null;
    }

    public void Add(UInt128 hash, long offset)
    {
        _active.Add(hash, offset);
        _uncommitted.Add(hash);
    }

    /// <summary>Puts back what was in memory when the process ended.</summary>
    public void Restore(UInt128 hash, long offset) => _active.TryAdd(hash, offset);

    /// <summary>Moves up to <paramref name="count"/> frozen entries into the B-tree, inside the open transaction.</summary>
    public void MoveSlice(int count)
    {
        if (_slices.Length == 0) return;
        Span<byte> key = stackalloc byte[16];
        for (var end = Math.Min(_slices.Length, _moved + count); _moved < end; _moved++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(key, _slices[_moved].Key);
            _insert.Bind(1, key).Bind(2, _slices[_moved].Value).Run();
        }

        if (_moved == _slices.Length) _setIndexed.Bind(1, _frozenEnd).Run();
    }

    /// <summary>The open transaction was committed.</summary>
    /// <param name="nextOffset">The topic's end after it.</param>
    public void Committed(long nextOffset)
    {
        _uncommitted.Clear();
        _movedAndCommitted = _moved;
        if (_slices.Length > 0 && _moved == _slices.Length)
        {
            _frozen = [];
            _slices = [];
            _moved = _movedAndCommitted = 0;
        }

        if (_active.Count < _freezeAt || _slices.Length > 0) return;
        _frozen = _active;
        _frozenEnd = nextOffset;
        _active = new Dictionary<UInt128, long>(_freezeAt);
        _slices = [.. _frozen];
        // Big-endian bytes sort like the numbers, so this is the order of the B-tree.
        Array.Sort(_slices, static (a, b) => a.Key.CompareTo(b.Key));
    }

    /// <summary>The open transaction was given up.</summary>
    public void RolledBack()
    {
        foreach (var hash in _uncommitted) _active.Remove(hash);
        _uncommitted.Clear();
        _moved = _movedAndCommitted;
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
        _setIndexed.Dispose();
    }
}
