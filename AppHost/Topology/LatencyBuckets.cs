namespace RecoAspire.Topology;

/// <summary>
/// Bucket boundaries of the services' latency histograms. A promise between two of them could not be measured. The services have the same
/// list (<c>MetricNames.LatencyBucketsSeconds</c>); a test compares both.
/// </summary>
public static class LatencyBuckets
{
    /// <summary>Upper bounds in seconds, rising.</summary>
    public static IReadOnlyList<double> Seconds { get; } = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5];
}
