namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>
/// Hyper-parameters, configuration section <c>Collaborative</c>. The defaults are those of Rendle, Krichene, Zhang and Koren,
/// "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (2022), for MovieLens 1M.
/// </summary>
public sealed class AlsOptions
{
    /// <summary>Length of the vectors, 8-512.</summary>
    public int Dimensions { get; set; } = 192;

    /// <summary>Passes over the data, 1-100.</summary>
    public int Epochs { get; set; } = 12;

    /// <summary>λ, the strength of regularisation, > 0.</summary>
    public float Regularization { get; set; } = 0.007f;

    /// <summary>α₀, the weight of everything that was not watched, > 0.</summary>
    public float UnobservedWeight { get; set; } = 0.3f;

    /// <summary>Standard deviation of the start values is this divided by √dimensions.</summary>
    public float InitialDeviation { get; set; } = 0.1f;

    /// <summary>Seed of the start values: the same data and seed give the same model.</summary>
    public ulong Seed { get; set; } = 1;

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Dimensions is < 8 or > 512) throw new ArgumentException("dimensions must be from 8 to 512");
        if (Epochs is < 1 or > 100) throw new ArgumentException("epochs must be from 1 to 100");
        if (!(Regularization > 0) || !(UnobservedWeight > 0)) throw new ArgumentException("regularization and unobserved weight must be positive");
    }
}
