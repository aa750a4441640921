using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.EventLog.Stores;

/// <summary>The writer's side of one topic: its records in order of offset, and its event ids.</summary>
internal sealed class TopicTable : IDisposable
{
    private readonly SqliteStatement _insert;
    private readonly EventIdIndex _ids;
    private long _next;
    private long _uncommittedNext;

    public TopicTable(SqliteDatabase database, int id, string name, int freezeIdsAt)
    {
        Id = id;
        Name = name;
        _insert = database.Prepare($"INSERT INTO records_{id} (record_offset, appended_at_ms, checksum, record) VALUES (?1, ?2, ?3, ?4)");
        _ids = new EventIdIndex(database, id, freezeIdsAt);
        _next = _uncommittedNext = (database.Query($"SELECT max(record_offset) FROM records_{id}") ?? -1) + 1;
    }

    public int Id { get; }

    public string Name { get; }

    /// <summary>Offset of the next record, committed ones counted. Safe to read from any thread.</summary>
    public long NextOffset => Volatile.Read(ref _next);

    /// <summary>Offset of the next record, those of the open transaction counted. Writer thread only.</summary>
    public long UncommittedNextOffset => _uncommittedNext;

    public static string Schema(int id) => $"""
        CREATE TABLE records_{id} (record_offset INTEGER PRIMARY KEY, appended_at_ms INTEGER NOT NULL, checksum INTEGER NOT NULL, record BLOB NOT NULL);
        CREATE TABLE event_ids_{id} (hash BLOB PRIMARY KEY, first_offset INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Appends unless the event id is there. Inside the open transaction.</summary>
    /// <returns>The record's offset, and whether it had been there before.</returns>
    public (long Offset, bool Duplicate) Append(UInt128 eventId, ReadOnlySpan<byte> record, long appendedAtMs)
    {
        if (_ids.TryFind(eventId, out var first)) return (first, true);
        var offset = _uncommittedNext;
        _insert.Bind(1, offset).Bind(2, appendedAtMs).Bind(3, RecordChecksum.Of(offset, appendedAtMs, record)).Bind(4, record).Run();
        _ids.Add(eventId, offset);
        _uncommittedNext++;
        return (offset, false);
    }

    /// <summary>Puts a stored record's id back into memory after the file was opened.</summary>
    public void Restore(UInt128 eventId, long offset) => _ids.Restore(eventId, offset);

    /// <summary>Index work that the open transaction does besides its own records: twice as much as it brings, so it never falls behind.</summary>
    public void IndexSome() => _ids.MoveSlice(2 * (int)(_uncommittedNext - _next) + 16);

    public void Committed()
    {
        Volatile.Write(ref _next, _uncommittedNext);
        _ids.Committed(_uncommittedNext);
    }

    public void RolledBack()
    {
        _uncommittedNext = _next;
        _ids.RolledBack();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _ids.Dispose();
    }
}
