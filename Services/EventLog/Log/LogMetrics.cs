using System.Diagnostics.Metrics;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.EventLog.Log;

/// <summary>Instruments of the log.</summary>
internal static class LogMetrics
{
    private static readonly Counter<long> Appended = TelemetryExtensions.Meter.CreateCounter<long>(MetricNames.LogAppended);
    private static readonly Histogram<long> BatchRecords = TelemetryExtensions.Meter.CreateHistogram(
        MetricNames.LogBatch, advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 20_000] });
    private static readonly Histogram<double> CommitSeconds = TelemetryExtensions.Meter.CreateHistogram(
        MetricNames.LogCommit, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricNames.LatencyBucketsSeconds });

    /// <summary>Reports how many writes wait. One log per process.</summary>
    public static void ObserveQueue(Func<int> length) =>
        TelemetryExtensions.Meter.CreateObservableGauge(MetricNames.LogQueue, length);

    public static void Committed(List<PendingWrite> writes, TimeSpan elapsed)
    {
        var records = 0;
        foreach (var write in writes)
        {
            records += write.Records;
            if (write is PendingAppend append)
                Appended.Add(append.NewRecords, new KeyValuePair<string, object?>("topic", append.Topic));
        }

        BatchRecords.Record(records);
        CommitSeconds.Record(elapsed.TotalSeconds);
    }
}
