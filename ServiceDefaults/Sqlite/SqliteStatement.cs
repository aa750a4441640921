using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RecoAspire.ServiceDefaults.Sqlite;

/// <summary>
/// A prepared statement without the allocations of ADO.NET, for paths that run it once per record. Not thread-safe. Parameters are
/// numbered from 1, columns from 0; a span that a column returns is valid until the next <see cref="Step"/> or <see cref="Reset"/>.
/// </summary>
public sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    internal SqliteStatement(sqlite3 connection, string sql)
    {
        _connection = connection;
        SqliteDatabase.Check(raw.sqlite3_prepare_v2(connection, sql, out _statement), connection);
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        SqliteDatabase.Check(raw.sqlite3_bind_int64(_statement, parameter, value), _connection);
        return this;
    }

    public SqliteStatement Bind(int parameter, double value)
    {
        SqliteDatabase.Check(raw.sqlite3_bind_double(_statement, parameter, value), _connection);
        return this;
    }

    /// <summary>Binds a BLOB.</summary>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        SqliteDatabase.Check(raw.sqlite3_bind_blob(_statement, parameter, value), _connection);
        return this;
    }

    /// <summary>Binds TEXT.</summary>
    public SqliteStatement Bind(int parameter, string value)
    {
        SqliteDatabase.Check(raw.sqlite3_bind_text(_statement, parameter, value), _connection);
        return this;
    }

    /// <summary>Moves to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">The database refuses; the statement is reset.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE) return false;
        var error = SqliteDatabase.Error(result, _connection);
        raw.sqlite3_reset(_statement);
        throw error;
    }

    /// <summary>Runs a statement that returns no row that matters, and resets it. Returns the number of rows changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return raw.sqlite3_changes(_connection);
    }

    /// <summary>First column of the first row as a number, or null without a row; resets the statement.</summary>
    public long? Scalar()
    {
        var value = Step() && !IsNull(0) ? GetInt64(0) : (long?)null;
        Reset();
        return value;
    }

    /// <summary>Ends the run, and with it the read transaction that it held. Bindings stay.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(_statement, column);

    public int GetInt32(int column) => raw.sqlite3_column_int(_statement, column);

    public double GetDouble(int column) => raw.sqlite3_column_double(_statement, column);

    public ReadOnlySpan<byte> GetBlob(int column) => raw.sqlite3_column_blob(_statement, column);

    public string GetText(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();
}
