using System.Diagnostics.Metrics;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Instruments of the views.</summary>
public static class ViewMetrics
{
    private static readonly Counter<long> RejectedRecords = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.ViewRejected);

    private static readonly Histogram<double> Freshness = TelemetryExtensions.Meter.CreateHistogram<double>(MetricNames.ViewFreshness, "s");

    /// <summary>Counts a record that a view could not read and skipped.</summary>
    public static void Rejected(string view, string topic) =>
        RejectedRecords.Add(1, new KeyValuePair<string, object?>("view", view), new KeyValuePair<string, object?>("topic", topic));

    internal static void Applied(string view, double ageSeconds) =>
        Freshness.Record(ageSeconds, new KeyValuePair<string, object?>("view", view));
}
