using RecoAspire.GpuEmbedding.Collaborative;

namespace RecoAspire.GpuEmbedding.Backends;

/// <summary>Where the heavy arithmetic runs: on the processor, or on a graphics card.</summary>
public interface IEmbeddingBackend
{
    /// <summary>For logs and metrics: "cpu", "cuda".</summary>
    string Name { get; }

    /// <summary>
    /// One half-step of alternating least squares: solves every row of <paramref name="target"/> given
    /// <paramref name="source"/>, whose rows are the columns of <paramref name="interactions"/>.
    /// </summary>
    void SolveRows(Interactions interactions, Factors source, Factors target, AlsOptions options, CancellationToken cancellationToken);
}
