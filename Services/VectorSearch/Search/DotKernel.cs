using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RecoAspire.VectorSearch.Search;

/// <summary>
/// Dot products of one query with chosen rows of a block. Nothing in here calls anything that is not inlined: a call would
/// spill the vector registers in every iteration, which costs more than the arithmetic.
/// </summary>
internal static class DotKernel
{
    /// <param name="rows">First float of the block.</param>
    /// <param name="stride">Floats per row, a multiple of 16.</param>
    /// <param name="chosen">Rows of the block to score.</param>
    /// <param name="query">The query, padded with zeros to the stride.</param>
    /// <param name="scores">One per chosen row.</param>
    public static void Score(ref float rows, int stride, ReadOnlySpan<int> chosen, ReadOnlySpan<float> query, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, chosen.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Length, stride);
        if (Vector512.IsHardwareAccelerated) Score512(ref rows, stride, chosen, query, scores);
        else Score256(ref rows, stride, chosen, query, scores);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Score512(ref float rows, int stride, ReadOnlySpan<int> chosen, ReadOnlySpan<float> query, Span<float> scores)
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        for (var i = 0; i < chosen.Length; i++)
        {
            ref var row = ref Unsafe.Add(ref rows, (nint)chosen[i] * stride);
            // Four accumulators hide the latency of the fused multiply-add.
            var a = Vector512<float>.Zero;
            var b = Vector512<float>.Zero;
            var c = Vector512<float>.Zero;
            var d = Vector512<float>.Zero;
            nuint j = 0;
            for (; j + 64 <= (nuint)stride; j += 64)
            {
                a = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref row, j), Vector512.LoadUnsafe(ref q, j), a);
                b = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref row, j + 16), Vector512.LoadUnsafe(ref q, j + 16), b);
                c = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref row, j + 32), Vector512.LoadUnsafe(ref q, j + 32), c);
                d = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref row, j + 48), Vector512.LoadUnsafe(ref q, j + 48), d);
            }

            for (; j < (nuint)stride; j += 16)
                a = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref row, j), Vector512.LoadUnsafe(ref q, j), a);
            scores[i] = Vector512.Sum(a + b + (c + d));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Score256(ref float rows, int stride, ReadOnlySpan<int> chosen, ReadOnlySpan<float> query, Span<float> scores)
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        for (var i = 0; i < chosen.Length; i++)
        {
            ref var row = ref Unsafe.Add(ref rows, (nint)chosen[i] * stride);
            var a = Vector256<float>.Zero;
            var b = Vector256<float>.Zero;
            for (nuint j = 0; j < (nuint)stride; j += 16)
            {
                a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref row, j), Vector256.LoadUnsafe(ref q, j), a);
                b = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref row, j + 8), Vector256.LoadUnsafe(ref q, j + 8), b);
            }

            scores[i] = Vector256.Sum(a + b);
        }
    }
}
