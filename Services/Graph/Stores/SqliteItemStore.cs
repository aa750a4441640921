using RecoAspire.Contracts.Graph.V1;
using RecoAspire.ServiceDefaults.Sqlite;

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
        CREATE TABLE items (id TEXT PRIMARY KEY, item BLOB NOT NULL, row_check INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE nodes (type INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, row_check INTEGER NOT NULL,
          PRIMARY KEY (type, key)) WITHOUT ROWID;
        """;

    private readonly ViewDatabase _database;

    /// <param name="directory">Folder of the file; it exists.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another owner of the file to leave.</param>
    public SqliteItemStore(string directory, int busyTimeoutSeconds = 5) =>
        _database = new ViewDatabase(System.IO.Path.Combine(directory, "graph.db"), SchemaVersion, Schema, busyTimeoutSeconds);

    public void Begin() => _database.Begin();

    public void Commit() => _database.Commit();

    public void Rollback() => _database.Rollback();

    public long GetPosition(string topic) => _database.GetPosition(topic);

    public void SetPosition(string topic, long nextOffset) => _database.SetPosition(topic, nextOffset);

    public void PutItem(string id, byte[] item) => _database.Run(
        "INSERT INTO items (id, item, row_check) VALUES ($0, $1, $2) ON CONFLICT (id) DO UPDATE SET item = $1, row_check = $2",
        id, item, RowCheck.Of(id, item));

    public void DeleteItem(string id) => _database.Run("DELETE FROM items WHERE id = $0", id);

    public void PutNode(NodeType type, string key, string label) => _database.Run(
        "INSERT INTO nodes (type, key, label, row_check) VALUES ($0, $1, $2, $3) ON CONFLICT (type, key) DO UPDATE SET label = $2, row_check = $3",
        (int)type, key, label, RowCheck.Of((int)type, key, label));

    public void DeleteNode(NodeType type, string key) => _database.Run("DELETE FROM nodes WHERE type = $0 AND key = $1", (int)type, key);

    public void Clear() => _database.Execute("DELETE FROM items; DELETE FROM nodes; DELETE FROM positions;");

    /// <summary>Items in the order of their ids' bytes.</summary>
    public IEnumerable<(string Id, byte[] Item)> ReadItems()
    {
        using var reader = _database.Query("SELECT id, item, row_check FROM items ORDER BY id");
        while (reader.Read())
        {
            var row = (Id: reader.GetString(0), Item: reader.GetFieldValue<byte[]>(1));
            RowCheck.Demand(reader.GetInt64(2), "items", row.Id, row.Item);
            yield return row;
        }
    }

    public IEnumerable<(NodeType Type, string Key, string Label)> ReadNodes()
    {
        using var reader = _database.Query("SELECT type, key, label, row_check FROM nodes ORDER BY type, key");
        while (reader.Read())
        {
            var row = (Type: (NodeType)reader.GetInt32(0), Key: reader.GetString(1), Label: reader.GetString(2));
            RowCheck.Demand(reader.GetInt64(3), "nodes", (int)row.Type, row.Key, row.Label);
            yield return row;
        }
    }

    public void Dispose() => _database.Dispose();
}
