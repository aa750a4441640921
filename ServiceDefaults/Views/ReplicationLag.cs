namespace RecoAspire.ServiceDefaults.Views;

/// <summary>
/// How long the oldest record of a topic that a view has not applied has been waiting. What can be known of it:
/// a record that has arrived carries the time at which the log took it; of a record that is in the log and has not arrived, only
/// that it is no older than the last one applied; and while nothing is heard from the log, nothing is known of what it has taken
/// since, so the silence itself counts. Clocks of different machines differ: less than 0 is 0.
/// </summary>
internal sealed class ReplicationLag(TimeProvider time)
{
    /// <summary>Heartbeats come every 4 s, by contract within 5: a silence up to this long says nothing.</summary>
    public static readonly TimeSpan ExpectedSilence = TimeSpan.FromSeconds(6);

    private readonly Lock _gate = new();
    private long _lastContact = time.GetTimestamp();
    private bool _connected;
    // Unix time in ms of the oldest record known not to be applied; null = none is known.
    private long? _waitingSinceMs;

    /// <summary>The lag now.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                var silence = time.GetElapsedTime(_lastContact);
                if (_connected && silence <= ExpectedSilence) silence = TimeSpan.Zero;
                var waiting = _waitingSinceMs is { } since ? TimeSpan.FromMilliseconds(Math.Max(0, NowMs() - since)) : TimeSpan.Zero;
                return waiting > silence ? waiting : silence;
            }
        }
    }

    /// <summary>Records have come and are about to be applied; the first was taken by the log at <paramref name="appendedAtMs"/>.</summary>
    public void Arrived(long appendedAtMs)
    {
        lock (_gate)
        {
            Hear();
            _waitingSinceMs = appendedAtMs;
        }
    }

    /// <summary>Everything that came has been applied, the last of it taken by the log at <paramref name="appendedAtMs"/>; the log has more or not.</summary>
    public void Applied(long appendedAtMs, bool more)
    {
        lock (_gate) _waitingSinceMs = more ? appendedAtMs : null;
    }

    /// <summary>The log has sent a heartbeat; it has more than the view or not.</summary>
    public void Heartbeat(bool more)
    {
        lock (_gate)
        {
            Hear();
            _waitingSinceMs = more ? _waitingSinceMs ?? NowMs() : null;
        }
    }

    /// <summary>The stream has ended.</summary>
    public void Disconnected()
    {
        lock (_gate) _connected = false;
    }

    /// <summary>The view has been emptied: the log's first record waits, whose time is known when it comes.</summary>
    public void Emptied()
    {
        lock (_gate) _waitingSinceMs = NowMs();
    }

    private void Hear()
    {
        _connected = true;
        _lastContact = time.GetTimestamp();
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
