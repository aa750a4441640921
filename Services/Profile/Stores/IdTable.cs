using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.Profile.Stores;

/// <summary>Gives ids (text) their numbers, and remembers the ones in use so that most lookups stay out of SQLite.</summary>
internal sealed class IdTable(SqliteDatabase database, string table) : IDisposable
{
    private const int MaxCached = 65_536;
    private readonly SqliteStatement _find = database.Prepare($"SELECT id FROM {table} WHERE name = ?1");
    private readonly SqliteStatement _insert = database.Prepare($"INSERT INTO {table} (name) VALUES (?1) RETURNING id");
    private readonly Dictionary<string, long> _cache = new(StringComparer.Ordinal);

    public long FindOrAdd(string name)
    {
        if (_cache.TryGetValue(name, out var known)) return known;
        var id = _find.Bind(1, name).Scalar() ?? _insert.Bind(1, name).Scalar()!.Value;
        if (_cache.Count >= MaxCached) _cache.Clear();
        _cache.Add(name, id);
        return id;
    }

    /// <summary>After a rollback: numbers given in that transaction do not exist.</summary>
    public void Forget() => _cache.Clear();

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
    }
}
