namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>
/// The last changes of a series, one row of numbers per step of time. A step without a change takes no room: the value before it still
/// holds. Most series of an idle process never change, so they cost next to nothing.
/// </summary>
internal sealed class ChangeRing
{
    private const int FirstSize = 4;
    private readonly int _stepSeconds;
    private readonly int _capacity;
    private readonly int _width;
    private long[] _steps;
    private double[] _rows;
    private int _count;
    private int _first;

    /// <param name="stepSeconds">Seconds per step; within a step the last row wins.</param>
    /// <param name="capacity">Changes that are kept.</param>
    /// <param name="width">Numbers per row.</param>
    public ChangeRing(int stepSeconds, int capacity, int width)
    {
        (_stepSeconds, _capacity, _width) = (stepSeconds, capacity, width);
        var size = Math.Min(capacity, FirstSize);
        (_steps, _rows) = (new long[size], new double[size * width]);
    }

    /// <summary>Bytes of the arrays.</summary>
    public long Bytes => BytesOf(_steps.Length);

    /// <summary>Changes that are kept now.</summary>
    public int Count => _count;

    /// <summary>Second of the oldest change that is kept.</summary>
    public long FirstSecond => _count == 0 ? long.MaxValue : _steps[Slot(0)] * _stepSeconds;

    /// <param name="second">Unix seconds.</param>
    /// <param name="row">The numbers from then on.</param>
    /// <param name="room">Bytes that the arrays may grow by; where they may not, the oldest change goes instead.</param>
    public void Add(long second, ReadOnlySpan<double> row, long room)
    {
        var step = second / _stepSeconds;
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

        if (_count == _steps.Length && !Grow(room))
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
        var step = second / _stepSeconds;
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_steps[Slot(middle)] <= step) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? [] : Row(Slot(low - 1));
    }

    private int Slot(int index) => (_first + index) % _steps.Length;

    private Span<double> Row(int slot) => _rows.AsSpan(slot * _width, _width);

    private long BytesOf(int size) => (long)size * (1 + _width) * 8;

    private bool Grow(long room)
    {
        var size = Math.Min(_capacity, _steps.Length * 2);
        if (size == _steps.Length || BytesOf(size) - Bytes > room) return false;
        var (steps, rows) = (new long[size], new double[size * _width]);
        for (var i = 0; i < _count; i++)
        {
            steps[i] = _steps[Slot(i)];
            Row(Slot(i)).CopyTo(rows.AsSpan(i * _width, _width));
        }

        (_steps, _rows, _first) = (steps, rows, 0);
        return true;
    }
}
