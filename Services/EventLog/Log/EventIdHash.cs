using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.EventLog.Log;

/// <summary>
/// The first 128 bits of SHA-256 of an event id: what the log compares instead of the id. Two different ids meet with a
/// probability of n²/2¹²⁹ (1.5e-19 for ten thousand million records), and nobody can make them meet on purpose.
/// </summary>
internal static class EventIdHash
{
    public static UInt128 Of(string eventId)
    {
        Span<byte> utf8 = stackalloc byte[LogLimits.MaxIdChars * 3];
        return Of(utf8[..Encoding.UTF8.GetBytes(eventId, utf8)]);
    }

    public static UInt128 Of(ReadOnlySpan<byte> eventIdUtf8)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(eventIdUtf8, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
