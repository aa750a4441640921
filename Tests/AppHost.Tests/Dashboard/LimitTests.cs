using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Dashboard;
using RecoAspire.Hosting.Dashboard.Otlp;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;
using RecoAspire.Hosting.Dashboard.Telemetry;
using WireSpan = RecoAspire.Hosting.Dashboard.Otlp.Wire.Span;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>What a sender cannot do, whatever it sends.</summary>
public sealed class LimitTests
{
    private readonly FakeTimeProvider _time = new(Messages.Start);

    [Fact]
    public async Task The_limits_are_settings_and_what_is_beyond_them_is_counted()
    {
        await using var app = await DashboardApp.StartedAsync(
            "--Dashboard:TelemetryLimits:MaxTraceCount=3", "--Dashboard:TelemetryLimits:MaxSpansPerTrace=2", "--Dashboard:TelemetryLimits:MaxLogCount=4", "--Dashboard:TelemetryLimits:MaxSeriesCount=5");
        await app.SendAsync(Messages.Spans("shop", [.. Enumerable.Range(1, 15).Select(i => Messages.Span(1 + (i / 4), i))]));
        await app.SendAsync(Messages.Logs("shop", [.. Enumerable.Range(0, 10).Select(i => Messages.Log($"{i}"))]));
        await app.SendAsync(Messages.Metrics(Messages.Resource("shop"), [.. Enumerable.Range(0, 10).Select(i => Messages.Gauge($"gauge-{i}", i))]));
        var telemetry = (await app.GetAsync("/api/overview")).GetProperty("telemetry");
        Assert.Equal([6, 4, 5], ((string[])["spans", "logs", "points"]).Select(n => telemetry.Number(n)));
        Assert.Equal([9, 6, 5], ((string[])["droppedSpans", "droppedLogs", "droppedPoints"]).Select(n => telemetry.Number(n)));
        Assert.Equal((3, 9), ((await app.GetAsync("/api/traces")).Number("total"), (await app.GetAsync("/api/traces")).Number("dropped")));
        Assert.Equal((4, 6), ((await app.GetAsync("/api/logs")).Number("total"), (await app.GetAsync("/api/logs")).Number("dropped")));
    }

    [Fact]
    public void Attributes_beyond_the_limit_are_left_out_and_long_texts_cut()
    {
        var (store, reader) = With(new TelemetryLimits { MaxAttributeCount = 3, MaxAttributeLength = 10 });
        var text = new string('x', 50);
        var cut = $"{new string('x', 10)}...";
        var span = Messages.Span(1, 1, name: text);
        span.Attributes.Add(Enumerable.Range(0, 5).Select(_ => Messages.Text(text, text)));
        span.Status = new WireSpan.Types.Status { Code = 2, Message = text };
        span.Events.Add(Enumerable.Range(0, 5).Select(_ => new WireSpan.Types.Event { Name = text, Attributes = { span.Attributes } }));
        span.Links.Add(Enumerable.Range(0, 5).Select(_ => new WireSpan.Types.Link { TraceId = Messages.TraceId(2), SpanId = Messages.SpanId(2) }));
        reader.Take(Messages.Spans("shop", span));
        var kept = store.Traces.Find(new TraceId(0, 1))!.Value.Spans.Single();
        Assert.Equal((cut, cut, 3, 3, 3), (kept.Name, kept.StatusMessage, kept.Attributes.Length, kept.Events.Length, kept.Links.Length));
        Assert.All([.. kept.Attributes, .. kept.Events[0].Attributes], a => Assert.Equal((cut, cut), (a.Key, a.Value)));
        Assert.Equal((cut, 3), (kept.Events[0].Name, kept.Events[0].Attributes.Length));

        var record = Messages.Log(text);
        record.Attributes.Add(Messages.Text("key", text));
        reader.Take(Messages.Logs("shop", record));
        var log = store.Logs.List(_ => true, null, 1).Found.Single();
        Assert.Equal((cut, cut), (log.Message, log.Attributes[0].Value));
    }

    [Fact]
    public void Names_cannot_be_used_to_keep_more_than_is_counted()
    {
        var (store, reader) = With(new TelemetryLimits { MaxMegabytes = 1 });
        var name = new string('x', 4_000);
        for (var i = 0; i < 1_000; i++)
        {
            var span = Messages.Span(i + 1, 1, name: $"{i}{name}");
            span.Attributes.Add(Messages.Text($"{i}{name}", ""));
            var request = Messages.Spans("shop", span);
            request.ResourceSpans[0].ScopeSpans[0].Scope.Name = $"{i}{name}";
            reader.Take(request);
        }

        // Three texts of 8 KB in each.
        Assert.InRange(store.Traces.Bytes, 400_000, 512 << 10);
        Assert.InRange(store.Traces.SpanCount, 1, (512 << 10) / 24_000);

        var metrics = Messages.Metrics(Messages.Resource("shop"));
        for (var i = 0; i < 1_000; i++) metrics.ResourceMetrics[0].ScopeMetrics[0].Metrics.Add(Messages.Gauge($"{i}{name}", 1, Messages.Text("key", $"{i}{name}")));
        reader.Take(metrics);
        Assert.InRange(store.Metrics.SeriesCount, 1, (256 << 10) / 24_000);
    }

    [Fact]
    public void Processes_beyond_the_limit_are_refused_until_another_is_silent()
    {
        var (store, reader) = With(new TelemetryLimits { MaxSourceCount = 2 });
        Assert.Equal(0, reader.Take(From("shop", "a")));
        Assert.Equal(0, reader.Take(From("store", "b")));
        Assert.Equal(1, reader.Take(From("shop", "c")));
        Assert.Equal(1, store.RefusedSources);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, reader.Take(From("store", "b")));
        Assert.Equal(0, reader.Take(From("shop", "c")));
        Assert.Equal(["b", "c"], store.Sources().Select(s => s.Instance).Order(StringComparer.Ordinal));
        // The service's errors are those of all its processes.
        Assert.Equal(2, store.Sources().Where(s => s.Service == "shop").Sum(s => s.ErrorLogs));
    }

    [Fact]
    public void Above_the_ceiling_half_of_the_telemetry_goes_and_below_it_none()
    {
        var (store, reader) = With(new TelemetryLimits());
        reader.Take(Messages.Spans("shop", [.. Enumerable.Range(1, 100).Select(i => Messages.Span(i, 1))]));
        reader.Take(Messages.Logs("shop", [.. Enumerable.Range(0, 100).Select(_ => Messages.Log("line"))]));
        var ceiling = new MemoryCeiling(store, 1_000);
        ceiling.Check(1_000);
        Assert.Equal((0, 100, 100), (ceiling.Times, store.Traces.SpanCount, store.Logs.Count));
        ceiling.Check(1_001);
        Assert.Equal((1, 50, 50), (ceiling.Times, store.Traces.SpanCount, store.Logs.Count));
        Assert.Equal((50, 50), (store.Traces.Dropped, store.Logs.Dropped));
        // The oldest went.
        Assert.Equal(new TraceId(0, 100), store.Traces.List(_ => true, 1).Found[0].Id);
        Assert.Null(store.Traces.Find(new TraceId(0, 50)));
        for (var i = 0; i < 10; i++) ceiling.Check(1_001);
        Assert.Equal((0, 0, 0), (store.Traces.SpanCount, store.Traces.Bytes, store.Logs.Bytes));
    }

    private static ExportLogsServiceRequest From(string service, string instance)
    {
        var request = Messages.Logs(service, Messages.Log("failed", severity: 17));
        request.ResourceLogs[0].Resource = Messages.Resource(service, instance);
        return request;
    }

    private (TelemetryStore Store, OtlpReader Reader) With(TelemetryLimits limits)
    {
        var store = new TelemetryStore(limits, _time);
        return (store, new OtlpReader(store));
    }
}
