using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>Charts of metrics, in a time that the test moves.</summary>
public sealed class SeriesApiTests
{
    private const string Question = "/api/metrics/series?resource=shop&meter=Meter&name=";

    [Fact]
    public async Task A_counter_is_shown_as_its_rate_per_set_of_dimensions()
    {
        await using var app = await StartAsync(out var time);
        await EverySecondAsync(app, time, 20, i => Messages.Metrics(Messages.Resource("shop"), Messages.Counter("sold", 7 * i, false, Messages.Text("kind", "book")), Messages.Counter("sold", 2 * i, false, Messages.Text("kind", "film"))));
        var chart = await app.GetAsync($"{Question}sold");
        Assert.Equal(("sold", "1", "sum", 1), (chart.Text("name"), chart.Text("unit"), chart.Text("kind"), chart.Number("stepSeconds")));
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), chart.Number("now"));
        Assert.Equal(JsonValueKind.Null, chart.GetProperty("percentiles").ValueKind);
        var series = chart.List("series");
        Assert.Equal(["kind=book", "kind=film"], series.SelectMany(s => s.Pairs("dimensions")));
        Assert.Equal(300, series[0].List("points").Count);
        Assert.Equal([7, 7, 7], Values(series[0]).TakeLast(3));
        Assert.Equal([2, 2, 2], Values(series[1]).TakeLast(3));
        // Nothing is known from before the first report.
        Assert.All(Values(series[0]).Take(270), v => Assert.Null(v));
        Assert.Equal(1_000, series[0].List("points")[1][0].GetDouble() - series[0].List("points")[0][0].GetDouble());

        var film = Assert.Single((await app.GetAsync($"{Question}sold&filter=kind%3Dfilm")).List("series"));
        Assert.Equal(["kind=film"], film.Pairs("dimensions"));
        Assert.Empty((await app.GetAsync($"{Question}sold&filter=kind%3Dfilm&filter=other%3Dx")).List("series"));
    }

    [Fact]
    public async Task What_came_since_the_last_report_adds_up_to_the_same_rate()
    {
        await using var app = await StartAsync(out var time);
        await EverySecondAsync(app, time, 20, _ => Messages.Metrics(Messages.Resource("shop"), Messages.Counter("sold", 3, isDelta: true)));
        Assert.Equal([3, 3], Values((await app.GetAsync($"{Question}sold")).List("series")[0]).TakeLast(2));
    }

    [Fact]
    public async Task A_counter_that_starts_again_does_not_fall()
    {
        await using var app = await StartAsync(out var time);
        // Two processes; one starts again at 10, with the same instance id, as other SDKs do.
        await EverySecondAsync(app, time, 20, i => Messages.Metrics(Messages.Resource("shop"), Messages.Counter("sold", 5 * (i < 10 ? i : i - 9))));
        Assert.Equal([5, 5, 5, 5, 5, 5, 5, 5, 5, 5], Values((await app.GetAsync($"{Question}sold")).List("series")[0]).TakeLast(10));
    }

    [Fact]
    public async Task Counts_of_two_processes_add_up_and_gauges_stay_apart()
    {
        await using var app = await StartAsync(out var time);
        await EverySecondAsync(app, time, 15, i =>
        {
            var both = Messages.Metrics(Messages.Resource("shop", "a"), Messages.Counter("sold", i), Messages.Gauge("depth", 10));
            both.ResourceMetrics.Add(Messages.Metrics(Messages.Resource("shop", "b"), Messages.Counter("sold", 2 * i), Messages.Gauge("depth", 4)).ResourceMetrics);
            return both;
        });
        var sold = Assert.Single((await app.GetAsync($"{Question}sold")).List("series"));
        Assert.Equal(3, Values(sold)[^1]);
        var depth = (await app.GetAsync($"{Question}depth")).List("series");
        Assert.Equal([("service.instance.id=a", 10), ("service.instance.id=b", 4)], depth.Select(s => (Assert.Single(s.Pairs("dimensions")), Values(s)[^1])));
    }

    [Fact]
    public async Task A_gauge_of_one_process_has_its_last_value_and_none_after_the_process_ended()
    {
        await using var app = await StartAsync(out var time);
        await EverySecondAsync(app, time, 5, i => Messages.Metrics(Messages.Resource("shop"), Messages.Gauge("depth", i)));
        time.Advance(TimeSpan.FromSeconds(30));
        var values = Values((await app.GetAsync($"{Question}depth")).List("series")[0]);
        Assert.Equal([1, 2, 3, 4, 4], values.SkipWhile(v => v is null).Skip(1).Take(5));
        Assert.Null(values[^1]);
    }

    [Fact]
    public async Task A_histogram_has_percentiles_and_the_traces_that_were_measured()
    {
        await using var app = await StartAsync(out var time);
        await EverySecondAsync(app, time, 20, i =>
        {
            var metric = Messages.Histogram("latency", [0.1, 0.2, 0.4], [(ulong)(90 * i), (ulong)(8 * i), (ulong)(2 * i), 0]);
            metric.Histogram.DataPoints[0].Exemplars.Add([new Exemplar { AsDouble = 0.35, TraceId = Messages.TraceId(i + 1) }, new Exemplar { AsDouble = 0.1 }, new Exemplar { AsDouble = double.NaN, TraceId = Messages.TraceId(99) }]);
            return Messages.Metrics(Messages.Resource("shop"), metric);
        });
        var chart = await app.GetAsync($"{Question}latency");
        Assert.Equal("histogram", chart.Text("kind"));
        Assert.Equal(100, Values(Assert.Single(chart.List("series")))[^1]!.Value, 6);
        var percentiles = chart.GetProperty("percentiles");
        double Last(string name) => percentiles.List(name)[^1][1].GetDouble();
        Assert.InRange(Last("p50"), 0, 0.1);
        Assert.InRange(Last("p90"), 0.09, 0.1);
        Assert.InRange(Last("p99"), 0.2, 0.4);
        var exemplars = chart.List("exemplars");
        Assert.Equal(20, exemplars.Count);
        Assert.Equal((0.35, Messages.TraceIdText(20)), (exemplars[^1].Number("value"), exemplars[^1].Text("traceId")));
    }

    [Fact]
    public async Task The_hour_has_no_steps_where_fine_becomes_coarse()
    {
        await using var app = await StartAsync(out var time);
        await app.SendAsync(Messages.Metrics(Messages.Resource("shop"), Messages.Gauge("other", 1)));
        time.Advance(TimeSpan.FromSeconds(10));
        // Later than its process: all of its first value is growth. That must not come back where the hour begins.
        await EverySecondAsync(app, time, 3_700, i => Messages.Metrics(Messages.Resource("shop"), Messages.Counter("sold", 1_000_000 + (4 * i))));
        foreach (var minutes in (int[])[1, 5, 10, 30, 60])
        {
            var values = Values((await app.GetAsync($"{Question}sold&minutes={minutes}")).List("series")[0]);
            Assert.Equal(minutes * 60 / (minutes <= 5 ? 1 : minutes <= 10 ? 2 : 15), values.Count);
            // At the very edge the hour may have nothing to compare with.
            Assert.All(values.Skip(minutes == 60 ? 1 : 0), v => Assert.Equal(4, v!.Value, 6));
        }
    }

    [Fact]
    public async Task The_largest_twenty_are_shown_and_the_others_counted()
    {
        await using var app = await StartAsync(out var time);
        await EverySecondAsync(app, time, 3, _ => Messages.Metrics(Messages.Resource("shop"), [.. Enumerable.Range(0, 25).Select(d => Messages.Gauge("depth", d, Messages.Text("queue", $"{d}")))]));
        var chart = await app.GetAsync($"{Question}depth");
        Assert.Equal(5, chart.Number("omitted"));
        Assert.Equal(Enumerable.Range(5, 20).Reverse().Select(d => $"queue={d}"), chart.List("series").SelectMany(s => s.Pairs("dimensions")));
    }

    [Fact]
    public async Task Instruments_are_listed_with_the_values_of_their_dimensions()
    {
        await using var app = await StartAsync(out _);
        var described = Messages.Gauge("depth", 1, Messages.Text("queue", "b"), Messages.Text("app", "x"));
        described.Description = "How deep";
        await app.SendAsync(Messages.Metrics(Messages.Resource("shop"), described, Messages.Gauge("depth", 2, Messages.Text("queue", "a"))));
        await app.SendAsync(Messages.Metrics(Messages.Resource("store"), Messages.Counter("sold", 1)));
        Assert.Equal(["depth", "sold"], (await app.GetAsync("/api/metrics")).List("instruments").Select(i => i.Text("name")));
        var depth = Assert.Single((await app.GetAsync("/api/metrics?resource=shop")).List("instruments"));
        Assert.Equal(("shop", "Meter", "depth", "1", "How deep", "gauge"), (depth.Text("resource"), depth.Text("meter"), depth.Text("name"), depth.Text("unit"), depth.Text("description"), depth.Text("kind")));
        Assert.Equal(["app: x", "queue: a,b"], depth.List("dimensions").Select(d => $"{d.Text("key")}: {string.Join(',', d.List("values").Select(v => v.GetString()))}"));
    }

    [Fact]
    public async Task What_cannot_be_drawn_says_why()
    {
        await using var app = await StartAsync(out _);
        await app.SendAsync(Messages.Metrics(Messages.Resource("shop"), Messages.Gauge("depth", 1)));
        foreach (var minutes in (string[])["0", "61", "-5"])
            Assert.Equal((HttpStatusCode.BadRequest, "'minutes' must be 1 to 60."), await app.RefusedAsync($"{Question}depth&minutes={minutes}"));
        Assert.Equal((HttpStatusCode.NotFound, "'shop' has reported no instrument 'width' of 'Meter'."), await app.RefusedAsync($"{Question}width"));
        Assert.Equal(HttpStatusCode.BadRequest, await app.StatusAsync("/api/metrics/series?resource=shop"));
    }

    private static Task<DashboardApp> StartAsync(out FakeTimeProvider time)
    {
        var app = new DashboardApp();
        time = app.StopTime();
        return StartedAsync(app);

        static async Task<DashboardApp> StartedAsync(DashboardApp app)
        {
            await app.StartAsync();
            return app;
        }
    }

    private static async Task EverySecondAsync(DashboardApp app, FakeTimeProvider time, int seconds, Func<int, ExportMetricsServiceRequest> report)
    {
        for (var i = 0; i < seconds; i++)
        {
            Assert.Null(await app.SendAsync(report(i)));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static List<double?> Values(JsonElement series) => [.. series.List("points").Select(p => p[1].ValueKind == JsonValueKind.Null ? (double?)null : p[1].GetDouble())];
}
