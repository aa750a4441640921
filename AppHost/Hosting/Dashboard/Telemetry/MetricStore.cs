using System.Text;

namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>The last hour of every series of metrics.</summary>
internal sealed class MetricStore(int maxSeries, long maxBytes, TimeProvider time)
{
    private const int MaxExemplars = 20;
    // A new series of a process that has been reporting for longer than this started from nothing.
    private const int SettledSeconds = 3;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Service, string Meter, string Name), Instrument> _instruments = [];
    private readonly Dictionary<(Instrument Instrument, TelemetrySource Source, string Dimensions), Series> _series = [];

    public int SeriesCount => _series.Count;

    /// <summary>Points that were not kept: of kinds that are not charted, or beyond the limits.</summary>
    public long Dropped { get; private set; }

    public long Bytes { get; private set; }

    public long NowSecond => time.GetUtcNow().ToUnixTimeSeconds();

    public void CountDropped(int points)
    {
        lock (_gate) Dropped += points;
    }

    /// <summary>Takes a point.</summary>
    /// <param name="source">Who sends.</param>
    /// <param name="meter">Name of the meter.</param>
    /// <param name="description">Name, unit, description and kind; the first one counts.</param>
    /// <param name="dimensions">In any order.</param>
    /// <param name="bounds">Of a histogram's buckets.</param>
    /// <param name="row">One value, or a histogram's count, sum and counts.</param>
    /// <param name="isDelta">The row is what came since the last one.</param>
    /// <param name="exemplars">Measurements that were made inside a trace.</param>
    public void Add(
        TelemetrySource source, string meter, (string Name, string Unit, string Description, InstrumentKind Kind) description, KeyText[] dimensions, double[] bounds,
        ReadOnlySpan<double> row, bool isDelta, ReadOnlySpan<(double Value, TraceId Trace)> exemplars)
    {
        Array.Sort(dimensions, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        lock (_gate)
        {
            var second = NowSecond;
            if (!_instruments.TryGetValue((source.Service, meter, description.Name), out var instrument))
            {
                instrument = new Instrument(source.Service, meter, description.Name, description.Unit, description.Description, description.Kind);
                _instruments[(source.Service, meter, description.Name)] = instrument;
            }

            var key = (instrument, source, Key(dimensions));
            if (!_series.TryGetValue(key, out var series))
            {
                if ((_series.Count >= maxSeries || Bytes >= maxBytes) && !DropStale(second))
                {
                    Dropped++;
                    return;
                }

                series = new Series(source, dimensions, bounds, second, second > source.FirstSeenSecond + SettledSeconds);
                _series[key] = series;
                instrument.Series.Add(series);
                Bytes += series.Bytes;
            }

            var before = series.Bytes;
            series.Add(second, row, isDelta);
            Bytes += series.Bytes - before;
            foreach (var (value, trace) in exemplars)
            {
                if (series.Exemplars.Any(e => e.Trace == trace)) continue;
                series.Exemplars.Enqueue((second, value, trace));
                if (series.Exemplars.Count > MaxExemplars) series.Exemplars.Dequeue();
            }
        }
    }

    /// <summary>Looks at instruments while nobody writes.</summary>
    public T Read<T>(Func<IEnumerable<Instrument>, T> read)
    {
        lock (_gate) return read(_instruments.Values);
    }

    // Processes that ended make room; what still reports is not thrown out for a newcomer.
    private bool DropStale(long second)
    {
        var stale = _series.Where(s => s.Value.LastSecond < second - 60).Select(s => s.Key).ToList();
        foreach (var key in stale)
        {
            var series = _series[key];
            Bytes -= series.Bytes;
            Dropped++;
            key.Instrument.Series.Remove(series);
            _series.Remove(key);
        }

        return stale.Count > 0;
    }

    private static string Key(KeyText[] dimensions)
    {
        if (dimensions.Length == 0) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in dimensions) text.Append(key).Append('\u0001').Append(value).Append('\u0002');
        return text.ToString();
    }
}
