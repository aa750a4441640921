using System.Globalization;
using Microsoft.Data.Sqlite;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Stores;

/// <summary>
/// The view's content on disk: one SQLite file in WAL mode. A batch and the positions after it are one transaction, so a
/// crash leaves the state after some batch, never between two. Used by one thread at a time.
/// </summary>
internal sealed class SqliteVectorStore : IDisposable
{
    /// <summary>Version of the file's layout. A file with another one is refused: it can be deleted and is rebuilt from the log.</summary>
    public const int SchemaVersion = 1;

    private const string Schema =
        """
        CREATE TABLE positions (topic TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, row_check INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE versions (id INTEGER PRIMARY KEY, space TEXT NOT NULL, version TEXT NOT NULL, dimensions INTEGER NOT NULL,
          role INTEGER NOT NULL, published INTEGER NOT NULL, row_check INTEGER NOT NULL);
        CREATE TABLE vectors (version INTEGER NOT NULL, item TEXT NOT NULL, vector BLOB NOT NULL, row_check INTEGER NOT NULL, UNIQUE (version, item));
        CREATE TABLE facts (item TEXT PRIMARY KEY, facts BLOB, row_check INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteTransaction? _transaction;

    /// <param name="directory">Folder of the file; it exists.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another owner of the file to leave.</param>
    public SqliteVectorStore(string directory, int busyTimeoutSeconds = 5)
    {
        var path = Path.Combine(directory, "vectors.db");
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

    public void PutVector(long version, string item, byte[] vector) => Run(
        """
        INSERT INTO vectors (version, item, vector, row_check) VALUES ($0, $1, $2, $3)
        ON CONFLICT (version, item) DO UPDATE SET vector = $2, row_check = $3
        """,
        version, item, vector, RowCheck.Of(version, item, vector));

    public void DeleteVector(long version, string item) => Run("DELETE FROM vectors WHERE version = $0 AND item = $1", version, item);

    public void PutVersion(long id, string space, string version, int dimensions, SpaceVersionRole role, bool published) => Run(
        """
        INSERT INTO versions (id, space, version, dimensions, role, published, row_check) VALUES ($0, $1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET role = $4, published = $5, row_check = $6
        """,
        id, space, version, dimensions, (int)role, published ? 1 : 0, RowCheck.Of(id, space, version, dimensions, (int)role, published ? 1 : 0));

    public void DeleteVersion(long id)
    {
        Run("DELETE FROM vectors WHERE version = $0", id);
        Run("DELETE FROM versions WHERE id = $0", id);
    }

    /// <param name="item">Item id.</param>
    /// <param name="facts">Trimmed item; null = removed from the catalogue.</param>
    public void PutFacts(string item, byte[]? facts) => Run(
        "INSERT INTO facts (item, facts, row_check) VALUES ($0, $1, $2) ON CONFLICT (item) DO UPDATE SET facts = $1, row_check = $2",
        item, (object?)facts ?? DBNull.Value, RowCheck.Of(item, facts));

    public void Clear() => Execute("DELETE FROM vectors; DELETE FROM versions; DELETE FROM facts; DELETE FROM positions;");

    public IEnumerable<(long Id, string Space, string Version, int Dimensions, SpaceVersionRole Role, bool Published)> ReadVersions()
    {
        using var reader = Command("SELECT id, space, version, dimensions, role, published, row_check FROM versions ORDER BY id").ExecuteReader();
        while (reader.Read())
        {
            var row = (Id: reader.GetInt64(0), Space: reader.GetString(1), Version: reader.GetString(2), Dimensions: reader.GetInt32(3),
                Role: (SpaceVersionRole)reader.GetInt32(4), Published: reader.GetInt32(5) != 0);
            RowCheck.Demand(reader.GetInt64(6), "versions", row.Id, row.Space, row.Version, row.Dimensions, (int)row.Role, row.Published ? 1 : 0);
            yield return row;
        }
    }

    public IEnumerable<(long Version, string Item, byte[] Vector)> ReadVectors()
    {
        using var reader = Command("SELECT version, item, vector, row_check FROM vectors ORDER BY rowid").ExecuteReader();
        while (reader.Read())
        {
            var row = (Version: reader.GetInt64(0), Item: reader.GetString(1), Vector: reader.GetFieldValue<byte[]>(2));
            RowCheck.Demand(reader.GetInt64(3), "vectors", row.Version, row.Item, row.Vector);
            yield return row;
        }
    }

    public IEnumerable<(string Item, byte[]? Facts)> ReadFacts()
    {
        using var reader = Command("SELECT item, facts, row_check FROM facts ORDER BY item").ExecuteReader();
        while (reader.Read())
        {
            var row = (Item: reader.GetString(0), Facts: reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1));
            RowCheck.Demand(reader.GetInt64(2), "facts", row.Item, row.Facts);
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
