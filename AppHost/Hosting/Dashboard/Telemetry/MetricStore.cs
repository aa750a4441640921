using System.Text;

namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>The last hour of every series of metrics.</summary>
internal sealed class MetricStore(int maxSeries, long maxBytes, TimeProvider time)
{
    private const int MaxExemplars = 20;
    // A new series of a process that has been reporting for longer than this started from nothing.
    private const int SettledSeconds = 3;
    private const int StaleSeconds = 60;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Service, string Meter, string Name), Instrument> _instruments = [];
    private readonly Dictionary<(Instrument Instrument, TelemetrySource Source, string Dimensions), Series> _series = [];
    private long _lastSweep;

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
            if (Find(source, meter, description, dimensions, bounds, isDelta, second) is not { } series || !series.Takes(row, bounds))
            {
                Dropped++;
                return;
            }

            var before = series.Bytes;
            series.Add(second, row, isDelta, maxBytes - Bytes);
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

    // Null = there is no room for another one.
    private Series? Find(
        TelemetrySource source, string meter, (string Name, string Unit, string Description, InstrumentKind Kind) description, KeyText[] dimensions, double[] bounds, bool isDelta, long second)
    {
        var name = (source.Service, meter, description.Name);
        var instrument = _instruments.GetValueOrDefault(name) ?? new Instrument(source.Service, meter, description.Name, description.Unit, description.Description, description.Kind);
        var key = (instrument, source, Key(dimensions));
        if (_series.TryGetValue(key, out var known)) return known;

        // What was counted since the last report is growth; a total is that only where the process is known to have started without it.
        var appearedLater = isDelta || second > source.FirstSeenSecond + SettledSeconds;
        var series = new Series(source, instrument.Kind, dimensions, bounds, second, appearedLater);
        if (!HasRoom(series, instrument) && !(DropStale(second) && HasRoom(series, instrument))) return null;
        if (_instruments.TryAdd(name, instrument)) Bytes += instrument.Bytes;
        instrument.Series.Add(series);
        Bytes += series.Bytes;
        return _series[key] = series;
    }

    private bool HasRoom(Series series, Instrument instrument) => _series.Count < maxSeries && Bytes + series.Bytes + (instrument.Series.Count == 0 ? instrument.Bytes : 0) <= maxBytes;

    // Processes that ended make room; what still reports is not thrown out for a newcomer. Looked for once a second only: a flood of
    // new series would look at all of them for every point.
    private bool DropStale(long second)
    {
        if (_lastSweep == second) return false;
        _lastSweep = second;
        var stale = _series.Where(s => s.Value.LastSecond < second - StaleSeconds).ToList();
        foreach (var (key, series) in stale)
        {
            Bytes -= series.Bytes;
            Dropped++;
            key.Instrument.Series.Remove(series);
            _series.Remove(key);
            if (key.Instrument.Series.Count > 0) continue;
            Bytes -= key.Instrument.Bytes;
            _instruments.Remove((key.Instrument.Service, key.Instrument.Meter, key.Instrument.Name));
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
