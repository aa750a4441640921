using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>
/// The two inner loops of alternating least squares, on row-major matrices whose width is a multiple of <see cref="Tile"/>:
/// symmetric rank-k update and Cholesky factorisation. Only the upper triangle (by tiles) is read and written.
/// </summary>
/// <remarks>
/// A 16 x 16 tile is held in 16 vector registers of 512 bits; each row of the operand costs one load and 16 multiply-adds with a
/// broadcast operand. The tile methods call nothing: a call would spill every register. Machines without 512-bit vectors take
/// the portable path.
/// </remarks>
internal static unsafe class SymmetricKernels
{
    /// <summary>Edge of a tile, in floats.</summary>
    public const int Tile = 16;

    /// <summary>Smallest multiple of <see cref="Tile"/> that holds <paramref name="dimensions"/>.</summary>
    public static int Padded(int dimensions) => (dimensions + Tile - 1) / Tile * Tile;

    /// <summary>A += XᵀX for <paramref name="rows"/> rows of X, both <paramref name="width"/> wide.</summary>
    public static void AddGram(float* x, int rows, int width, float* a)
    {
        for (var i = 0; i < width; i += Tile)
        {
            for (var j = i; j < width; j += Tile) UpdateTile(x + i, x + j, rows, width, a + (i * width) + j);
        }
    }

    /// <summary>
    /// Replaces the upper triangle of a symmetric positive definite A by U with A = UᵀU. Returns false when A is not
    /// (numerically) positive definite.
    /// </summary>
    public static bool Factor(float* a, int width)
    {
        for (var k = 0; k < width; k += Tile)
        {
            // What the rows above contribute: the same update as above, with the opposite sign.
            for (var j = k; j < width; j += Tile) DowndateTile(a + k, a + j, k, width, a + (k * width) + j);
            if (!FactorDiagonal(a + (k * width) + k, width)) return false;
            for (var j = k + Tile; j < width; j += Tile) SolveTile(a + (k * width) + k, a + (k * width) + j, width);
        }

        return true;
    }

    /// <summary>Solves UᵀU·x = b in place of b.</summary>
    public static void Solve(float* u, int width, Span<float> b)
    {
        for (var i = 0; i < width; i++)
        {
            var row = new ReadOnlySpan<float>(u + (i * width), width);
            b[i] /= row[i];
            Subtract(b[(i + 1)..], row[(i + 1)..], b[i]);
        }

        for (var i = width - 1; i >= 0; i--)
        {
            var row = new ReadOnlySpan<float>(u + (i * width), width);
            b[i] = (b[i] - System.Numerics.Tensors.TensorPrimitives.Dot(row[(i + 1)..], b[(i + 1)..])) / row[i];
        }
    }

    private static void Subtract(Span<float> target, ReadOnlySpan<float> row, float factor) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(row, -factor, target, target);

    private static void UpdateTile(float* xi, float* xj, int rows, int stride, float* tile)
    {
        if (Vector512.IsHardwareAccelerated) UpdateTile512(xi, xj, rows, stride, tile);
        else UpdateTilePortable(xi, xj, rows, stride, tile, 1f);
    }

    private static void DowndateTile(float* xi, float* xj, int rows, int stride, float* tile)
    {
        if (Vector512.IsHardwareAccelerated) DowndateTile512(xi, xj, rows, stride, tile);
        else UpdateTilePortable(xi, xj, rows, stride, tile, -1f);
    }

    private static void UpdateTilePortable(float* xi, float* xj, int rows, int stride, float* tile, float sign)
    {
        for (var k = 0; k < rows; k++, xi += stride, xj += stride)
        {
            var right = new ReadOnlySpan<float>(xj, Tile);
            for (var r = 0; r < Tile; r++)
            {
                var target = new Span<float>(tile + (r * stride), Tile);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(right, sign * xi[r], target, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void UpdateTile512(float* xi, float* xj, int rows, int stride, float* tile)
    {
        var c0 = Vector512.Load(tile + (0 * stride));
        var c1 = Vector512.Load(tile + (1 * stride));
        var c2 = Vector512.Load(tile + (2 * stride));
        var c3 = Vector512.Load(tile + (3 * stride));
        var c4 = Vector512.Load(tile + (4 * stride));
        var c5 = Vector512.Load(tile + (5 * stride));
        var c6 = Vector512.Load(tile + (6 * stride));
        var c7 = Vector512.Load(tile + (7 * stride));
        var c8 = Vector512.Load(tile + (8 * stride));
        var c9 = Vector512.Load(tile + (9 * stride));
        var c10 = Vector512.Load(tile + (10 * stride));
        var c11 = Vector512.Load(tile + (11 * stride));
        var c12 = Vector512.Load(tile + (12 * stride));
        var c13 = Vector512.Load(tile + (13 * stride));
        var c14 = Vector512.Load(tile + (14 * stride));
        var c15 = Vector512.Load(tile + (15 * stride));
        for (var k = 0; k < rows; k++, xi += stride, xj += stride)
        {
            var v = Vector512.Load(xj);
            c0 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[0]), v, c0);
            c1 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[1]), v, c1);
            c2 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[2]), v, c2);
            c3 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[3]), v, c3);
            c4 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[4]), v, c4);
            c5 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[5]), v, c5);
            c6 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[6]), v, c6);
            c7 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[7]), v, c7);
            c8 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[8]), v, c8);
            c9 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[9]), v, c9);
            c10 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[10]), v, c10);
            c11 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[11]), v, c11);
            c12 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[12]), v, c12);
            c13 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[13]), v, c13);
            c14 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[14]), v, c14);
            c15 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[15]), v, c15);
        }

        c0.Store(tile + (0 * stride));
        c1.Store(tile + (1 * stride));
        c2.Store(tile + (2 * stride));
        c3.Store(tile + (3 * stride));
        c4.Store(tile + (4 * stride));
        c5.Store(tile + (5 * stride));
        c6.Store(tile + (6 * stride));
        c7.Store(tile + (7 * stride));
        c8.Store(tile + (8 * stride));
        c9.Store(tile + (9 * stride));
        c10.Store(tile + (10 * stride));
        c11.Store(tile + (11 * stride));
        c12.Store(tile + (12 * stride));
        c13.Store(tile + (13 * stride));
        c14.Store(tile + (14 * stride));
        c15.Store(tile + (15 * stride));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void DowndateTile512(float* xi, float* xj, int rows, int stride, float* tile)
    {
        var c0 = Vector512.Load(tile + (0 * stride));
        var c1 = Vector512.Load(tile + (1 * stride));
        var c2 = Vector512.Load(tile + (2 * stride));
        var c3 = Vector512.Load(tile + (3 * stride));
        var c4 = Vector512.Load(tile + (4 * stride));
        var c5 = Vector512.Load(tile + (5 * stride));
        var c6 = Vector512.Load(tile + (6 * stride));
        var c7 = Vector512.Load(tile + (7 * stride));
        var c8 = Vector512.Load(tile + (8 * stride));
        var c9 = Vector512.Load(tile + (9 * stride));
        var c10 = Vector512.Load(tile + (10 * stride));
        var c11 = Vector512.Load(tile + (11 * stride));
        var c12 = Vector512.Load(tile + (12 * stride));
        var c13 = Vector512.Load(tile + (13 * stride));
        var c14 = Vector512.Load(tile + (14 * stride));
        var c15 = Vector512.Load(tile + (15 * stride));
        for (var k = 0; k < rows; k++, xi += stride, xj += stride)
        {
            var v = -Vector512.Load(xj);
            c0 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[0]), v, c0);
            c1 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[1]), v, c1);
            c2 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[2]), v, c2);
            c3 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[3]), v, c3);
            c4 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[4]), v, c4);
            c5 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[5]), v, c5);
            c6 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[6]), v, c6);
            c7 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[7]), v, c7);
            c8 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[8]), v, c8);
            c9 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[9]), v, c9);
            c10 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[10]), v, c10);
            c11 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[11]), v, c11);
            c12 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[12]), v, c12);
            c13 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[13]), v, c13);
            c14 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[14]), v, c14);
            c15 = Vector512.FusedMultiplyAdd(Vector512.Create(xi[15]), v, c15);
        }

        c0.Store(tile + (0 * stride));
        c1.Store(tile + (1 * stride));
        c2.Store(tile + (2 * stride));
        c3.Store(tile + (3 * stride));
        c4.Store(tile + (4 * stride));
        c5.Store(tile + (5 * stride));
        c6.Store(tile + (6 * stride));
        c7.Store(tile + (7 * stride));
        c8.Store(tile + (8 * stride));
        c9.Store(tile + (9 * stride));
        c10.Store(tile + (10 * stride));
        c11.Store(tile + (11 * stride));
        c12.Store(tile + (12 * stride));
        c13.Store(tile + (13 * stride));
        c14.Store(tile + (14 * stride));
        c15.Store(tile + (15 * stride));
    }

    private static bool FactorDiagonal(float* a, int stride)
    {
        for (var i = 0; i < Tile; i++)
        {
            var pivot = a[(i * stride) + i];
            for (var p = 0; p < i; p++) pivot -= a[(p * stride) + i] * a[(p * stride) + i];
            if (!(pivot > 0) || !float.IsFinite(pivot)) return false;
            pivot = MathF.Sqrt(pivot);
            a[(i * stride) + i] = pivot;
            for (var j = i + 1; j < Tile; j++)
            {
                var sum = a[(i * stride) + j];
                for (var p = 0; p < i; p++) sum -= a[(p * stride) + i] * a[(p * stride) + j];
                a[(i * stride) + j] = sum / pivot;
            }
        }

        return true;
    }

    // Rows of the tile one after the other: each needs those above it, all columns at once.
    private static void SolveTile(float* diagonal, float* tile, int stride)
    {
        for (var i = 0; i < Tile; i++)
        {
            var row = new Span<float>(tile + (i * stride), Tile);
            for (var p = 0; p < i; p++)
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(tile + (p * stride), Tile), -diagonal[(p * stride) + i], row, row);
            System.Numerics.Tensors.TensorPrimitives.Divide(row, diagonal[(i * stride) + i], row);
        }
    }
}
