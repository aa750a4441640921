namespace RecoAspire.ServiceDefaults.Telemetry;

/// <summary>Requests answered per second, over the last ten whole seconds.</summary>
public sealed class RequestRate(TimeProvider time)
{
    private const int WindowSeconds = 10;
    private readonly Lock _gate = new();
    // One more than the window: the running second is counted and not yet reported.
    private readonly long[] _counts = new long[WindowSeconds + 1];
    private long _second = Now(time);

    /// <summary>Counts one answered request.</summary>
    public void Count()
    {
        lock (_gate)
        {
            Advance();
            _counts[_second % _counts.Length]++;
        }
    }

    /// <summary>The rate now.</summary>
    public double PerSecond()
    {
        lock (_gate)
        {
            Advance();
            return (_counts.Sum() - _counts[_second % _counts.Length]) / (double)WindowSeconds;
        }
    }

    private static long Now(TimeProvider time) => time.GetTimestamp() / time.TimestampFrequency;

    private void Advance()
    {
        var now = Now(time);
        if (now - _second >= _counts.Length) Array.Clear(_counts);
        for (; _second < now; _second++) _counts[(_second + 1) % _counts.Length] = 0;
    }
}
