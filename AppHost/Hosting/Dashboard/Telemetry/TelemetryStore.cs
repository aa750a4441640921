namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>All telemetry that is kept.</summary>
internal sealed class TelemetryStore(TelemetryLimits limits, TimeProvider time)
{
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
            if (_sources.TryGetValue((service, instance), out var known)) return known;
            if (_sources.Count >= Limits.MaxSourceCount)
            {
                RefusedSources++;
                return null;
            }

            return _sources[(service, instance)] = new TelemetrySource(service, instance, region, time.GetUtcNow().ToUnixTimeSeconds());
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
}
