using System.Runtime.InteropServices;

namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>
/// One vector per row, in native memory: rows are padded with zeros to a whole number of tiles and aligned to 64 bytes, and the
/// garbage collector never moves or scans them.
/// </summary>
public sealed unsafe class Factors : IDisposable
{
    private float* _data;

    public Factors(int rows, int dimensions)
    {
        Rows = rows;
        Dimensions = dimensions;
        Width = SymmetricKernels.Padded(dimensions);
        var bytes = (nuint)Math.Max(1, rows) * (nuint)Width * sizeof(float);
        _data = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_data, bytes);
    }

    ~Factors() => Free();

    public int Rows { get; }

    public int Dimensions { get; }

    /// <summary>Floats from row to row.</summary>
    public int Width { get; }

    internal float* Data => _data;

    /// <summary>The vector of a row.</summary>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return new Span<float>(_data + ((nint)row * Width), Dimensions);
    }

    /// <summary>Normally distributed start values, the same for the same seed.</summary>
    public void Randomize(float deviation, ulong seed)
    {
        var state = seed;
        for (var row = 0; row < Rows; row++)
        {
            var values = Row(row);
            for (var d = 0; d < values.Length; d += 2)
            {
                // Box and Muller (1958): two uniform numbers make two normal ones.
                var radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform(ref state)));
                var angle = 2 * Math.PI * NextUniform(ref state);
                values[d] = (float)(deviation * radius * Math.Cos(angle));
                if (d + 1 < values.Length) values[d + 1] = (float)(deviation * radius * Math.Sin(angle));
            }
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }

    // SplitMix64 (Steele, Lea, Flood 2014).
    private static double NextUniform(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
