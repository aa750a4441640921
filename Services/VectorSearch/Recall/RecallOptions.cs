namespace RecoAspire.VectorSearch.Recall;

/// <summary>Configuration section <c>Recall</c>.</summary>
public sealed class RecallOptions
{
    /// <summary>Sample queries and answer them again.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Multiplications a minute, for all spaces together, at least 1: about a quarter of a second of one core. A space whose vectors
    /// alone have more numbers than this is never sampled.
    /// </summary>
    public long MaxProducts { get; set; } = 1L << 28;

    /// <exception cref="InvalidOperationException">A value is out of its range.</exception>
    public void Validate()
    {
        if (MaxProducts < 1) throw new InvalidOperationException($"Recall:MaxProducts {MaxProducts} must be at least 1.");
    }
}
