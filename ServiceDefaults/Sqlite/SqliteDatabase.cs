using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RecoAspire.ServiceDefaults.Sqlite;

/// <summary>
/// One connection to a SQLite file in WAL mode. Not thread-safe: one owner at a time. Readers see committed data and never
/// wait for the writer.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;
    private readonly SqliteStatement? _begin;
    private readonly SqliteStatement? _commit;

    private SqliteDatabase(SqliteConnection connection, bool writable)
    {
        _connection = connection;
        _handle = connection.Handle!;
        if (!writable) return;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
    }

    /// <summary>
    /// Opens the writing connection and checks whose file it is: a new file is given <paramref name="applicationId"/>,
    /// <paramref name="schemaVersion"/> and the tables of <paramref name="schema"/>, in one transaction.
    /// </summary>
    /// <param name="path">The file; made when missing.</param>
    /// <param name="applicationId">Mark of the kind of file (<c>PRAGMA application_id</c>), not 0.</param>
    /// <param name="schemaVersion">The only version that this build reads (<c>PRAGMA user_version</c>).</param>
    /// <param name="schema">SQL that makes the tables.</param>
    /// <param name="cacheBytes">Bound of the page cache.</param>
    /// <param name="durable">true: a commit is on the disk when it returns (synchronous=FULL). false: a commit survives the
    /// process, the last ones may not survive the machine (NORMAL); for views, which replay.</param>
    /// <exception cref="InvalidDataException">The file is another program's, of another version, or damaged. One line for the operator.</exception>
    public static SqliteDatabase OpenWriter(
        string path, int applicationId, int schemaVersion, string schema, int cacheBytes, bool durable)
    {
        SqliteDatabase? database = null;
        try
        {
            database = new SqliteDatabase(Connect(path, SqliteOpenMode.ReadWriteCreate), writable: true);
            database.CheckOwner(path, applicationId, schemaVersion);
            database.Execute("PRAGMA journal_mode=WAL");
            database.Execute(durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
            // The WAL is copied back every 32 MiB, and its file shrinks to that when a long reader let it grow.
            database.Execute("PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=33554432; PRAGMA temp_store=MEMORY");
            database.Execute($"PRAGMA cache_size=-{cacheBytes / 1024}");
            if (database.Query("PRAGMA user_version") == 0)
            {
                database.Begin();
                database.Execute(schema);
                database.Execute($"PRAGMA application_id={applicationId}; PRAGMA user_version={schemaVersion}");
                database.Commit();
            }

            return database;
        }
        catch (SqliteException e)
        {
            database?.Dispose();
            throw new InvalidDataException($"'{path}' cannot be opened: {e.Message}", e);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads, to a file that a writer has open.</summary>
    public static SqliteDatabase OpenReader(string path, int cacheBytes)
    {
        var database = new SqliteDatabase(Connect(path, SqliteOpenMode.ReadWrite), writable: false);
        database.Execute($"PRAGMA query_only=ON; PRAGMA cache_size=-{cacheBytes / 1024}");
        return database;
    }

    public SqliteStatement Prepare(string sql) => new(_handle, sql);

    /// <summary>Runs one or several statements.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql), _handle);

    /// <summary>First column of the first row; null without a row.</summary>
    public long? Query(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Scalar();
    }

    /// <summary>Begins the writing transaction.</summary>
    public void Begin() => _begin!.Run();

    public void Commit() => _commit!.Run();

    /// <summary>Gives up the transaction, if one is open still: some errors end it by themselves.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0) raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _begin?.Dispose();
        _commit?.Dispose();
        _connection.Dispose();
    }

    internal static void Check(int result, sqlite3 connection)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        throw Error(result, connection);
    }

    internal static SqliteException Error(int result, sqlite3 connection) =>
        new(raw.sqlite3_errmsg(connection).utf8_to_string(), result & 0xff, raw.sqlite3_extended_errcode(connection));

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle!, 5_000);
        return connection;
    }

    private void CheckOwner(string path, int applicationId, int schemaVersion)
    {
        var version = Query("PRAGMA user_version") ?? 0;
        var owner = Query("PRAGMA application_id") ?? 0;
        if (version == 0 && owner == 0 && Query("SELECT count(*) FROM sqlite_schema") == 0) return;
        if (owner != applicationId) throw new InvalidDataException($"'{path}' is a database of another program; move it away");
        if (version != schemaVersion)
            throw new InvalidDataException($"'{path}' has schema version {version}; this build reads only version {schemaVersion}");
    }
}
