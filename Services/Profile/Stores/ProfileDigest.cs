using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RecoAspire.ServiceDefaults.Sqlite;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Stores;

/// <summary>
/// Digest of the whole view in the order of viewer id and item id (UTF-8 bytes), so that it does not depend on the order of arrival.
/// Text is hashed with its length, numbers as 8 bytes little endian.
/// </summary>
internal static class ProfileDigest
{
    public static ViewDigest Compute(SqliteDatabase database, CancellationToken cancellationToken)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var viewers = database.Prepare("SELECT id, name FROM viewers ORDER BY name");
        using var history = database.Prepare("""
            SELECT name, kind, first_at_ms, last_at_ms, position_seconds, duration_seconds, CAST(rating * 1000 AS INTEGER), rated_at_ms
            FROM history JOIN items ON items.id = item WHERE viewer = ?1 ORDER BY name
            """);
        using var opinions = database.Prepare(
            "SELECT name, taste, taste_at_ms, hidden, hidden_at_ms FROM opinions JOIN items ON items.id = item WHERE viewer = ?1 ORDER BY name");
        using var preferences = database.Prepare("SELECT hex(preferences), occurred_at_ms FROM preferences WHERE viewer = ?1");
        long entries = 0;
        while (viewers.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(sha, viewers.GetText(1));
            foreach (var (part, columns) in ((SqliteStatement, int)[])[(history, 8), (opinions, 5), (preferences, 2)])
                entries += AddRows(sha, part.Bind(1, viewers.GetInt64(0)), columns);
        }

        return new ViewDigest(Convert.ToHexStringLower(sha.GetHashAndReset()), entries);
    }

    private static long AddRows(IncrementalHash sha, SqliteStatement rows, int columns)
    {
        long count = 0;
        while (rows.Step())
        {
            Add(sha, rows.GetText(0));
            for (var column = 1; column < columns; column++) Add(sha, rows.GetInt64(column));
            count++;
        }

        rows.Reset();
        // Ends the part: a row cannot be taken for one of the next part.
        Add(sha, -count);
        return count;
    }

    private static void Add(IncrementalHash sha, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Add(sha, utf8.Length);
        sha.AppendData(utf8);
    }

    private static void Add(IncrementalHash sha, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        sha.AppendData(bytes);
    }
}
