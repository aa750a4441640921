using System.Runtime.InteropServices;

namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>
/// Solves one row of alternating least squares (Hu, Koren, Volinsky 2008, in the form of Rendle et al. 2022):
/// (α₀·G + Σ w·v·vᵀ + λ·(n + α₀·N)·I)·x = Σ w·v, where G = VᵀV over all N rows of the other side and the sums go over the n
/// entries of this row. Holds the scratch memory of one thread.
/// </summary>
public sealed unsafe class RowSolver : IDisposable
{
    // 256 rows x 192 floats = 192 KiB: the gathered rows stay in the second-level cache while all tiles pass over them.
    private const int GatheredRows = 256;
    private readonly int _width;
    private readonly float* _matrix;
    private readonly float* _rows;
    private readonly float[] _vector;
    private bool _disposed;

    public RowSolver(int dimensions)
    {
        _width = SymmetricKernels.Padded(dimensions);
        _matrix = Allocate(_width * _width);
        _rows = Allocate(GatheredRows * _width);
        _vector = new float[_width];
    }

    ~RowSolver() => Free();

    /// <summary>
    /// Writes the solution to <paramref name="target"/>. <paramref name="gram"/> is G, <paramref name="regularization"/> the whole
    /// factor λ·(n + α₀·N). Entries whose weight is 0 or whose column is negative are left out.
    /// </summary>
    /// <exception cref="ArithmeticException">The system is not positive definite, which only values that are not finite can cause.</exception>
    public void Solve(
        Factors other, ReadOnlySpan<float> gram, ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, float unobservedWeight, float regularization, Span<float> target)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var matrix = new Span<float>(_matrix, _width * _width);
        System.Numerics.Tensors.TensorPrimitives.Multiply(gram, unobservedWeight, matrix);
        for (var d = 0; d < _width; d++) matrix[(d * _width) + d] += d < other.Dimensions ? regularization : 1f;

        Array.Clear(_vector);
        var gathered = 0;
        for (var e = 0; e < columns.Length; e++)
        {
            var weight = weights[e];
            if (weight <= 0 || columns[e] < 0) continue;
            var source = new ReadOnlySpan<float>(other.Data + ((nint)columns[e] * _width), _width);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(source, weight, _vector, _vector);
            var row = new Span<float>(_rows + (gathered * _width), _width);
            if (weight == 1f) source.CopyTo(row);
            else System.Numerics.Tensors.TensorPrimitives.Multiply(source, MathF.Sqrt(weight), row);
            if (++gathered < GatheredRows) continue;
            SymmetricKernels.AddGram(_rows, gathered, _width, _matrix);
            gathered = 0;
        }

        if (gathered > 0) SymmetricKernels.AddGram(_rows, gathered, _width, _matrix);
        if (!SymmetricKernels.Factor(_matrix, _width)) throw new ArithmeticException("the normal equations are not positive definite");
        SymmetricKernels.Solve(_matrix, _width, _vector);
        _vector.AsSpan(0, target.Length).CopyTo(target);
    }

    /// <summary>G = VᵀV over all rows, as a full matrix of <see cref="Factors.Width"/> squared of which the upper tiles are filled.</summary>
    public static float[] Gram(Factors factors)
    {
        var gram = new float[factors.Width * factors.Width];
        fixed (float* target = gram)
        {
            for (var row = 0; row < factors.Rows; row += 1_024)
                SymmetricKernels.AddGram(factors.Data + ((nint)row * factors.Width), Math.Min(1_024, factors.Rows - row), factors.Width, target);
        }

        return gram;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_matrix);
        NativeMemory.AlignedFree(_rows);
    }

    private static float* Allocate(int floats)
    {
        var bytes = (nuint)floats * sizeof(float);
        var memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return (float*)memory;
    }
}
