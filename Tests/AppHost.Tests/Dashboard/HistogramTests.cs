using CsCheck;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>Percentiles out of buckets against the measurements themselves.</summary>
public sealed class HistogramTests
{
    private static readonly Gen<(double[] Bounds, double[] Values, double Fraction)> Any = Gen.Select(
        Gen.Double[0.01, 10].Array[1, 12], Gen.Double[0, 12].Array[1, 60], Gen.Double[0, 1],
        (steps, values, fraction) => (Rising(steps), values, fraction));

    [Fact]
    public void A_percentile_lies_in_the_bucket_of_the_exact_one() => Any.Sample(one =>
    {
        var (bounds, values, fraction) = one;
        var row = Row(bounds, values);
        var sorted = values.Order().ToArray();
        // The measurement with that rank: the smallest one below which at least this share lies.
        var exact = sorted[Math.Max(0, (int)Math.Ceiling((fraction * values.Length) - 1e-9) - 1)];
        var bucket = Bucket(bounds, exact);
        var found = Histograms.Percentile(row, bounds, fraction)!.Value;
        var (lower, upper) = (bucket == 0 ? 0 : bounds[bucket - 1], bucket < bounds.Length ? bounds[bucket] : bounds[^1]);
        Assert.InRange(found, Math.Min(lower, upper) - 1e-9, upper + 1e-9);
    });

    [Fact]
    public void A_higher_fraction_is_never_a_lower_value() => Any.Sample(one =>
    {
        var row = Row(one.Bounds, one.Values);
        var found = Enumerable.Range(0, 101).Select(i => Histograms.Percentile(row, one.Bounds, i / 100.0)!.Value).ToList();
        Assert.Equal(found.Order(), found);
    });

    [Fact]
    public void Nothing_measured_has_no_percentile() => Assert.Null(Histograms.Percentile([0, 0, 0, 0, 0], [1, 2], 0.5));

    [Fact]
    public void Inside_a_bucket_it_is_interpolated()
    {
        Assert.Equal(1.5, Histograms.Percentile([4, 0, 0, 4, 0], [1, 2], 0.5));
        Assert.Equal(0.5, Histograms.Percentile([4, 0, 4, 0, 0], [1, 2], 0.5));
        Assert.Equal(2, Histograms.Percentile([4, 0, 0, 0, 4], [1, 2], 0.5));
    }

    private static double[] Rising(double[] steps)
    {
        var sum = 0.0;
        return [.. steps.Select(s => sum += s)];
    }

    private static double[] Row(double[] bounds, double[] values)
    {
        var row = new double[bounds.Length + 3];
        foreach (var value in values) row[Bucket(bounds, value) + 2]++;
        (row[0], row[1]) = (values.Length, values.Sum());
        return row;
    }

    // Upper bounds belong to their bucket.
    private static int Bucket(double[] bounds, double value) => bounds.TakeWhile(b => value > b).Count();
}
