using RecoAspire.ServiceDefaults.Sqlite;
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
        CREATE TABLE versions (id INTEGER PRIMARY KEY, space TEXT NOT NULL, version TEXT NOT NULL, dimensions INTEGER NOT NULL,
          role INTEGER NOT NULL, published INTEGER NOT NULL, row_check INTEGER NOT NULL);
        CREATE TABLE vectors (version INTEGER NOT NULL, item TEXT NOT NULL, vector BLOB NOT NULL, row_check INTEGER NOT NULL, UNIQUE (version, item));
        CREATE TABLE facts (item TEXT PRIMARY KEY, facts BLOB, row_check INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly ViewDatabase _database;

    /// <param name="directory">Folder of the file; it exists.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another owner of the file to leave.</param>
    public SqliteVectorStore(string directory, int busyTimeoutSeconds = 5) =>
        _database = new ViewDatabase(Path.Combine(directory, "vectors.db"), SchemaVersion, Schema, busyTimeoutSeconds);

    public void Begin() => _database.Begin();

    public void Commit() => _database.Commit();

    public void Rollback() => _database.Rollback();

    public long GetPosition(string topic) => _database.GetPosition(topic);

    public void SetPosition(string topic, long nextOffset) => _database.SetPosition(topic, nextOffset);

    public void PutVector(long version, string item, byte[] vector) => _database.Run(
        """
        INSERT INTO vectors (version, item, vector, row_check) VALUES ($0, $1, $2, $3)
        ON CONFLICT (version, item) DO UPDATE SET vector = $2, row_check = $3
        """,
        version, item, vector, RowCheck.Of(version, item, vector));

    public void DeleteVector(long version, string item) => _database.Run("DELETE FROM vectors WHERE version = $0 AND item = $1", version, item);

    public void PutVersion(long id, string space, string version, int dimensions, SpaceVersionRole role, bool published) => _database.Run(
        """
        INSERT INTO versions (id, space, version, dimensions, role, published, row_check) VALUES ($0, $1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET role = $4, published = $5, row_check = $6
        """,
        id, space, version, dimensions, (int)role, published ? 1 : 0, RowCheck.Of(id, space, version, dimensions, (int)role, published ? 1 : 0));

    public void DeleteVersion(long id)
    {
        _database.Run("DELETE FROM vectors WHERE version = $0", id);
        _database.Run("DELETE FROM versions WHERE id = $0", id);
    }

    /// <param name="item">Item id.</param>
    /// <param name="facts">Trimmed item; null = removed from the catalogue.</param>
    public void PutFacts(string item, byte[]? facts) => _database.Run(
        "INSERT INTO facts (item, facts, row_check) VALUES ($0, $1, $2) ON CONFLICT (item) DO UPDATE SET facts = $1, row_check = $2",
        item, (object?)facts ?? DBNull.Value, RowCheck.Of(item, facts));

    public void Clear() => _database.Execute("DELETE FROM vectors; DELETE FROM versions; DELETE FROM facts; DELETE FROM positions;");

    public IEnumerable<(long Id, string Space, string Version, int Dimensions, SpaceVersionRole Role, bool Published)> ReadVersions()
    {
        using var reader = _database.Query("SELECT id, space, version, dimensions, role, published, row_check FROM versions ORDER BY id");
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
        using var reader = _database.Query("SELECT version, item, vector, row_check FROM vectors ORDER BY rowid");
        while (reader.Read())
        {
            var row = (Version: reader.GetInt64(0), Item: reader.GetString(1), Vector: reader.GetFieldValue<byte[]>(2));
            RowCheck.Demand(reader.GetInt64(3), "vectors", row.Version, row.Item, row.Vector);
            yield return row;
        }
    }

    public IEnumerable<(string Item, byte[]? Facts)> ReadFacts()
    {
        using var reader = _database.Query("SELECT item, facts, row_check FROM facts ORDER BY item");
        while (reader.Read())
        {
            var row = (Item: reader.GetString(0), Facts: reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1));
            RowCheck.Demand(reader.GetInt64(2), "facts", row.Item, row.Facts);
            yield return row;
        }
    }

    public void Dispose() => _database.Dispose();
}
