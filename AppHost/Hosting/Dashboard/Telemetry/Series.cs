namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>An instrument's numbers of one process with one set of dimensions. Counts are kept as totals that never fall.</summary>
internal sealed class Series
{
    /// <summary>Seconds after the last report during which the last value still holds.</summary>
    private const int Grace = 10;

    // The object itself, its place in the tables, and a histogram's exemplars.
    private const int OverheadBytes = 400;
    private const int ExemplarBytes = 800;

    // Fine for ten minutes and the windows before them, coarse for an hour.
    private readonly ChangeRing _fine;
    private readonly ChangeRing _coarse;
    private readonly double[] _total;
    private readonly double[] _reported;
    private readonly bool _isCount;
    private readonly int _fixedBytes;

    public Series(TelemetrySource source, InstrumentKind kind, KeyText[] dimensions, double[] bounds, long second, bool appearedLater)
    {
        Source = source;
        Dimensions = dimensions;
        Bounds = bounds;
        FirstSecond = second;
        AppearedLater = appearedLater;
        var width = bounds.Length == 0 ? 1 : bounds.Length + 3;
        _isCount = kind != InstrumentKind.Gauge;
        (_total, _reported) = (new double[width], new double[width]);
        _fine = new ChangeRing(1, 620, width);
        _coarse = new ChangeRing(15, 240, width);
        // The dimensions are there twice: as they are shown, and as the key.
        _fixedBytes = OverheadBytes + (bounds.Length == 0 ? 0 : ExemplarBytes) + (24 * width) + (2 * ByteEstimate.OfAll(dimensions));
    }

    public TelemetrySource Source { get; }

    public KeyText[] Dimensions { get; }

    /// <summary>Upper bounds of a histogram's buckets; empty for other kinds. A row is then count, sum, and a count per bucket.</summary>
    public double[] Bounds { get; }

    public long FirstSecond { get; }

    public long LastSecond { get; private set; }

    /// <summary>It started from nothing: its process reported before it did.</summary>
    public bool AppearedLater { get; }

    public Queue<(long Second, double Value, TraceId Trace)> Exemplars { get; } = new();

    public long Bytes => _fixedBytes + _fine.Bytes + _coarse.Bytes;

    public bool Takes(ReadOnlySpan<double> row, double[] bounds) => row.Length == _total.Length && Bounds.AsSpan().SequenceEqual(bounds);

    /// <param name="second">Unix seconds.</param>
    /// <param name="row">The numbers.</param>
    /// <param name="isDelta">They are added to what there is.</param>
    /// <param name="room">Bytes that it may grow by.</param>
    public void Add(long second, ReadOnlySpan<double> row, bool isDelta, long room)
    {
        // A count that fell has started again from nothing.
        var isRestart = row[0] < _reported[0];
        for (var i = 0; i < row.Length; i++)
        {
            if (isDelta) _total[i] += row[i];
            else if (_isCount) _total[i] += isRestart ? row[i] : row[i] - _reported[i];
            else _total[i] = row[i];
        }

        if (!isDelta) row.CopyTo(_reported);
        LastSecond = Math.Max(LastSecond, second);
        var before = _fine.Bytes;
        _fine.Add(second, _total, room);
        _coarse.Add(second, _total, room - (_fine.Bytes - before));
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
        if (At(to).IsEmpty) return false;
        if (from < FirstSecond) return AppearedLater && Add(At(to), [], into);
        // Both ends out of the same ring: a coarse step's value is that of its end.
        var ring = from >= _fine.FirstSecond ? _fine : _coarse;
        var before = ring.At(from);
        return !before.IsEmpty && Add(ring.At(to), before, into);
    }

    public string? Dimension(string key)
    {
        foreach (var dimension in Dimensions)
        {
            if (dimension.Key == key) return dimension.Value;
        }

        return null;
    }

    private static bool Add(ReadOnlySpan<double> now, ReadOnlySpan<double> before, Span<double> into)
    {
        for (var i = 0; i < into.Length && i < now.Length; i++) into[i] += now[i] - (before.IsEmpty ? 0 : before[i]);
        return true;
    }
}
