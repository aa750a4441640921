namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>All telemetry that is kept.</summary>
internal sealed class TelemetryStore(TelemetryLimits limits, TimeProvider time)
{
    private const int SilentSeconds = 60;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Service, string Instance), TelemetrySource> _sources = [];

    public TelemetryLimits Limits { get; } = limits;

    public TextCache Texts { get; } = new();

    public TraceStore Traces { get; } = new(limits.MaxTraceCount, limits.MaxSpansPerTrace, limits.TraceBytes);

    public LogStore Logs { get; } = new(limits.MaxLogCount, limits.LogBytes);

    public MetricStore Metrics { get; } = new(limits.MaxSeriesCount, limits.MetricBytes, time);

    /// <summary>Records of processes beyond the limit of sources.</summary>
    public long RefusedSources { get; private set; }

    public long Bytes => Traces.Bytes + Logs.Bytes + Metrics.Bytes;

    /// <summary>The process that sends; null = there are too many already.</summary>
    public TelemetrySource? Source(string service, string instance, string region)
    {
        lock (_gate)
        {
            var second = time.GetUtcNow().ToUnixTimeSeconds();
            if (_sources.TryGetValue((service, instance), out var known))
            {
                known.LastSeenSecond = second;
                return known;
            }

            var source = new TelemetrySource(service, instance, region, second);
            if (_sources.Count >= Limits.MaxSourceCount && !MakeRoom(source, second))
            {
                RefusedSources++;
                return null;
            }

            return _sources[(service, instance)] = source;
        }
    }

    public IReadOnlyList<TelemetrySource> Sources()
    {
        lock (_gate) return [.. _sources.Values];
    }

    /// <summary>Halves what is kept of traces and logs.</summary>
    public void Halve()
    {
        Traces.Trim(Traces.Bytes / 2);
        Logs.Trim(Logs.Bytes / 2);
    }

    // A process that restarts again and again must not use up the places: the one that has been silent for longest goes, one of the same
    // service first, so that its service's errors are still counted.
    private bool MakeRoom(TelemetrySource newcomer, long second)
    {
        var silent = _sources.Values.Where(s => s.LastSeenSecond < second - SilentSeconds).OrderBy(s => s.Service != newcomer.Service).ThenBy(s => s.LastSeenSecond).FirstOrDefault();
        if (silent is null) return false;
        if (silent.Service == newcomer.Service) newcomer.CountErrorLogs(silent.ErrorLogs);
        return _sources.Remove((silent.Service, silent.Instance));
    }
}
