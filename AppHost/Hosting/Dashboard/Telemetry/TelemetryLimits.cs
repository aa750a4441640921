namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>How much telemetry is kept (<c>Dashboard:TelemetryLimits</c>). Beyond a limit the oldest goes, and is counted.</summary>
internal sealed class TelemetryLimits
{
    public int MaxTraceCount { get; set; } = 10_000;

    public int MaxSpansPerTrace { get; set; } = 2_000;

    public int MaxLogCount { get; set; } = 10_000;

    /// <summary>Series of metrics: instrument × dimensions × process.</summary>
    public int MaxSeriesCount { get; set; } = 5_000;

    public int MaxAttributeCount { get; set; } = 128;

    /// <summary>In characters; a longer value is cut.</summary>
    public int MaxAttributeLength { get; set; } = 4_096;

    /// <summary>Processes that send.</summary>
    public int MaxSourceCount { get; set; } = 500;

    /// <summary>Estimated size of all that is kept, in megabytes: half for traces, a quarter each for logs and metrics.</summary>
    public int MaxMegabytes { get; set; } = 64;

    public long TraceBytes => (long)MaxMegabytes << 19;

    public long LogBytes => (long)MaxMegabytes << 18;

    public long MetricBytes => (long)MaxMegabytes << 18;

    public IEnumerable<(string Name, int Value)> All() =>
    [
        (nameof(MaxTraceCount), MaxTraceCount), (nameof(MaxSpansPerTrace), MaxSpansPerTrace), (nameof(MaxLogCount), MaxLogCount), (nameof(MaxSeriesCount), MaxSeriesCount),
        (nameof(MaxAttributeCount), MaxAttributeCount), (nameof(MaxAttributeLength), MaxAttributeLength), (nameof(MaxSourceCount), MaxSourceCount), (nameof(MaxMegabytes), MaxMegabytes),
    ];
}
