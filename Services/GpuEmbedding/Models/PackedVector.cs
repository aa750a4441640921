using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace RecoAspire.GpuEmbedding.Models;

/// <summary>Vectors on the wire: packed little-endian float32.</summary>
internal static class PackedVector
{
    public static ByteString Pack(ReadOnlySpan<float> vector)
    {
        if (BitConverter.IsLittleEndian) return ByteString.CopyFrom(MemoryMarshal.AsBytes(vector));
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Null when the bytes are no vector of finite numbers.</summary>
    public static float[]? Unpack(ByteString bytes)
    {
        if (bytes.Length == 0 || bytes.Length % sizeof(float) != 0) return null;
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[(i * sizeof(float))..]);
            if (!float.IsFinite(vector[i])) return null;
        }

        return vector;
    }
}
