using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RecoAspire.ServiceDefaults.Sqlite;

/// <summary>
/// The file under a view of the log: one SQLite database in WAL mode with one owner, the positions in the topics beside the view's own
/// tables. A batch and the positions after it are one transaction, so a crash leaves the state after some batch, never between two.
/// Used by one thread at a time.
/// </summary>
public sealed class ViewDatabase : IDisposable
{
    private const string Positions = "CREATE TABLE positions (topic TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, row_check INTEGER NOT NULL) WITHOUT ROWID;";
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteTransaction? _transaction;

    /// <param name="path">The file; made when missing, in a folder that exists.</param>
    /// <param name="schemaVersion">Version of the file's layout.</param>
    /// <param name="schema">Makes the view's own tables.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another owner of the file to leave.</param>
    /// <exception cref="InvalidDataException">The file has another layout, or is damaged: it can be deleted and is rebuilt from the log.</exception>
    /// <exception cref="SqliteException">Another process has it.</exception>
    public ViewDatabase(string path, int schemaVersion, string schema, int busyTimeoutSeconds)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = busyTimeoutSeconds }.ToString());
        try
        {
            _connection.Open();
            // One owner: a second process on the same folder fails at once instead of applying the log twice.
            Execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216;");
            Migrate(path, schemaVersion, schema);
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

    /// <summary>Gives the open transaction up, where there is one.</summary>
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

    /// <summary>Offset of the next record of a topic to apply.</summary>
    /// <exception cref="InvalidDataException">A row of the positions is damaged.</exception>
    public long GetPosition(string topic)
    {
        // All few of them: a topic whose name was damaged would otherwise look like one that was never read.
        long position = 0;
        using var reader = Query("SELECT topic, next_offset, row_check FROM positions");
        while (reader.Read())
        {
            var (name, offset) = (reader.GetString(0), reader.GetInt64(1));
            RowCheck.Demand(reader.GetInt64(2), "position", name, offset);
            if (name == topic) position = offset;
        }

        return position;
    }

    /// <inheritdoc cref="GetPosition"/>
    public void SetPosition(string topic, long nextOffset) => Run(
        "INSERT INTO positions (topic, next_offset, row_check) VALUES ($0, $1, $2) ON CONFLICT (topic) DO UPDATE SET next_offset = $1, row_check = $2",
        topic, nextOffset, RowCheck.Of(topic, nextOffset));

    /// <summary>Runs statements without parameters, once.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement that is prepared once; its parameters are called $0, $1, ...</summary>
    public void Run(string sql, params ReadOnlySpan<object> values) => Bind(Command(sql), values).ExecuteNonQuery();

    /// <summary>Rows of a statement that is prepared once; the caller disposes the reader.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) => Bind(Command(sql), values).ExecuteReader();

    public void Dispose()
    {
        Rollback();
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private void Migrate(string path, int schemaVersion, string schema)
    {
        var version = Convert.ToInt32(Command("PRAGMA user_version").ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version == schemaVersion)
        {
            if (Command("PRAGMA quick_check(1)").ExecuteScalar() is not "ok") throw RowCheck.Damaged("structure");
            return;
        }

        if (version != 0)
            throw new InvalidDataException($"'{path}' has layout {version}, this program reads {schemaVersion}: delete it, it is rebuilt from the log");
        Begin();
        Execute($"{Positions}\n{schema}PRAGMA user_version = {schemaVersion};");
        Commit();
    }

    private void EndTransaction()
    {
        _transaction!.Dispose();
        _transaction = null;
    }

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
