namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>Percentiles out of counts per bucket.</summary>
internal static class Histograms
{
    /// <summary>
    /// Value below which a fraction of the measurements lies, interpolated inside its bucket, as Prometheus' <c>histogram_quantile</c>
    /// does; what lies above the last bound counts as that bound. Null where nothing was measured.
    /// </summary>
    /// <param name="row">Count, sum, then a count per bucket.</param>
    /// <param name="bounds">Upper bounds of all buckets but the last.</param>
    /// <param name="fraction">0-1.</param>
    public static double? Percentile(ReadOnlySpan<double> row, ReadOnlySpan<double> bounds, double fraction)
    {
        var buckets = row[2..];
        var total = 0.0;
        foreach (var count in buckets) total += count;
        if (total <= 0) return null;
        var rank = fraction * total;
        var below = 0.0;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (below + buckets[i] < rank || buckets[i] <= 0)
            {
                below += buckets[i];
                continue;
            }

            if (i >= bounds.Length) return bounds[^1];
            var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
            return lower + ((bounds[i] - lower) * ((rank - below) / buckets[i]));
        }

        return bounds[^1];
    }
}
