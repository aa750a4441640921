using Google.Protobuf.Collections;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Profile.History;
using RecoAspire.ServiceDefaults.Sqlite;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Stores;

/// <summary>One reading connection. One user at a time.</summary>
internal sealed class ProfileReader : IDisposable
{
    /// <summary>Bound of each list of opinions, newest first; it keeps an answer under the gRPC message limit.</summary>
    public const int MaxOpinions = 10_000;
    private const int CacheBytes = 1024 * 1024;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _viewer;
    private readonly SqliteStatement _history;
    private readonly SqliteStatement _total;
    private readonly SqliteStatement _tastes;
    private readonly SqliteStatement _hidden;
    private readonly SqliteStatement _preferences;
    private readonly SqliteStatement _position;

    public ProfileReader(string path)
    {
        _database = SqliteDatabase.OpenReader(path, CacheBytes);
        _viewer = _database.Prepare("SELECT id FROM viewers WHERE name = ?1");
        _history = _database.Prepare("""
            SELECT name, kind, first_at_ms, last_at_ms, position_seconds, duration_seconds, rating
            FROM history JOIN items ON items.id = item WHERE viewer = ?1 ORDER BY last_at_ms DESC, item DESC LIMIT ?2
            """);
        _total = _database.Prepare("SELECT count(*) FROM history WHERE viewer = ?1");
        _tastes = _database.Prepare(
            "SELECT name FROM opinions JOIN items ON items.id = item WHERE viewer = ?1 AND taste = ?2 ORDER BY taste_at_ms DESC, name LIMIT ?3");
        _hidden = _database.Prepare(
            "SELECT name FROM opinions JOIN items ON items.id = item WHERE viewer = ?1 AND hidden = 1 ORDER BY hidden_at_ms DESC, name LIMIT ?2");
        _preferences = _database.Prepare("SELECT preferences FROM preferences WHERE viewer = ?1");
        _position = _database.Prepare("SELECT next_offset FROM positions WHERE topic = ?1");
    }

    /// <summary>The profile as of one moment; empty for a viewer nobody has heard of.</summary>
    public ViewerProfile Read(string viewerId, int historyLimit)
    {
        _database.Execute("BEGIN");
        try
        {
            var profile = new ViewerProfile
            {
                ViewerId = viewerId,
                Preferences = new Preferences(),
                InteractionsOffset = _position.Bind(1, Topics.Interactions).Scalar() ?? 0,
                ProfileOpsOffset = _position.Bind(1, Topics.ProfileOps).Scalar() ?? 0,
            };
            if (_viewer.Bind(1, viewerId).Scalar() is { } viewer) Fill(profile, viewer, historyLimit);
            return profile;
        }
        finally
        {
            _database.Execute("COMMIT");
        }
    }

    /// <summary>When the viewer's preferences were last set; 0 = never.</summary>
    public long PreferencesAtMs(string viewerId)
    {
        using var find = _database.Prepare("SELECT occurred_at_ms FROM preferences JOIN viewers ON viewers.id = viewer WHERE name = ?1");
        return find.Bind(1, viewerId).Scalar() ?? 0;
    }

    public ProfileStats Stats() => new()
    {
        // Numbers are given without gaps and never taken back, so the last one is the count.
        Viewers = _database.Query("SELECT max(id) FROM viewers") ?? 0,
        HistoryEntries = _database.Query("SELECT history_entries FROM totals") ?? 0,
    };

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_viewer, _history, _total, _tastes, _hidden, _preferences, _position]) statement.Dispose();
        _database.Dispose();
    }

    private void Fill(ViewerProfile profile, long viewer, int historyLimit)
    {
        profile.HistoryTotal = (int)(_total.Bind(1, viewer).Scalar() ?? 0);
        if (historyLimit > 0) FillHistory(profile, viewer, historyLimit);
        AddNames(profile.LikedItemIds, _tastes.Bind(1, viewer).Bind(2, (long)Taste.Liked).Bind(3, MaxOpinions));
        AddNames(profile.DislikedItemIds, _tastes.Bind(1, viewer).Bind(2, (long)Taste.Disliked).Bind(3, MaxOpinions));
        AddNames(profile.HiddenItemIds, _hidden.Bind(1, viewer).Bind(2, MaxOpinions));
        if (_preferences.Bind(1, viewer).Step()) profile.Preferences = Preferences.Parser.ParseFrom(_preferences.GetBlob(0));
        _preferences.Reset();
    }

    private void FillHistory(ViewerProfile profile, long viewer, int limit)
    {
        _history.Bind(1, viewer).Bind(2, limit);
        while (_history.Step())
        {
            profile.History.Add(new HistoryEntry
            {
                ItemId = _history.GetText(0),
                Kind = (InteractionKind)_history.GetInt32(1),
                FirstAtMs = _history.GetInt64(2),
                LastAtMs = _history.GetInt64(3),
                PositionSeconds = _history.GetInt32(4),
                DurationSeconds = _history.GetInt32(5),
                Rating = (float)_history.GetDouble(6),
            });
        }

        _history.Reset();
    }

    private static void AddNames(RepeatedField<string> names, SqliteStatement rows)
    {
        while (rows.Step()) names.Add(rows.GetText(0));
        rows.Reset();
    }
}
