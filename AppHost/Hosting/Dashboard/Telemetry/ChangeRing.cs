namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>
/// The last changes of a series, one row of numbers per step of time. A step without a change takes no room: the value before it still
/// holds. Most series of an idle process never change, so they cost next to nothing.
/// </summary>
/// <param name="stepSeconds">Seconds per step; within a step the last row wins.</param>
/// <param name="capacity">Changes that are kept.</param>
/// <param name="width">Numbers per row.</param>
internal sealed class ChangeRing(int stepSeconds, int capacity, int width)
{
    private long[] _steps = [];
    private double[] _rows = [];
    private int _count;
    private int _first;

    /// <summary>Bytes of the arrays.</summary>
    public long Bytes => ((long)_steps.Length + _rows.Length) * 8;

    public void Add(long second, ReadOnlySpan<double> row)
    {
        var step = second / stepSeconds;
        if (_count > 0)
        {
            var last = Slot(_count - 1);
            if (Row(last).SequenceEqual(row)) return;
            if (_steps[last] >= step)
            {
                row.CopyTo(Row(last));
                return;
            }
        }

        if (_count == _steps.Length) Grow();
        if (_count == capacity)
        {
            _first = (_first + 1) % _steps.Length;
            _count--;
        }

        var slot = Slot(_count++);
        _steps[slot] = step;
        row.CopyTo(Row(slot));
    }

    /// <summary>The row that holds at the end of the step in which a second lies; empty = before the first one kept.</summary>
    public ReadOnlySpan<double> At(long second)
    {
        var step = second / stepSeconds;
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_steps[Slot(middle)] <= step) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? [] : Row(Slot(low - 1));
    }

    /// <summary>Second of the oldest change that is kept.</summary>
    public long FirstSecond => _count == 0 ? long.MaxValue : _steps[Slot(0)] * stepSeconds;

    private int Slot(int index) => (_first + index) % _steps.Length;

    private Span<double> Row(int slot) => _rows.AsSpan(slot * width, width);

    private void Grow()
    {
        var size = Math.Min(capacity, Math.Max(4, _steps.Length * 2));
        if (size == _steps.Length) return;
        var (steps, rows) = (new long[size], new double[size * width]);
        for (var i = 0; i < _count; i++)
        {
            steps[i] = _steps[Slot(i)];
            Row(Slot(i)).CopyTo(rows.AsSpan(i * width, width));
        }

        (_steps, _rows, _first) = (steps, rows, 0);
    }
}
