using RecoAspire.GpuEmbedding.Collaborative;

namespace RecoAspire.GpuEmbedding.Backends;

/// <summary>All cores, SIMD.</summary>
/// <param name="threads">1 or more; null = one per core.</param>
public sealed class CpuBackend(int? threads = null) : IEmbeddingBackend
{
    // Small enough that viewers with long histories do not leave a core idle at the end.
    private const int RowsPerTask = 16;

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <inheritdoc/>
    public void SolveRows(Interactions interactions, Factors source, Factors target, AlsOptions options, CancellationToken cancellationToken)
    {
        var gram = RowSolver.Gram(source);
        var tasks = (interactions.RowCount + RowsPerTask - 1) / RowsPerTask;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(
            0,
            tasks,
            parallel,
            () => new RowSolver(options.Dimensions),
            (task, _, solver) =>
            {
                for (var row = task * RowsPerTask; row < Math.Min(interactions.RowCount, (task + 1) * RowsPerTask); row++)
                {
                    var columns = interactions.Columns(row);
                    var regularization = options.Regularization * (columns.Length + (options.UnobservedWeight * source.Rows));
                    solver.Solve(source, gram, columns, interactions.Weights(row), options.UnobservedWeight, regularization, target.Row(row));
                }

                return solver;
            },
            solver => solver.Dispose());
    }
}
