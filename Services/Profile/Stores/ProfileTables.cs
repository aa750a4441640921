using Google.Protobuf;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Profile.History;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.Profile.Stores;

/// <summary>The writing side: merges interactions and operations into the tables, inside the caller's transaction.</summary>
internal sealed class ProfileTables : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly IdTable _viewers;
    private readonly IdTable _items;
    private readonly SqliteStatement _findEntry;
    private readonly SqliteStatement _putEntry;
    private readonly SqliteStatement _findOpinion;
    private readonly SqliteStatement _putOpinion;
    private readonly SqliteStatement _findPreferences;
    private readonly SqliteStatement _putPreferences;
    private readonly SqliteStatement _findPosition;
    private readonly SqliteStatement _putPosition;
    private readonly SqliteStatement _addTotal;
    private long _newEntries;

    public ProfileTables(SqliteDatabase database)
    {
        _database = database;
        _viewers = new IdTable(database, "viewers");
        _items = new IdTable(database, "items");
        _findEntry = database.Prepare(
            "SELECT kind, first_at_ms, last_at_ms, position_seconds, duration_seconds, rating, rated_at_ms FROM history WHERE viewer = ?1 AND item = ?2");
        _putEntry = database.Prepare("INSERT OR REPLACE INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        _findOpinion = database.Prepare("SELECT taste, taste_at_ms, hidden, hidden_at_ms FROM opinions WHERE viewer = ?1 AND item = ?2");
        _putOpinion = database.Prepare("INSERT OR REPLACE INTO opinions VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _findPreferences = database.Prepare("SELECT occurred_at_ms, preferences FROM preferences WHERE viewer = ?1");
        _putPreferences = database.Prepare("INSERT OR REPLACE INTO preferences VALUES (?1, ?2, ?3)");
        _findPosition = database.Prepare("SELECT next_offset FROM positions WHERE topic = ?1");
        _putPosition = database.Prepare("INSERT OR REPLACE INTO positions VALUES (?1, ?2)");
        _addTotal = database.Prepare("UPDATE totals SET history_entries = history_entries + ?1");
    }

    public long Position(string topic) => _findPosition.Bind(1, topic).Scalar() ?? 0;

    public void Begin()
    {
        _newEntries = 0;
        _database.Begin();
    }

    /// <summary>Ends the transaction: what was merged and the position become durable together.</summary>
    public void Commit(string topic, long nextOffset)
    {
        if (_newEntries > 0) _addTotal.Bind(1, _newEntries).Run();
        _putPosition.Bind(1, topic).Bind(2, nextOffset).Run();
        _database.Commit();
    }

    public void Rollback()
    {
        _database.Rollback();
        _viewers.Forget();
        _items.Forget();
    }

    public void Merge(Interaction interaction)
    {
        if (WatchEntry.Concerns(interaction.Kind)) MergeEntry(interaction);
        else if (Opinion.Concerns(interaction.Kind)) MergeOpinion(interaction);
    }

    public void Merge(ProfileOperation operation)
    {
        var viewer = _viewers.FindOrAdd(operation.ViewerId);
        var preferences = operation.SetPreferences.ToByteArray();
        _findPreferences.Bind(1, viewer);
        var isNewer = true;
        if (_findPreferences.Step())
        {
            var at = _findPreferences.GetInt64(0);
            // Two of one millisecond: the bytes decide, so that every replica keeps the same one.
            isNewer = operation.OccurredAtMs > at
                || (operation.OccurredAtMs == at && preferences.AsSpan().SequenceCompareTo(_findPreferences.GetBlob(1)) > 0);
        }

        _findPreferences.Reset();
        if (isNewer) _putPreferences.Bind(1, viewer).Bind(2, operation.OccurredAtMs).Bind(3, preferences).Run();
    }

    /// <summary>Empties the store, in a transaction of its own.</summary>
    public void Clear()
    {
        _database.Begin();
        _database.Execute("""
            DELETE FROM history; DELETE FROM opinions; DELETE FROM preferences; DELETE FROM viewers; DELETE FROM items; DELETE FROM positions;
            UPDATE totals SET history_entries = 0;
            """);
        _database.Commit();
        _viewers.Forget();
        _items.Forget();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_findEntry, _putEntry, _findOpinion, _putOpinion, _findPreferences, _putPreferences, _findPosition, _putPosition, _addTotal])
            statement.Dispose();
        _viewers.Dispose();
        _items.Dispose();
    }

    private void MergeEntry(Interaction interaction)
    {
        var viewer = _viewers.FindOrAdd(interaction.ViewerId);
        var item = _items.FindOrAdd(interaction.ItemId);
        var entry = WatchEntry.From(interaction);
        _findEntry.Bind(1, viewer).Bind(2, item);
        if (_findEntry.Step())
        {
            var known = new WatchEntry(
                (InteractionKind)_findEntry.GetInt32(0), _findEntry.GetInt64(1), _findEntry.GetInt64(2), _findEntry.GetInt32(3),
                _findEntry.GetInt32(4), (float)_findEntry.GetDouble(5), _findEntry.GetInt64(6));
            entry = known.Merge(entry);
            _findEntry.Reset();
            if (entry == known) return;
        }
        else
        {
            _findEntry.Reset();
            _newEntries++;
        }

        _putEntry.Bind(1, viewer).Bind(2, item).Bind(3, (long)entry.Kind).Bind(4, entry.FirstAtMs).Bind(5, entry.LastAtMs)
            .Bind(6, entry.PositionSeconds).Bind(7, entry.DurationSeconds).Bind(8, (double)entry.Rating).Bind(9, entry.RatedAtMs).Run();
    }

    private void MergeOpinion(Interaction interaction)
    {
        var viewer = _viewers.FindOrAdd(interaction.ViewerId);
        var item = _items.FindOrAdd(interaction.ItemId);
        var opinion = Opinion.From(interaction);
        _findOpinion.Bind(1, viewer).Bind(2, item);
        if (_findOpinion.Step())
        {
            opinion = new Opinion(
                (Taste)_findOpinion.GetInt32(0), _findOpinion.GetInt64(1), _findOpinion.GetInt32(2) != 0, _findOpinion.GetInt64(3)).Merge(opinion);
        }

        _findOpinion.Reset();
        _putOpinion.Bind(1, viewer).Bind(2, item).Bind(3, (long)opinion.Taste).Bind(4, opinion.TasteAtMs)
            .Bind(5, opinion.Hidden ? 1L : 0L).Bind(6, opinion.HiddenAtMs).Run();
    }
}
