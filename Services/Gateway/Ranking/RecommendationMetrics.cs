using System.Diagnostics.Metrics;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.Gateway.Ranking;

/// <summary>Instruments of the hot path, by the names that dashboards and alerts use.</summary>
internal static class RecommendationMetrics
{
    private static readonly Counter<long> Answers = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.Recommendations);
    private static readonly Histogram<double> Latency = TelemetryExtensions.Meter.CreateHistogram<double>(MetricNames.RecommendationLatency, "s");
    private static readonly Counter<long> DegradedAnswers = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.Degraded);
    private static readonly Counter<long> CacheHits = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.CacheHits);
    private static readonly Counter<long> CacheMisses = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.CacheMisses);
    private static readonly Counter<long> Events = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.Events);

    public static void Answered(string variant, double seconds)
    {
        var tag = new KeyValuePair<string, object?>("variant", variant);
        Answers.Add(1, tag);
        Latency.Record(seconds, tag);
    }

    public static void DegradedBy(string dependency) => DegradedAnswers.Add(1, new KeyValuePair<string, object?>("dependency", dependency));

    public static void Cache(string cache, bool hit) => (hit ? CacheHits : CacheMisses).Add(1, new KeyValuePair<string, object?>("cache", cache));

    public static void Ingested(string kind) => Events.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
