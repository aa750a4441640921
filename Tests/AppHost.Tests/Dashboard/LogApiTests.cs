using System.Net;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>Structured logs, as the page asks for them.</summary>
public sealed class LogApiTests
{
    [Fact]
    public async Task A_record_is_shown_with_everything_it_said()
    {
        await using var app = await DashboardApp.StartedAsync();
        var record = Messages.Log("Sold 3 books", severity: 17, trace: 1, span: 2);
        record.Attributes.Add([Messages.Text("Count", "3"), Messages.Text("{OriginalFormat}", "Sold {Count} books"), Messages.Text("exception.message", "short"), Messages.Text("exception.stacktrace", "at Shop.Sell()")]);
        await app.SendAsync(Messages.Logs("shop", record));
        var answer = await app.GetAsync("/api/logs");
        Assert.Equal((1, 0), (answer.Number("total"), answer.Number("dropped")));
        var shown = Assert.Single(answer.List("logs"));
        Assert.Equal((0, Messages.Start.ToUnixTimeMilliseconds()), (shown.Number("id"), shown.Number("at")));
        Assert.Equal(("shop", "one", "Error", "Tests.Category", "Sold 3 books"), (shown.Text("resource"), shown.Text("instance"), shown.Text("level"), shown.Text("category"), shown.Text("message")));
        Assert.Equal((Messages.TraceIdText(1), Messages.SpanIdText(2), "at Shop.Sell()"), (shown.Text("traceId"), shown.Text("spanId"), shown.Text("exception")));
        Assert.Equal(["Count=3", "exception.message=short"], shown.Pairs("attributes"));
    }

    [Fact]
    public async Task Without_a_trace_or_an_exception_there_is_null()
    {
        await using var app = await DashboardApp.StartedAsync();
        var record = Messages.Log("alone");
        (record.TimeUnixNano, record.ObservedTimeUnixNano) = (0, Messages.Nano(1_000));
        await app.SendAsync(Messages.Logs("shop", record));
        var shown = Assert.Single((await app.GetAsync("/api/logs")).List("logs"));
        Assert.Equal<string?>([null, null, null], [shown.Text("traceId"), shown.Text("spanId"), shown.Text("exception")]);
        Assert.Equal(Messages.Start.ToUnixTimeMilliseconds() + 1_000, shown.Number("at"));
    }

    [Fact]
    public async Task Levels_are_those_of_NET()
    {
        await using var app = await DashboardApp.StartedAsync();
        await app.SendAsync(Messages.Logs("shop", [.. ((int[])[0, 1, 4, 5, 9, 13, 17, 21, 24, 99]).Select(s => Messages.Log($"{s}", s))]));
        var levels = (await app.GetAsync("/api/logs")).List("logs").ToDictionary(l => l.Text("message")!, l => l.Text("level"));
        Assert.Equal("Information", levels["0"]);
        Assert.Equal(["Trace", "Trace", "Debug", "Information", "Warning", "Error", "Critical", "Critical", "Critical"], ((string[])["1", "4", "5", "9", "13", "17", "21", "24", "99"]).Select(s => levels[s]));
    }

    [Fact]
    public async Task Records_are_found_by_what_is_asked()
    {
        await using var app = await DashboardApp.StartedAsync();
        var sold = Messages.Log("sold", severity: 13, trace: 1, span: 2);
        sold.Attributes.Add(Messages.Text("Buyer", "Alice"));
        await app.SendAsync(Messages.Logs("shop", sold, Messages.Log("opened", severity: 5)));
        await app.SendAsync(Messages.Logs("store", Messages.Log("full", severity: 17, trace: 1, span: 3)));
        Assert.Equal(["full", "opened", "sold"], await MessagesAsync(""));
        Assert.Equal(["opened", "sold"], await MessagesAsync("resource=shop"));
        Assert.Equal(["full", "sold"], await MessagesAsync("level=warning"));
        Assert.Equal(["sold"], await MessagesAsync("q=ALICE"));
        Assert.Equal(["full", "sold"], await MessagesAsync($"traceId={Messages.TraceIdText(1)}"));
        Assert.Equal(["full"], await MessagesAsync($"traceId={Messages.TraceIdText(1)}&spanId={Messages.SpanIdText(3)}"));
        Assert.Equal((HttpStatusCode.BadRequest, "'loud' is no level; they are Trace, Debug, Information, Warning, Error, Critical."), await app.RefusedAsync("/api/logs?level=loud"));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefusedAsync("/api/logs?traceId=1")).Status);

        async Task<List<string?>> MessagesAsync(string question) => [.. (await app.GetAsync($"/api/logs?{question}")).List("logs").Select(t => t.Text("message"))];
    }

    [Fact]
    public async Task Older_pages_follow_the_id_of_the_last_one_shown()
    {
        await using var app = await DashboardApp.StartedAsync();
        await app.SendAsync(Messages.Logs("shop", [.. Enumerable.Range(0, 25).Select(i => Messages.Log($"{i}"))]));
        var seen = new List<int>();
        for (double? before = null; ;)
        {
            var page = await app.GetAsync($"/api/logs?limit=10{(before is null ? "" : $"&before={before}")}");
            Assert.Equal(25, page.Number("total"));
            if (page.List("logs") is not [.., var last] logs) break;
            before = last.Number("id");
            seen.AddRange(logs.Select(l => int.Parse(l.Text("message")!, null)));
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse(), seen);
    }

    [Fact]
    public async Task Error_records_are_counted_at_their_resource()
    {
        await using var app = new DashboardApp();
        app.Builder.AddParameter("shop", "x");
        await app.StartAsync();
        await app.SendAsync(Messages.Logs("shop", Messages.Log("a", 17), Messages.Log("b", 21), Messages.Log("c", 13)));
        Assert.Equal(2, Assert.Single((await app.GetAsync("/api/resources")).List("resources")).Number("errorLogs"));
    }
}
