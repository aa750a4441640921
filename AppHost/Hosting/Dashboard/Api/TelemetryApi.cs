using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.Hosting.Dashboard.Api;

/// <summary>Structured logs and traces.</summary>
internal sealed class TelemetryApi(TelemetryStore store)
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 1_000;
    private static readonly string[] Levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];
    private static readonly string[] Kinds = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/logs", Logs);
        routes.MapGet("/api/traces", Traces);
        routes.MapGet("/api/traces/{id}", Trace);
    }

    private IResult Logs(string? resource, string? level, string? q, string? traceId, string? spanId, long? before, int? limit)
    {
        var lowest = 0;
        if (level is not null && (lowest = Array.FindIndex(Levels, l => l.Equals(level, StringComparison.OrdinalIgnoreCase))) < 0)
            return Results.Problem(statusCode: 400, title: $"'{level}' is no level; they are {string.Join(", ", Levels)}.");
        TraceId trace = default;
        if (traceId is not null && !TraceId.TryParse(traceId, out trace)) return Results.Problem(statusCode: 400, title: $"'{traceId}' is no trace id.");
        var (found, total) = store.Logs.List(
            r => r.Level >= lowest && (resource is null || r.Source.Service == resource) && (traceId is null || r.TraceId == trace)
                && (spanId is null || SpanId(r.SpanId) == spanId) && (string.IsNullOrEmpty(q) || Mentions(r, q)),
            before,
            Limit(limit));
        return Results.Ok(new
        {
            Logs = found.Select(r => new
            {
                r.Id,
                At = Milliseconds(r.AtNs),
                Resource = r.Source.Service,
                r.Source.Instance,
                Level = Levels[r.Level],
                r.Category,
                r.Message,
                TraceId = r.TraceId.IsEmpty ? null : r.TraceId.ToString(),
                SpanId = SpanId(r.SpanId),
                r.Attributes,
                r.Exception,
            }),
            Total = total,
            store.Logs.Dropped,
        });
    }

    private IResult Traces(string? resource, string? q, double? minMs, bool? errors, int? limit)
    {
        var (found, total) = store.Traces.List(
            t => (resource is null || t.Spans.Any(s => s.Source.Service == resource)) && (errors != true || t.Errors > 0)
                && (minMs is null || t.EndNs - t.StartNs >= minMs * 1e6) && (string.IsNullOrEmpty(q) || Mentions(t, q)),
            Limit(limit));
        return Results.Ok(new
        {
            Traces = found.Select(t => new
            {
                TraceId = t.Id.ToString(),
                t.Name,
                Resource = t.Service,
                StartedAt = Milliseconds(t.StartNs),
                DurationMs = t.DurationNs / 1e6,
                t.Spans,
                t.Errors,
                Services = t.Services.Select(s => new { s.Name, s.Spans, s.Errors }),
            }),
            Total = total,
            store.Traces.Dropped,
        });
    }

    private IResult Trace(string id)
    {
        if (!TraceId.TryParse(id, out var traceId)) return Results.Problem(statusCode: 400, title: $"'{id}' is no trace id: 32 hexadecimal digits.");
        if (store.Traces.Find(traceId) is not { } found) return Results.Problem(statusCode: 404, title: "This trace is not here, or not any more.", detail: "Only the last traces are kept.");
        var (summary, spans) = found;
        var withLogs = store.Logs.SpansWithLogs(traceId);
        return Results.Ok(new
        {
            TraceId = id,
            summary.Name,
            StartedAt = Milliseconds(summary.StartNs),
            DurationMs = summary.DurationNs / 1e6,
            Spans = spans.Select(s => new
            {
                SpanId = SpanId(s.Id),
                ParentId = SpanId(s.ParentId),
                s.Name,
                Kind = Kinds[s.Kind is >= 0 and < 6 ? s.Kind : 0],
                Resource = s.Source.Service,
                s.Source.Instance,
                StartMs = (s.StartNs - summary.StartNs) / 1e6,
                DurationMs = (s.EndNs - s.StartNs) / 1e6,
                s.IsError,
                s.StatusMessage,
                s.Scope,
                HasLogs = withLogs.Contains(s.Id),
                s.Attributes,
                Events = s.Events.Select(e => new { AtMs = (e.AtNs - summary.StartNs) / 1e6, e.Name, e.Attributes }),
                Links = s.Links.Select(l => new { TraceId = l.TraceId.ToString(), SpanId = SpanId(l.SpanId) }),
            }),
        });
    }

    private static int Limit(int? asked) => Math.Clamp(asked ?? DefaultLimit, 1, MaxLimit);

    private static double Milliseconds(long nanoseconds) => nanoseconds / 1e6;

    private static string? SpanId(ulong id) => id == 0 ? null : id.ToString("x16", CultureInfo.InvariantCulture);

    private static bool Mentions(LogRecord record, string text) =>
        Has(record.Message, text) || Has(record.Category, text) || (record.Exception is { } e && Has(e, text)) || record.Attributes.Any(a => Has(a.Value, text));

    private static bool Mentions(Trace trace, string text) =>
        trace.Spans.Any(s => Has(s.Name, text) || s.Attributes.Any(a => Has(a.Value, text))) || trace.Id.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase);

    private static bool Has(string value, string text) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
}
