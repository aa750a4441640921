using CsCheck;
using RecoAspire.GpuEmbedding.Collaborative;

namespace RecoAspire.GpuEmbedding.Tests.Collaborative;

public sealed class SymmetricKernelsTests
{
    private static readonly Gen<(int Dimensions, int Rows, float[] Values)> Matrices =
        Gen.Select(Gen.Int[1, 80], Gen.Int[0, 40]).SelectMany((d, n) => Gen.Float[-1f, 1f].Array[d * n].Select(v => (d, n, v)));

    [Fact]
    public void The_gram_matrix_equals_the_naive_one() => Matrices.Sample(m =>
    {
        using var factors = Fill(m.Dimensions, m.Rows, m.Values);
        var gram = RowSolver.Gram(factors);
        for (var i = 0; i < m.Dimensions; i++)
        {
            for (var j = i; j < m.Dimensions; j++)
            {
                var expected = 0.0;
                for (var r = 0; r < m.Rows; r++) expected += (double)m.Values[(r * m.Dimensions) + i] * m.Values[(r * m.Dimensions) + j];
                Assert.Equal(expected, gram[(i * factors.Width) + j], 1e-3);
            }
        }
    });

    [Fact]
    public void A_solved_row_satisfies_its_normal_equations() => Gen.Select(Matrices, Gen.Float[0.1f, 3f], Gen.Float[0.01f, 1f]).Sample((m, regularization, unobserved) =>
    {
        using var factors = Fill(m.Dimensions, m.Rows, m.Values);
        using var solver = new RowSolver(m.Dimensions);
        var columns = Enumerable.Range(0, m.Rows).Where(r => r % 3 != 1).ToArray();
        var weights = columns.Select(c => 0.25f + (c % 4)).ToArray();
        var x = new float[m.Dimensions];

        solver.Solve(factors, RowSolver.Gram(factors), columns, weights, unobserved, regularization, x);

        // (α₀·VᵀV + Σ w·v·vᵀ + r·I)·x = Σ w·v, computed in double precision.
        for (var i = 0; i < m.Dimensions; i++)
        {
            var (left, right) = ((double)regularization * x[i], 0.0);
            for (var r = 0; r < m.Rows; r++)
            {
                var at = Array.IndexOf(columns, r);
                var weight = at < 0 ? 0.0 : weights[at];
                var predicted = 0.0;
                for (var d = 0; d < m.Dimensions; d++) predicted += (double)m.Values[(r * m.Dimensions) + d] * x[d];
                left += (unobserved + weight) * predicted * m.Values[(r * m.Dimensions) + i];
                right += weight * m.Values[(r * m.Dimensions) + i];
            }

            Assert.Equal(right, left, 2e-3 * (1 + Math.Abs(right)));
        }
    });

    [Fact]
    public void Entries_with_weight_zero_or_without_a_column_are_left_out()
    {
        using var factors = Fill(5, 4, [.. Enumerable.Range(1, 20).Select(i => i / 20f)]);
        using var solver = new RowSolver(5);
        var gram = RowSolver.Gram(factors);
        var (with, without) = (new float[5], new float[5]);

        solver.Solve(factors, gram, [0, 2, -1, 3], [1f, 0f, 1f, 2f], 0.3f, 0.1f, with);
        solver.Solve(factors, gram, [0, 3], [1f, 2f], 0.3f, 0.1f, without);

        Assert.Equal(without, with);
    }

    [Fact]
    public unsafe void A_matrix_that_is_not_positive_definite_is_not_factored()
    {
        var matrix = new float[16 * 16];
        for (var i = 0; i < 16; i++) matrix[(i * 16) + i] = i == 7 ? -1f : 1f;
        fixed (float* a = matrix) Assert.False(SymmetricKernels.Factor(a, 16));
        matrix[(7 * 16) + 7] = float.NaN;
        for (var i = 0; i < 16; i++) if (i != 7) matrix[(i * 16) + i] = 1f;
        fixed (float* a = matrix) Assert.False(SymmetricKernels.Factor(a, 16));
    }

    private static Factors Fill(int dimensions, int rows, float[] values)
    {
        var factors = new Factors(rows, dimensions);
        for (var r = 0; r < rows; r++) values.AsSpan(r * dimensions, dimensions).CopyTo(factors.Row(r));
        return factors;
    }
}
