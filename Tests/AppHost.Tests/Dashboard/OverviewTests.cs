using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Dashboard.Otlp;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The platform's pulse, from metrics whose truth is known.</summary>
public sealed class OverviewTests
{
    private static readonly double[] Bounds = [0.025, 0.05, 0.1, 0.5, 1];
    private readonly FakeTimeProvider _time = new(Messages.Start);
    private readonly TelemetryStore _store;
    private readonly OtlpReader _reader;

    public OverviewTests()
    {
        _store = new TelemetryStore(new TelemetryLimits(), _time);
        _reader = new OtlpReader(_store);
    }

    [Fact]
    public void Every_number_is_the_truth()
    {
        EverySecond(60, Gateway("west", 1));
        var pulse = Assert.Single(Read());
        Assert.Equal(("west", 12.5), (pulse.Region, pulse.RequestsPerSecond));
        // Of 100 answers a second 97 take 25-50 ms and 3 take 0.5-1 s.
        Assert.InRange(pulse.P50Ms!.Value, 25, 50);
        Assert.InRange(pulse.P99Ms!.Value, 500, 1_000);
        Assert.Equal(0.05, pulse.ErrorRatio!.Value, 6);
        Assert.Equal(0.75, pulse.CacheHitRatio!.Value, 6);
        Assert.Equal(6, pulse.EventsPerSecond!.Value, 6);
        Assert.InRange(pulse.FreshnessP50Ms!.Value, 50, 100);
        Assert.InRange(pulse.FreshnessP99Ms!.Value, 50, 100);
    }

    [Fact]
    public void The_history_is_a_step_each_oldest_first_and_null_where_nothing_was_known()
    {
        EverySecond(60, Gateway("west", 1));
        var history = Assert.Single(Read()).History;
        foreach (var (values, truth) in ((List<double?>, double)[])[(history.RequestsPerSecond, 12.5), (history.EventsPerSecond, 6), (history.ErrorRatio, 0.05), (history.CacheHitRatio, 0.75)])
        {
            Assert.Equal(60, values.Count);
            Assert.All(values.Take(40), v => Assert.Null(v));
            Assert.All(values.TakeLast(8), v => Assert.Equal(truth, v!.Value, 6));
        }

        Assert.All(history.P99Ms.TakeLast(8), v => Assert.InRange(v!.Value, 500, 1_000));
        Assert.All(history.FreshnessP99Ms.TakeLast(8), v => Assert.InRange(v!.Value, 50, 100));
    }

    [Fact]
    public void Regions_are_told_apart_and_gateways_of_one_added_up()
    {
        var (first, second, east) = (Gateway("west", 1, "a"), Gateway("west", 1, "b"), Gateway("east", 3));
        EverySecond(40, i => Together(first(i), second(i), east(i)));
        Assert.Equal([("east", 12.5, 18.0), ("west", 25.0, 12.0)], Read().Select(r => (r.Region, r.RequestsPerSecond!.Value, Math.Round(r.EventsPerSecond!.Value, 6))));
    }

    [Fact]
    public void What_nobody_reports_is_null_and_not_zero()
    {
        Assert.Empty(Read());
        EverySecond(40, i => Messages.Metrics(Messages.Resource("profile"), Messages.Counter("events_ingested_total", 0), Messages.Counter("cache_hits_total", 3), Messages.Counter("cache_misses_total", 1)));
        var pulse = Assert.Single(Read());
        Assert.Equal("local", pulse.Region);
        // A counter that stands still is a known zero; a share of nothing is not.
        Assert.Equal(0, pulse.EventsPerSecond);
        Assert.Equal([null, null, null, null, null, null, null], (double?[])[pulse.RequestsPerSecond, pulse.P50Ms, pulse.P99Ms, pulse.ErrorRatio, pulse.CacheHitRatio, pulse.FreshnessP50Ms, pulse.FreshnessP99Ms]);
    }

    [Fact]
    public void Health_checks_and_services_behind_the_gateway_are_no_answers_to_viewers()
    {
        var gateway = Gateway("west", 1);
        EverySecond(40, i =>
        {
            var behind = Messages.Metrics(Messages.Resource("profile", region: "west"), Answers(1_000 * i, "/api/profile", "500"), Messages.Gauge("http_requests_per_second", 99));
            return Together(gateway(i), behind);
        });
        var pulse = Assert.Single(Read());
        Assert.Equal((12.5, 0.05), (pulse.RequestsPerSecond!.Value, Math.Round(pulse.ErrorRatio!.Value, 6)));
    }

    [Fact]
    public void A_region_that_is_silent_for_a_minute_is_gone_and_its_numbers_before_that()
    {
        EverySecond(40, Gateway("west", 1));
        _time.Advance(TimeSpan.FromSeconds(50));
        var silent = Assert.Single(Read());
        Assert.Equal([null, null, null], (double?[])[silent.RequestsPerSecond, silent.P99Ms, silent.EventsPerSecond]);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(Read());
    }

    [Fact]
    public void A_gateway_that_starts_again_leaves_no_hole_and_no_peak()
    {
        var gateway = Gateway("west", 1);
        EverySecond(20, gateway);
        EverySecond(20, gateway);
        Assert.Equal((6, 0.05), (Math.Round(Read()[0].EventsPerSecond!.Value, 6), Math.Round(Read()[0].ErrorRatio!.Value, 6)));
        // Its first report said zero: one second of ten in which nothing had happened yet.
        Assert.All(Read()[0].History.EventsPerSecond.TakeLast(4), v => Assert.InRange(v!.Value, 5.4 - 1e-6, 6 + 1e-6));
    }

    [Fact]
    public async Task The_answer_has_the_names_of_the_contract()
    {
        await using var app = new DashboardApp();
        var time = app.StopTime();
        await app.StartAsync();
        var gateway = Gateway("west", 1);
        for (var i = 0; i < 12; i++)
        {
            await app.SendAsync(gateway(i));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var overview = await app.GetAsync("/api/overview");
        Assert.Equal((time.GetUtcNow().ToUnixTimeMilliseconds(), 5), (overview.Number("now"), overview.Number("stepSeconds")));
        var region = Assert.Single(overview.List("regions"));
        Assert.Equal("west", region.Text("region"));
        foreach (var name in (string[])["requestsPerSecond", "p50Ms", "p99Ms", "errorRatio", "cacheHitRatio", "eventsPerSecond", "freshnessP50Ms", "freshnessP99Ms"]) Assert.True(region.TryGetProperty(name, out _), name);
        foreach (var name in (string[])["requestsPerSecond", "p99Ms", "eventsPerSecond", "errorRatio", "cacheHitRatio", "freshnessP99Ms"]) Assert.Equal(60, region.GetProperty("history").List(name).Count);
        var telemetry = overview.GetProperty("telemetry");
        foreach (var name in (string[])["spans", "logs", "points", "droppedSpans", "droppedLogs", "droppedPoints", "bytes", "maxBytes"]) Assert.Equal(JsonValueKind.Number, telemetry.GetProperty(name).ValueKind);
    }

    private List<RegionPulse> Read() => new PlatformPulse(_store.Metrics).Read();

    private void EverySecond(int seconds, Func<int, ExportMetricsServiceRequest> report)
    {
        for (var i = 0; i < seconds; i++)
        {
            Assert.Equal(0, _reader.Take(report(i)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    // A gateway as it would report, i seconds after its start.
    private static Func<int, ExportMetricsServiceRequest> Gateway(string region, int factor, string instance = "one") => i => Messages.Metrics(
        Messages.Resource($"gateway-{region}", instance, region),
        Messages.Gauge("http_requests_per_second", 12.5),
        Messages.Histogram("recommendation_latency_seconds", Bounds, [0, (ulong)(97 * i), 0, 0, (ulong)(3 * i), 0]),
        Answers(95 * i, "/api/recommendations", "200"), Answers(5 * i, "/api/recommendations", "503"), Answers(50 * i, "/health/ready", "500"),
        Messages.Counter("cache_hits_total", 75 * i), Messages.Counter("cache_misses_total", 25 * i), Messages.Counter("events_ingested_total", 6 * factor * i),
        Messages.Histogram("view_freshness_seconds", Bounds, [0, 0, (ulong)(4 * i), 0, 0, 0], false, Messages.Text("view", "profiles")),
        Messages.Histogram("view_freshness_seconds", Bounds, [0, 0, 0, 0, 0, (ulong)(400 * i)], false, Messages.Text("view", "graph")));

    private static Metric Answers(int count, string route, string status) => Messages.Histogram(
        "http.server.request.duration", Bounds, [(ulong)count, 0, 0, 0, 0, 0], false, Messages.Text("http.route", route), Messages.Text("http.response.status_code", status));

    private static ExportMetricsServiceRequest Together(params ExportMetricsServiceRequest[] requests)
    {
        var all = new ExportMetricsServiceRequest();
        foreach (var request in requests) all.ResourceMetrics.Add(request.ResourceMetrics);
        return all;
    }
}
