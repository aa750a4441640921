using System.IO.Hashing;

namespace RecoAspire.EventLog.Stores;

/// <summary>SQLite does not notice a flipped bit inside a value; this does. XXH3 over the record, seeded with its place.</summary>
internal static class RecordChecksum
{
    public static long Of(long offset, long appendedAtMs, ReadOnlySpan<byte> record) =>
        (uint)XxHash3.HashToUInt64(record, offset * 31 + appendedAtMs);
}
