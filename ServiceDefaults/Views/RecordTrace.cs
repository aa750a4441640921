using System.Diagnostics;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Ties the application of records to the requests that caused them.</summary>
internal static class RecordTrace
{
    /// <summary>A span with many parents is read by nobody, and its links cost memory.</summary>
    private const int MaxLinks = 32;

    /// <summary>
    /// Starts the span of one batch: a child of the request's trace when the batch is one record, linked to the first requests
    /// otherwise. Null when nobody listens.
    /// </summary>
    public static Activity? StartApply(string view, string topic, IReadOnlyList<StoredRecord> records)
    {
        var source = TelemetryExtensions.ActivitySource;
        if (!source.HasListeners()) return null;
        var parent = records.Count == 1 && TryParse(records[0], out var context) ? context : default;
        var links = records.Count == 1 ? null : Links(records);
        var activity = source.StartActivity($"apply {topic}", ActivityKind.Consumer, parent, links: links);
        activity?.SetTag("view", view);
        activity?.SetTag("messaging.batch.message_count", records.Count);
        return activity;
    }

    private static List<ActivityLink>? Links(IReadOnlyList<StoredRecord> records)
    {
        List<ActivityLink>? links = null;
        string? previous = null;
        foreach (var stored in records)
        {
            // Records of one request follow each other and carry the same parent.
            if (stored.Record.Traceparent == previous || !TryParse(stored, out var context)) continue;
            previous = stored.Record.Traceparent;
            links ??= [];
            links.Add(new ActivityLink(context));
            if (links.Count == MaxLinks) break;
        }

        return links;
    }

    private static bool TryParse(StoredRecord stored, out ActivityContext context)
    {
        context = default;
        return stored.Record.Traceparent.Length > 0 && ActivityContext.TryParse(stored.Record.Traceparent, null, isRemote: true, out context);
    }
}
