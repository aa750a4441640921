using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RecoAspire.VectorSearch.Spaces;

/// <summary>Reads vectors as they travel: packed little-endian float32.</summary>
internal static class VectorReader
{
    /// <summary>Reads a vector. Null, or what is wrong with it.</summary>
    public static string? TryRead(ReadOnlySpan<byte> bytes, out float[] vector)
    {
        vector = [];
        if (bytes.Length == 0 || bytes.Length % sizeof(float) != 0) return "is not a whole number of float32";
        if (bytes.Length / sizeof(float) > SpaceLimits.MaxDimensions) return $"has more than {SpaceLimits.MaxDimensions} dimensions";
        vector = new float[bytes.Length / sizeof(float)];
        Copy(bytes, vector);
        if (Norm(vector) is var norm && (!double.IsFinite(norm) || norm > SpaceLimits.MaxNorm))
            return $"is not finite or longer than {SpaceLimits.MaxNorm:0e0}";
        return null;
    }

    public static void Copy(ReadOnlySpan<byte> bytes, Span<float> vector)
    {
        if (BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(vector));
            return;
        }

        for (var i = 0; i < vector.Length; i++) vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
    }

    public static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return bytes;
    }

    /// <summary>
    /// Gives the vector unit length; the zero vector, which has no direction, stays zero. A vector that already has unit
    /// length within rounding is left alone, so that stored vectors never drift.
    /// </summary>
    public static void Normalise(Span<float> vector)
    {
        var norm = Norm(vector);
        if (norm == 0 || Math.Abs(norm - 1) < 1e-7) return;
        for (var i = 0; i < vector.Length; i++) vector[i] = (float)(vector[i] / norm);
    }

    public static bool IsZero(ReadOnlySpan<float> vector) => !vector.ContainsAnyExcept(0f);

    // In double: the square of a float beyond 1.8e19 is no float.
    private static double Norm(ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var x in vector) sum += (double)x * x;
        return Math.Sqrt(sum);
    }
}
