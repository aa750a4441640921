using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Ops.Backup;

/// <summary>
/// SHA-256 of a topic's records with their offsets: equal records at equal offsets, equal digest. When the log accepted a record is not part of
/// it: a log stamps what it accepts itself.
/// </summary>
internal sealed class RecordDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[4096];

    public long Records { get; private set; }

    public void Add(StoredRecord stored)
    {
        const int Header = sizeof(long) + sizeof(int);
        var size = stored.Record.CalculateSize();
        if (_buffer.Length < Header + size) _buffer = new byte[2 * (Header + size)];
        BinaryPrimitives.WriteInt64LittleEndian(_buffer, stored.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(sizeof(long)), size);
        stored.Record.WriteTo(_buffer.AsSpan(Header, size));
        _hash.AppendData(_buffer, 0, Header + size);
        Records++;
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
