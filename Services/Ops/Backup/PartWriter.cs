using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Ops.Backup;

/// <summary>
/// Writes one topic's records: eight bytes of format and version, then each <see cref="StoredRecord"/> after its length (32 bits, little-endian).
/// The hash is of the file as it lies on the disk.
/// </summary>
internal sealed class PartWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly SHA256 _hash = SHA256.Create();
    private readonly CryptoStream _hashed;
    private readonly Stream _content;
    private byte[] _buffer = new byte[4096];

    public PartWriter(string path, bool gzip)
    {
        _file = DurableFiles.CreateFile(path);
        _hashed = new CryptoStream(_file, _hash, CryptoStreamMode.Write, leaveOpen: true);
        _content = gzip ? new GZipStream(_hashed, CompressionLevel.Fastest, leaveOpen: true) : new BufferedStream(_hashed, 128 * 1024);
        _content.Write(Format);
    }

    /// <summary>First bytes of every part.</summary>
    public static ReadOnlySpan<byte> Format => "RECOLOG1"u8;

    public void Write(StoredRecord record)
    {
        var size = record.CalculateSize();
        if (_buffer.Length < size + sizeof(int)) _buffer = new byte[2 * (size + sizeof(int))];
        BinaryPrimitives.WriteInt32LittleEndian(_buffer, size);
        record.WriteTo(_buffer.AsSpan(sizeof(int), size));
        _content.Write(_buffer, 0, sizeof(int) + size);
    }

    /// <summary>Brings everything to the disk.</summary>
    /// <returns>Size and hash of the file.</returns>
    public (long Bytes, string Sha256) Finish()
    {
        if (_content is GZipStream) _content.Dispose();
        else _content.Flush();
        _hashed.FlushFinalBlock();
        _file.Flush(flushToDisk: true);
        return (_file.Length, Convert.ToHexStringLower(_hash.Hash!));
    }

    public void Dispose()
    {
        _content.Dispose();
        _hashed.Dispose();
        _hash.Dispose();
        _file.Dispose();
    }
}
