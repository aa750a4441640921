using System.Globalization;
using Microsoft.Data.Sqlite;
using RecoAspire.Contracts.Graph.V1;

namespace RecoAspire.Graph.Stores;

/// <summary>
/// The view's content on disk: one SQLite file in WAL mode, holding each item as the graph needs it and each node's label
/// (the spelling that came first). A batch and the position after it are one transaction. Used by one thread at a time.
/// </summary>
internal sealed class SqliteItemStore : IDisposable
{
    /// <summary>Version of the file's layout. A file with another one is refused: it can be deleted and is rebuilt from the log.</summary>
    public const int SchemaVersion = 1;

    private const string Schema =
        """
        CREATE TABLE positions (topic TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, row_check INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE items (id TEXT PRIMARY KEY, item BLOB NOT NULL, row_check INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE nodes (type INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, row_check INTEGER NOT NULL,
          PRIMARY KEY (type, key)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteTransaction? _transaction;

    /// <param name="directory">Folder of the file; it exists.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another owner of the file to leave.</param>
    public SqliteItemStore(string directory, int busyTimeoutSeconds = 5)
    {
        var path = System.IO.Path.Combine(directory, "graph.db");
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = busyTimeoutSeconds }.ToString());
        try
        {
            _connection.Open();
            // One owner: a second process on the same folder fails at once instead of applying the log twice.
            Execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216;");
            Migrate(path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Begin() => _transaction = _connection.BeginTransaction(deferred: false);

    public void Commit()
    {
        _transaction!.Commit();
        EndTransaction();
    }

    public void Rollback()
    {
        if (_transaction is null) return;
        try
        {
            _transaction.Rollback();
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // SQLite has already rolled back by itself (disk full, I/O error).
        }

        EndTransaction();
    }

    public long GetPosition(string topic)
    {
        using var reader = Bind(Command("SELECT next_offset, row_check FROM positions WHERE topic = $0"), topic).ExecuteReader();
        if (!reader.Read()) return 0;
        var offset = reader.GetInt64(0);
        RowCheck.Demand(reader.GetInt64(1), "position", topic, offset);
        return offset;
    }

    public void SetPosition(string topic, long nextOffset) => Run(
        "INSERT INTO positions (topic, next_offset, row_check) VALUES ($0, $1, $2) ON CONFLICT (topic) DO UPDATE SET next_offset = $1, row_check = $2",
        topic, nextOffset, RowCheck.Of(topic, nextOffset));

    public void PutItem(string id, byte[] item) => Run(
        "INSERT INTO items (id, item, row_check) VALUES ($0, $1, $2) ON CONFLICT (id) DO UPDATE SET item = $1, row_check = $2",
        id, item, RowCheck.Of(id, item));

    public void DeleteItem(string id) => Run("DELETE FROM items WHERE id = $0", id);

    public void PutNode(NodeType type, string key, string label) => Run(
        "INSERT INTO nodes (type, key, label, row_check) VALUES ($0, $1, $2, $3) ON CONFLICT (type, key) DO UPDATE SET label = $2, row_check = $3",
        (int)type, key, label, RowCheck.Of((int)type, key, label));

    public void DeleteNode(NodeType type, string key) => Run("DELETE FROM nodes WHERE type = $0 AND key = $1", (int)type, key);

    public void Clear() => Execute("DELETE FROM items; DELETE FROM nodes; DELETE FROM positions;");

    /// <summary>Items in the order of their ids' bytes.</summary>
    public IEnumerable<(string Id, byte[] Item)> ReadItems()
    {
        using var reader = Command("SELECT id, item, row_check FROM items ORDER BY id").ExecuteReader();
        while (reader.Read())
        {
            var row = (Id: reader.GetString(0), Item: reader.GetFieldValue<byte[]>(1));
            RowCheck.Demand(reader.GetInt64(2), "items", row.Id, row.Item);
            yield return row;
        }
    }

    public IEnumerable<(NodeType Type, string Key, string Label)> ReadNodes()
    {
        using var reader = Command("SELECT type, key, label, row_check FROM nodes ORDER BY type, key").ExecuteReader();
        while (reader.Read())
        {
            var row = (Type: (NodeType)reader.GetInt32(0), Key: reader.GetString(1), Label: reader.GetString(2));
            RowCheck.Demand(reader.GetInt64(3), "nodes", (int)row.Type, row.Key, row.Label);
            yield return row;
        }
    }

    public void Dispose()
    {
        Rollback();
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private void Migrate(string path)
    {
        var version = Convert.ToInt32(Command("PRAGMA user_version").ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version == SchemaVersion)
        {
            if (Command("PRAGMA quick_check(1)").ExecuteScalar() is not "ok") throw RowCheck.Damaged("structure");
            return;
        }

        if (version != 0)
            throw new InvalidDataException($"'{path}' has layout {version}, this program reads {SchemaVersion}: delete it, it is rebuilt from the log");
        Begin();
        Execute(Schema + $"PRAGMA user_version = {SchemaVersion};");
        Commit();
    }

    private void EndTransaction()
    {
        _transaction!.Dispose();
        _transaction = null;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        command.ExecuteNonQuery();
    }

    private void Run(string sql, params ReadOnlySpan<object> values) => Bind(Command(sql), values).ExecuteNonQuery();

    // Statements are prepared once; parameters are called $0, $1, ...
    private SqliteCommand Command(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Transaction = _transaction;
        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (command.Parameters.Count == i) command.Parameters.AddWithValue($"${i}", values[i]);
            else command.Parameters[i].Value = values[i];
        }

        return command;
    }
}
