using RecoAspire.GpuEmbedding.Backends;

namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>Where training stands after an epoch.</summary>
/// <param name="Epoch">1-based.</param>
/// <param name="Loss">Mean of (1 - u·v)² over the observed entries.</param>
public readonly record struct EpochResult(int Epoch, double Loss);

/// <summary>
/// Implicit alternating least squares: viewers and items in turn, each row solved exactly given the other side. Rows are
/// independent, so the result does not depend on the number of threads.
/// </summary>
public sealed class AlsTrainer(IEmbeddingBackend backend, AlsOptions options)
{
    /// <summary>Trains and returns the vectors of both sides; the caller owns them.</summary>
    /// <param name="byViewer">Rows = viewers, columns = items.</param>
    /// <param name="onEpoch">Called after every epoch.</param>
    /// <param name="cancellationToken">Ends training between two half-steps.</param>
    public (Factors Viewers, Factors Items) Train(Interactions byViewer, Action<EpochResult>? onEpoch, CancellationToken cancellationToken)
    {
        options.Validate();
        var byItem = byViewer.Transpose();
        var viewers = new Factors(byViewer.RowCount, options.Dimensions);
        var items = new Factors(byViewer.ColumnCount, options.Dimensions);
        try
        {
            items.Randomize(options.InitialDeviation / MathF.Sqrt(options.Dimensions), options.Seed);
            for (var epoch = 1; epoch <= options.Epochs; epoch++)
            {
                backend.SolveRows(byViewer, items, viewers, options, cancellationToken);
                backend.SolveRows(byItem, viewers, items, options, cancellationToken);
                onEpoch?.Invoke(new EpochResult(epoch, Loss(byViewer, viewers, items)));
            }

            return (viewers, items);
        }
        catch
        {
            viewers.Dispose();
            items.Dispose();
            throw;
        }
    }

    private static double Loss(Interactions byViewer, Factors viewers, Factors items)
    {
        var sum = 0.0;
        for (var viewer = 0; viewer < byViewer.RowCount; viewer++)
        {
            var vector = viewers.Row(viewer);
            foreach (var item in byViewer.Columns(viewer))
            {
                var error = 1 - System.Numerics.Tensors.TensorPrimitives.Dot(vector, items.Row(item));
                sum += error * error;
            }
        }

        return byViewer.Count == 0 ? 0 : sum / byViewer.Count;
    }
}
