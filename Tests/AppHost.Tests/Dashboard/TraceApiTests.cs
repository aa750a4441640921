using System.Net;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>Traces, as the page asks for them.</summary>
public sealed class TraceApiTests
{
    [Fact]
    public async Task A_trace_of_two_services_is_one_line_newest_first()
    {
        await using var app = await DashboardApp.StartedAsync();
        var failed = Messages.Span(1, 3, parent: 2, "query", startMs: 20, durationMs: 5);
        failed.Status = new Span.Types.Status { Code = 2, Message = "gone" };
        await app.SendAsync(Messages.Spans("store", failed));
        await app.SendAsync(Messages.Spans("shop", Messages.Span(1, 2, parent: 1, "call", startMs: 10, durationMs: 20), Messages.Span(1, 1, 0, "GET /", startMs: 5, durationMs: 100)));
        await app.SendAsync(Messages.Spans("shop", Messages.Span(2, 1, 0, "GET /other")));
        var answer = await app.GetAsync("/api/traces");
        Assert.Equal([Messages.TraceIdText(2), Messages.TraceIdText(1)], answer.List("traces").Select(t => t.Text("traceId")));
        Assert.Equal((2, 0), (answer.Number("total"), answer.Number("dropped")));
        var trace = answer.List("traces")[1];
        Assert.Equal(("GET /", "shop"), (trace.Text("name"), trace.Text("resource")));
        Assert.Equal((Messages.Start.ToUnixTimeMilliseconds() + 5, 100, 3, 1), (trace.Number("startedAt"), trace.Number("durationMs"), trace.Number("spans"), trace.Number("errors")));
        Assert.Equal([("shop", 2, 0), ("store", 1, 1)], trace.List("services").Select(s => (s.Text("name"), s.Number("spans"), s.Number("errors"))));
    }

    [Fact]
    public async Task Traces_are_found_by_service_text_length_and_errors()
    {
        await using var app = await DashboardApp.StartedAsync();
        var slow = Messages.Span(1, 1, 0, "slow", durationMs: 500);
        slow.Attributes.Add(Messages.Text("user.id", "Alice"));
        var failed = Messages.Span(2, 1, 0, "failed", durationMs: 2);
        failed.Status = new Span.Types.Status { Code = 2 };
        await app.SendAsync(Messages.Spans("shop", slow, failed));
        await app.SendAsync(Messages.Spans("store", Messages.Span(3, 1, 0, "quiet")));
        Assert.Equal(["failed", "slow"], await NamesAsync("resource=shop"));
        Assert.Equal(["slow"], await NamesAsync("q=alice"));
        Assert.Equal(["quiet"], await NamesAsync("q=UIE"));
        Assert.Equal(["failed"], await NamesAsync($"q={Messages.TraceIdText(2)}"));
        Assert.Equal(["slow"], await NamesAsync("minMs=400.5"));
        Assert.Equal(["failed"], await NamesAsync("errors=true"));
        Assert.Equal(["quiet", "failed", "slow"], await NamesAsync("errors=false"));
        Assert.Equal(["quiet"], await NamesAsync("limit=1"));
        Assert.Empty(await NamesAsync("resource=nobody"));

        async Task<List<string?>> NamesAsync(string question) => [.. (await app.GetAsync($"/api/traces?{question}")).List("traces").Select(t => t.Text("name"))];
    }

    [Fact]
    public async Task A_trace_is_shown_with_everything_its_spans_said()
    {
        await using var app = await DashboardApp.StartedAsync();
        var child = Messages.Span(7, 2, parent: 1, "child", startMs: 30, durationMs: 2.5);
        child.Kind = 3;
        child.Status = new Span.Types.Status { Code = 2, Message = "refused" };
        child.Attributes.Add(
        [
            Messages.Text("text", "value"), new KeyValue { Key = "number", Value = new AnyValue { IntValue = 42 } }, new KeyValue { Key = "real", Value = new AnyValue { DoubleValue = 0.5 } },
            new KeyValue { Key = "flag", Value = new AnyValue { BoolValue = true } }, new KeyValue { Key = "list", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { IntValue = 1 }, new AnyValue { StringValue = "b" } } } } },
            new KeyValue { Key = "map", Value = new AnyValue { KvlistValue = new KeyValueList { Values = { Messages.Text("k", "v") } } } }, new KeyValue { Key = "nothing" },
        ]);
        child.Events.Add(new Span.Types.Event { TimeUnixNano = Messages.Nano(31), Name = "exception", Attributes = { Messages.Text("exception.type", "E") } });
        child.Links.Add(new Span.Types.Link { TraceId = Messages.TraceId(9), SpanId = Messages.SpanId(8) });
        await app.SendAsync(Messages.Spans("shop", child, Messages.Span(7, 1, 0, "root", startMs: 10, durationMs: 40)));
        await app.SendAsync(Messages.Logs("shop", Messages.Log("inside", trace: 7, span: 2)));

        var trace = await app.GetAsync($"/api/traces/{Messages.TraceIdText(7)}");
        Assert.Equal((Messages.TraceIdText(7), "root", 40), (trace.Text("traceId"), trace.Text("name"), trace.Number("durationMs")));
        var spans = trace.List("spans");
        Assert.Equal(["root", "child"], spans.Select(s => s.Text("name")));
        Assert.Null(spans[0].Text("parentId"));
        var shown = spans[1];
        Assert.Equal((Messages.SpanIdText(2), Messages.SpanIdText(1), "Client", "shop", "one", "Tests"), (shown.Text("spanId"), shown.Text("parentId"), shown.Text("kind"), shown.Text("resource"), shown.Text("instance"), shown.Text("scope")));
        Assert.Equal((20, 2.5, "refused"), (shown.Number("startMs"), shown.Number("durationMs"), shown.Text("statusMessage")));
        Assert.True(shown.GetProperty("isError").GetBoolean() && shown.GetProperty("hasLogs").GetBoolean() && !spans[0].GetProperty("hasLogs").GetBoolean());
        Assert.Equal(["text=value", "number=42", "real=0.5", "flag=true", "list=[1, b]", "map={k: v}", "nothing="], shown.Pairs("attributes"));
        var happened = Assert.Single(shown.List("events"));
        Assert.Equal((21, "exception"), (happened.Number("atMs"), happened.Text("name")));
        Assert.Equal(["exception.type=E"], happened.Pairs("attributes"));
        var link = Assert.Single(shown.List("links"));
        Assert.Equal((Messages.TraceIdText(9), Messages.SpanIdText(8)), (link.Text("traceId"), link.Text("spanId")));
    }

    [Fact]
    public async Task A_trace_that_is_not_here_is_404_and_one_that_is_no_id_400()
    {
        await using var app = await DashboardApp.StartedAsync();
        Assert.Equal((HttpStatusCode.NotFound, "This trace is not here, or not any more."), await app.RefusedAsync($"/api/traces/{Messages.TraceIdText(1)}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefusedAsync("/api/traces/hello")).Status);
    }

    [Fact]
    public async Task A_span_that_ends_before_it_starts_has_no_length()
    {
        await using var app = await DashboardApp.StartedAsync();
        await app.SendAsync(Messages.Spans("shop", Messages.Span(1, 1, startMs: 10, durationMs: -5)));
        Assert.Equal(0, (await app.GetAsync("/api/traces")).List("traces")[0].Number("durationMs"));
    }
}
