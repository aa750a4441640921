using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Log;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.EventLog.Stores;

/// <summary>
/// The log's file: a SQLite database that one process writes, with one thread. A transaction is durable when
/// <see cref="Commit"/> returns; topics show their new end only then.
/// </summary>
internal sealed class LogFile : IDisposable
{
    public const string FileName = "log.db";
    public const int SchemaVersion = 1;
    private const int ApplicationId = 0x52_4C_4F_47;
    private const int CacheBytes = 12 * 1024 * 1024;
    private const string Schema = """
        CREATE TABLE log (only INTEGER PRIMARY KEY CHECK (only = 0), log_id TEXT NOT NULL, created_at_ms INTEGER NOT NULL);
        CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, indexed_offset INTEGER NOT NULL);
        CREATE TABLE group_offsets (consumer_group TEXT, topic TEXT, next_offset INTEGER NOT NULL, PRIMARY KEY (consumer_group, topic)) WITHOUT ROWID;
        """;

    private readonly FileStream _lock;
    private readonly SqliteDatabase _database;
    private readonly int _freezeIdsAt;
    private readonly ConcurrentDictionary<string, TopicTable> _topics = new(StringComparer.Ordinal);
    private readonly List<TopicTable> _created = [];
    private readonly HashSet<TopicTable> _touched = [];

    private LogFile(string folder, FileStream fileLock, SqliteDatabase database, int freezeIdsAt)
    {
        Path = System.IO.Path.Combine(folder, FileName);
        _lock = fileLock;
        _database = database;
        _freezeIdsAt = freezeIdsAt;
    }

    public string Path { get; }

    /// <summary>Identity of the log, made with the file.</summary>
    public string LogId { get; private set; } = "";

    /// <summary>Topics that have been committed.</summary>
    public IEnumerable<TopicTable> Topics => _topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal);

    /// <summary>Opens or makes the log of a folder.</summary>
    /// <param name="folder">The data folder, which exists.</param>
    /// <param name="time">Clock of the creation time.</param>
    /// <param name="freezeIdsAt">Event ids of a topic held in memory before they move into the index.</param>
    /// <param name="maxBytes">Bound of the database file; appends beyond it are refused as on a full disk. 0 = the disk's size.</param>
    /// <exception cref="InvalidDataException">Another process has it, or it is not a log that this build reads.</exception>
    public static LogFile Open(string folder, TimeProvider time, int freezeIdsAt = 65_536, long maxBytes = 0)
    {
        FileStream fileLock;
        try
        {
            fileLock = new FileStream(System.IO.Path.Combine(folder, "log.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"the log in '{folder}' is in use by another process, or the folder cannot be written: {e.Message}", e);
        }

        LogFile? file = null;
        try
        {
            var path = System.IO.Path.Combine(folder, FileName);
            var database = SqliteDatabase.OpenWriter(path, ApplicationId, SchemaVersion, Schema, CacheBytes, durable: true);
            if (maxBytes > 0) database.Execute($"PRAGMA max_page_count={Math.Max(1, maxBytes / database.Query("PRAGMA page_size")!.Value)}");
            file = new LogFile(folder, fileLock, database, freezeIdsAt);
            file.Load(time);
            return file;
        }
        catch (Exception e)
        {
            if (file is not null) file.Dispose();
            else fileLock.Dispose();
            if (e is SqliteException) throw new InvalidDataException($"the log in '{folder}' is damaged: {e.Message}", e);
            throw;
        }
    }

    /// <summary>A committed topic; null when nothing was ever appended to it. Any thread.</summary>
    public TopicTable? Find(string topic) => _topics.GetValueOrDefault(topic);

    public void Begin() => _database.Begin();

    /// <summary>Gives the page cache back; the next write fills it again.</summary>
    public void ReleaseCache() => _database.Execute("PRAGMA shrink_memory");

    /// <summary>The topic for appending, made when missing. Null when there are too many.</summary>
    public TopicTable? FindOrCreate(string topic)
    {
        var table = Find(topic) ?? _created.Find(t => t.Name == topic);
        if (table is null)
        {
            var id = _topics.Count + _created.Count + 1;
            if (id > LogLimits.MaxTopics) return null;
            using var insert = _database.Prepare("INSERT INTO topics (id, name, indexed_offset) VALUES (?1, ?2, 0)");
            insert.Bind(1, id).Bind(2, topic).Run();
            _database.Execute(TopicTable.Schema(id));
            table = new TopicTable(_database, id, topic, _freezeIdsAt);
            _created.Add(table);
        }

        _touched.Add(table);
        return table;
    }

    /// <summary>Moves a group's offset forward, or anywhere with <paramref name="force"/>. Returns the offset in force; null = too many groups.</summary>
    public long? SetGroupOffset(string group, string topic, long offset, bool force)
    {
        using var find = _database.Prepare("SELECT next_offset FROM group_offsets WHERE consumer_group = ?1 AND topic = ?2");
        var current = find.Bind(1, group).Bind(2, topic).Scalar();
        if (current is null && _database.Query("SELECT count(*) FROM group_offsets") >= LogLimits.MaxGroupOffsets) return null;
        if (current >= offset && !force) return current;
        using var put = _database.Prepare("INSERT OR REPLACE INTO group_offsets (consumer_group, topic, next_offset) VALUES (?1, ?2, ?3)");
        put.Bind(1, group).Bind(2, topic).Bind(3, offset).Run();
        return offset;
    }

    /// <summary>Proves that the file can be written.</summary>
    public void Touch() => _database.Execute("UPDATE log SET created_at_ms = created_at_ms");

    /// <summary>Makes the open transaction durable (fsync), then visible.</summary>
    public void Commit()
    {
        foreach (var topic in _touched) topic.IndexSome();
        _database.Commit();
        foreach (var topic in _touched) topic.Committed();
        foreach (var topic in _created) _topics[topic.Name] = topic;
        _touched.Clear();
        _created.Clear();
    }

    public void Rollback()
    {
        _database.Rollback();
        foreach (var topic in _touched) topic.RolledBack();
        foreach (var topic in _created) topic.Dispose();
        _touched.Clear();
        _created.Clear();
    }

    public void Dispose()
    {
        foreach (var topic in _topics.Values) topic.Dispose();
        _database.Dispose();
        _lock.Dispose();
    }

    private void Load(TimeProvider time)
    {
        using (var insert = _database.Prepare("INSERT OR IGNORE INTO log (only, log_id, created_at_ms) VALUES (0, ?1, ?2)"))
            insert.Bind(1, Guid.NewGuid().ToString("N")).Bind(2, time.GetUtcNow().ToUnixTimeMilliseconds()).Run();
        using (var read = _database.Prepare("SELECT log_id FROM log"))
        {
            if (!read.Step()) throw new InvalidDataException($"'{Path}' is damaged: it has lost its identity");
            LogId = read.GetText(0);
        }

        using var topics = _database.Prepare("SELECT id, name, indexed_offset FROM topics");
        while (topics.Step())
        {
            var table = new TopicTable(_database, topics.GetInt32(0), topics.GetText(1), _freezeIdsAt);
            _topics[table.Name] = table;
            RestoreIds(table, topics.GetInt64(2));
        }
    }

    // The newest ids live in memory only; their records are the durable copy.
    private void RestoreIds(TopicTable table, long fromOffset)
    {
        using var records = _database.Prepare($"SELECT record_offset, record FROM records_{table.Id} WHERE record_offset >= ?1 ORDER BY record_offset");
        records.Bind(1, fromOffset);
        while (records.Step())
        {
            try
            {
                table.Restore(EventIdHash.Of(Record.Parser.ParseFrom(records.GetBlob(1)).EventId), records.GetInt64(0));
            }
            catch (Google.Protobuf.InvalidProtocolBufferException e)
            {
                throw new InvalidDataException($"'{Path}' is damaged: record {records.GetInt64(0)} of '{table.Name}' cannot be read", e);
            }
        }
    }
}
