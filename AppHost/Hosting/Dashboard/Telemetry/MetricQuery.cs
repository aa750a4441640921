namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>Draws an instrument: one line per set of dimensions, percentiles over all of them.</summary>
internal sealed class MetricQuery(MetricStore store)
{
    private const int MaxLines = 20;
    // Reports come about once a second, not exactly: growth is taken over a few of them.
    private const int RateWindowSeconds = 5;
    private const int PercentileWindowSeconds = 10;

    /// <param name="service">Whose.</param>
    /// <param name="meter">Meter.</param>
    /// <param name="name">Instrument.</param>
    /// <param name="minutes">How far back, 1-60.</param>
    /// <param name="filters">Dimensions that must have these values.</param>
    /// <returns>Null where there is no such instrument.</returns>
    public Chart? Draw(string service, string meter, string name, int minutes, IReadOnlyList<KeyText> filters) => store.Read(instruments =>
    {
        if (instruments.FirstOrDefault(i => i.Service == service && i.Meter == meter && i.Name == name) is not { } instrument) return null;
        var step = minutes <= 5 ? 1 : minutes <= 10 ? 2 : 15;
        var now = store.NowSecond - 1;
        var seconds = Enumerable.Range(0, minutes * 60 / step).Select(i => now - ((((minutes * 60) / step) - 1 - i) * (long)step)).ToList();
        var from = seconds[0];
        var series = instrument.Series.Where(s => s.LastSecond >= from && filters.All(f => s.Dimension(f.Key) == f.Value)).ToList();

        // Two processes' gauges cannot be added up; counts can.
        var perProcess = instrument.Kind == InstrumentKind.Gauge && series.Select(s => s.Source).Distinct().Count() > 1;
        var lines = series.GroupBy(s => string.Join('\u0001', s.Dimensions) + (perProcess ? s.Source.Instance : ""))
            .Select(g => new ChartLine(
                [.. g.First().Dimensions, .. perProcess ? (KeyText[])[new("service.instance.id", g.First().Source.Instance)] : []],
                [.. seconds.Select(t => instrument.Kind == InstrumentKind.Gauge ? Last(g, t) : Rate(g, t, Math.Max(step, RateWindowSeconds)))]))
            .OrderByDescending(l => l.Values.Max() ?? 0).ToList();
        var percentiles = instrument.Kind != InstrumentKind.Histogram || series.Count == 0
            ? null
            : ((double[])[0.5, 0.9, 0.99]).Select(f => seconds.Select(t => Percentile(series, f, t, Math.Max(step, PercentileWindowSeconds))).ToList()).ToList();
        var exemplars = series.SelectMany(s => s.Exemplars).Where(e => e.Second >= from).OrderBy(e => e.Second).TakeLast(50).ToList();
        return new Chart(instrument, step, seconds, lines.Take(MaxLines).ToList(), percentiles, exemplars, Math.Max(0, lines.Count - MaxLines));
    });

    /// <summary>Growth per second up to a moment; null where nothing is known.</summary>
    public static double? Rate(IEnumerable<Series> series, long second, int windowSeconds)
    {
        Span<double> growth = stackalloc double[1];
        var known = false;
        foreach (var one in series) known |= one.AddGrowth(second - windowSeconds, second, growth);
        return known ? Finite(Math.Max(0, growth[0]) / windowSeconds) : null;
    }

    /// <summary>Percentile of what was measured in the window before a moment; null where nothing was.</summary>
    public static double? Percentile(IReadOnlyList<Series> series, double fraction, long second, int windowSeconds)
    {
        var bounds = series.Select(s => s.Bounds).FirstOrDefault(b => b.Length > 0);
        if (bounds is null) return null;
        var growth = new double[bounds.Length + 3];
        // Series with other buckets cannot be added up with these.
        foreach (var one in series.Where(s => s.Bounds.AsSpan().SequenceEqual(bounds))) one.AddGrowth(second - windowSeconds, second, growth);
        return Finite(Histograms.Percentile(growth, bounds, fraction));
    }

    /// <summary>Sum of the last values; null where nothing reports.</summary>
    public static double? Last(IEnumerable<Series> series, long second)
    {
        double? sum = null;
        foreach (var one in series)
        {
            if (one.At(second) is { IsEmpty: false } row) sum = (sum ?? 0) + row[0];
        }

        return Finite(sum);
    }

    // JSON has no other numbers.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? value : null;
}

/// <summary>A drawn instrument.</summary>
/// <param name="Instrument">What is drawn.</param>
/// <param name="StepSeconds">Distance of the points.</param>
/// <param name="Seconds">The moments.</param>
/// <param name="Lines">The largest 20.</param>
/// <param name="Percentiles">p50, p90 and p99 of a histogram.</param>
/// <param name="Exemplars">Measurements with a trace.</param>
/// <param name="Omitted">Lines beyond those.</param>
internal sealed record Chart(
    Instrument Instrument, int StepSeconds, List<long> Seconds, List<ChartLine> Lines, List<List<double?>>? Percentiles, List<(long Second, double Value, TraceId Trace)> Exemplars, int Omitted);

/// <summary>One line of a chart.</summary>
internal sealed record ChartLine(KeyText[] Dimensions, List<double?> Values);
