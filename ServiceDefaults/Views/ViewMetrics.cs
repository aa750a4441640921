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

    /// <summary>The deployment guide's name of the store that a view is; its own name where the guide has none.</summary>
    internal static string StoreOf(string view) => view switch
    {
        "vectors" => "vector_db",
        "graph" => "knowledge_graph",
        "profiles" => "user_profiles",
        _ => view,
    };

    internal static void Applied(string view, double ageSeconds) =>
        Freshness.Record(ageSeconds, new KeyValuePair<string, object?>("view", view));
}
