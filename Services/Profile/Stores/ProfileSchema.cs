using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.Profile.Stores;

/// <summary>The file of the view: viewer and item ids are kept once and referred to by number, which keeps the big tables small.</summary>
internal static class ProfileSchema
{
    public const string FileName = "profiles.db";
    public const int Version = 1;
    private const int ApplicationId = 0x52_50_52_46;
    private const int CacheBytes = 8 * 1024 * 1024;
    private const string Tables = """
        CREATE TABLE positions (topic TEXT PRIMARY KEY, next_offset INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE totals (only INTEGER PRIMARY KEY CHECK (only = 0), history_entries INTEGER NOT NULL);
        INSERT INTO totals VALUES (0, 0);
        CREATE TABLE viewers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE history (
            viewer INTEGER, item INTEGER, kind INTEGER NOT NULL, first_at_ms INTEGER NOT NULL, last_at_ms INTEGER NOT NULL,
            position_seconds INTEGER NOT NULL, duration_seconds INTEGER NOT NULL, rating REAL NOT NULL, rated_at_ms INTEGER NOT NULL,
            PRIMARY KEY (viewer, item)) WITHOUT ROWID;
        CREATE INDEX history_recent ON history (viewer, last_at_ms);
        CREATE TABLE opinions (
            viewer INTEGER, item INTEGER, taste INTEGER NOT NULL, taste_at_ms INTEGER NOT NULL, hidden INTEGER NOT NULL, hidden_at_ms INTEGER NOT NULL,
            PRIMARY KEY (viewer, item)) WITHOUT ROWID;
        CREATE TABLE preferences (viewer INTEGER PRIMARY KEY, occurred_at_ms INTEGER NOT NULL, preferences BLOB NOT NULL);
        """;

    public static SqliteDatabase OpenWriter(string path) =>
        // A view may lose its last commits with the machine: positions go with them, and the log brings both back.
        SqliteDatabase.OpenWriter(path, ApplicationId, Version, Tables, CacheBytes, durable: false);
}
