using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.Hosting.Dashboard.Api;

/// <summary>Metrics, and the platform's pulse that is made of them.</summary>
internal sealed class MetricsApi(TelemetryStore store, TimeProvider time)
{
    private const int MaxValuesShown = 100;
    private readonly PlatformPulse _pulse = new(store.Metrics);
    private readonly MetricQuery _query = new(store.Metrics);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/overview", Overview);
        routes.MapGet("/api/metrics", Instruments);
        routes.MapGet("/api/metrics/series", SeriesOf);
    }

    private object Overview() => new
    {
        Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
        PlatformPulse.StepSeconds,
        Regions = _pulse.Read(),
        Telemetry = new
        {
            Spans = store.Traces.SpanCount,
            Logs = store.Logs.Count,
            Points = store.Metrics.SeriesCount,
            DroppedSpans = store.Traces.Dropped,
            DroppedLogs = store.Logs.Dropped,
            DroppedPoints = store.Metrics.Dropped + store.RefusedSources,
            store.Bytes,
            MaxBytes = (long)store.Limits.MaxMegabytes << 20,
        },
    };

    private object Instruments(string? resource) => new
    {
        Instruments = store.Metrics.Read(all => all.Where(i => resource is null || i.Service == resource)
            .OrderBy(i => i.Service, StringComparer.Ordinal).ThenBy(i => i.Meter, StringComparer.Ordinal).ThenBy(i => i.Name, StringComparer.Ordinal)
            .Select(i => new
            {
                Resource = i.Service,
                i.Meter,
                i.Name,
                i.Unit,
                i.Description,
                Kind = i.Kind.ToString().ToLowerInvariant(),
                Dimensions = i.Series.SelectMany(s => s.Dimensions).GroupBy(d => d.Key).OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new { g.Key, Values = g.Select(d => d.Value).Distinct().Order(StringComparer.Ordinal).Take(MaxValuesShown).ToList() }).ToList(),
            }).ToList()),
    };

    private IResult SeriesOf(string resource, string meter, string name, int? minutes, string[]? filter)
    {
        if (minutes is < 1 or > 60) return Results.Problem(statusCode: 400, title: "'minutes' must be 1 to 60.");
        var filters = (filter ?? []).Select(f => f.Split('=', 2)).Where(f => f.Length == 2).Select(f => new KeyText(f[0], f[1])).ToList();
        if (_query.Draw(resource, meter, name, minutes ?? 5, filters) is not { } chart)
            return Results.Problem(statusCode: 404, title: $"'{resource}' has reported no instrument '{name}' of '{meter}'.");
        return Results.Ok(new
        {
            chart.Instrument.Name,
            chart.Instrument.Unit,
            Kind = chart.Instrument.Kind.ToString().ToLowerInvariant(),
            chart.Instrument.Description,
            chart.StepSeconds,
            Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Series = chart.Lines.Select(l => new { l.Dimensions, Points = Points(chart.Seconds, l.Values) }),
            Percentiles = chart.Percentiles is [var p50, var p90, var p99]
                ? new { P50 = Points(chart.Seconds, p50), P90 = Points(chart.Seconds, p90), P99 = Points(chart.Seconds, p99) }
                : null,
            Exemplars = chart.Exemplars.Select(e => new { T = e.Second * 1_000, e.Value, TraceId = e.Trace.ToString() }),
            chart.Omitted,
        });
    }

    private static IEnumerable<double?[]> Points(List<long> seconds, List<double?> values) => seconds.Zip(values, (t, v) => new[] { t * 1_000, v });
}
