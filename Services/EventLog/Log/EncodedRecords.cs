using System.Buffers;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.EventLog.Log;

/// <summary>
/// The records of one append, encoded as they will be stored and with their id hashes, so that the writer thread only copies.
/// </summary>
internal sealed class EncodedRecords : IDisposable
{
    private readonly int[] _ends;
    private readonly UInt128[] _hashes;
    private byte[] _bytes;

    private EncodedRecords(int count, int length)
    {
        _ends = new int[count];
        _hashes = new UInt128[count];
        _bytes = ArrayPool<byte>.Shared.Rent(length);
    }

    public int Count => _ends.Length;

    public int Length => Count == 0 ? 0 : _ends[^1];

    public static EncodedRecords Encode(IReadOnlyList<Record> records)
    {
        var length = 0;
        foreach (var record in records) length += record.CalculateSize();
        var encoded = new EncodedRecords(records.Count, length);
        var end = 0;
        for (var i = 0; i < records.Count; i++)
        {
            var size = records[i].CalculateSize();
            records[i].WriteTo(encoded._bytes.AsSpan(end, size));
            end += size;
            encoded._ends[i] = end;
            encoded._hashes[i] = EventIdHash.Of(records[i].EventId);
        }

        return encoded;
    }

    public UInt128 Hash(int index) => _hashes[index];

    public ReadOnlySpan<byte> Bytes(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsSpan(start, _ends[index] - start);
    }

    public void Dispose()
    {
        if (_bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
