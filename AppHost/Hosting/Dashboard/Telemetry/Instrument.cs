namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>What an instrument's numbers mean.</summary>
internal enum InstrumentKind
{
    /// <summary>Only rises: shown as a rate.</summary>
    Sum,

    /// <summary>The last value counts.</summary>
    Gauge,

    /// <summary>Counts per bucket.</summary>
    Histogram,
}

/// <summary>An instrument of a service: all series of all its processes.</summary>
internal sealed class Instrument(string service, string meter, string name, string unit, string description, InstrumentKind kind)
{
    public string Service { get; } = service;

    public string Meter { get; } = meter;

    public string Name { get; } = name;

    public string Unit { get; } = unit;

    public string Description { get; } = description;

    public InstrumentKind Kind { get; } = kind;

    public List<Series> Series { get; } = [];
}

/// <summary>An instrument's numbers of one process with one set of dimensions. Counts are kept as totals since the process started.</summary>
internal sealed class Series
{
    /// <summary>Seconds after the last report during which the last value still holds.</summary>
    private const int Grace = 10;

    // Fine for ten minutes, coarse for an hour.
    private readonly ChangeRing _fine;
    private readonly ChangeRing _coarse;
    private readonly double[] _total;

    public Series(TelemetrySource source, KeyText[] dimensions, double[] bounds, long second, bool appearedLater)
    {
        Source = source;
        Dimensions = dimensions;
        Bounds = bounds;
        FirstSecond = second;
        AppearedLater = appearedLater;
        var width = bounds.Length == 0 ? 1 : bounds.Length + 3;
        _total = new double[width];
        _fine = new ChangeRing(1, 600, width);
        _coarse = new ChangeRing(15, 240, width);
    }

    public TelemetrySource Source { get; }

    public KeyText[] Dimensions { get; }

    /// <summary>Upper bounds of a histogram's buckets; empty for other kinds. A row is then count, sum, and a count per bucket.</summary>
    public double[] Bounds { get; }

    public long FirstSecond { get; }

    public long LastSecond { get; private set; }

    /// <summary>Its process reported before it did: it started from nothing.</summary>
    public bool AppearedLater { get; }

    public Queue<(long Second, double Value, TraceId Trace)> Exemplars { get; } = new();

    public long Bytes => 300 + _fine.Bytes + _coarse.Bytes;

    /// <param name="second">Unix seconds.</param>
    /// <param name="row">The numbers.</param>
    /// <param name="isDelta">They are added to what there is.</param>
    public void Add(long second, ReadOnlySpan<double> row, bool isDelta)
    {
        if (row.Length != _total.Length) return;
        for (var i = 0; i < row.Length; i++) _total[i] = isDelta ? _total[i] + row[i] : row[i];
        LastSecond = Math.Max(LastSecond, second);
        _fine.Add(second, _total);
        _coarse.Add(second, _total);
    }

    /// <summary>The numbers that hold at a second; empty = the process had not reported yet, or no longer.</summary>
    public ReadOnlySpan<double> At(long second)
    {
        if (second < FirstSecond || second > LastSecond + Grace) return [];
        return second >= _fine.FirstSecond ? _fine.At(second) : _coarse.At(second);
    }

    /// <summary>Adds the growth between two seconds to a row.</summary>
    /// <returns>False where nothing is known.</returns>
    public bool AddGrowth(long from, long to, Span<double> into)
    {
        var now = At(to);
        if (now.IsEmpty) return false;
        var before = At(from);
        if (before.IsEmpty && !AppearedLater) return false;
        for (var i = 0; i < into.Length && i < now.Length; i++) into[i] += now[i] - (before.IsEmpty ? 0 : before[i]);
        return true;
    }

    public string? Dimension(string key)
    {
        foreach (var dimension in Dimensions)
        {
            if (dimension.Key == key) return dimension.Value;
        }

        return null;
    }
}
