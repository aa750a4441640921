using Google.Protobuf;
using Grpc.Core;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The receiver over gRPC.</summary>
public sealed class OtlpGrpcTests
{
    [Fact]
    public async Task Spans_logs_and_metrics_are_taken_whole()
    {
        await using var app = await DashboardApp.StartedAsync();
        Assert.Null(await app.SendAsync(Messages.Spans("shop", Messages.Span(1, 1))));
        Assert.Null(await app.SendAsync(Messages.Logs("shop", Messages.Log("hello"))));
        Assert.Null(await app.SendAsync(Messages.Metrics(Messages.Resource("shop"), Messages.Gauge("depth", 3))));
        Assert.Equal((1, 1, 1), (app.Store.Traces.SpanCount, app.Store.Logs.Count, app.Store.Metrics.SeriesCount));
        var telemetry = (await app.GetAsync("/api/overview")).GetProperty("telemetry");
        Assert.Equal([1, 1, 1], ((string[])["spans", "logs", "points"]).Select(n => telemetry.Number(n)));
        Assert.True((await app.GetAsync("/api/session")).GetProperty("hasTraffic").GetBoolean());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another-key-of-same-len")]
    public async Task Without_the_key_nothing_is_taken(string? key)
    {
        await using var app = await DashboardApp.StartedAsync();
        await DemandUnauthenticatedAsync(() => app.SendAsync(Messages.Spans("shop", Messages.Span(1, 1)), key));
        await DemandUnauthenticatedAsync(() => app.SendAsync(Messages.Logs("shop", Messages.Log("hello")), key));
        await DemandUnauthenticatedAsync(() => app.SendAsync(Messages.Metrics(Messages.Resource("shop"), Messages.Gauge("depth", 3)), key));
        Assert.Equal((0, 0, 0), (app.Store.Traces.SpanCount, app.Store.Logs.Count, app.Store.Metrics.SeriesCount));
    }

    [Fact]
    public async Task A_stranger_is_refused_before_its_message_is_read()
    {
        await using var app = await DashboardApp.StartedAsync();
        // Larger than any message may be: whoever reads it answers ResourceExhausted.
        await DemandUnauthenticatedAsync(() => app.SendAsync(Large(), "wrong"));
    }

    [Fact]
    public async Task A_message_over_8_MB_is_refused()
    {
        await using var app = await DashboardApp.StartedAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => app.SendAsync(Large()));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(0, app.Store.Logs.Count);
    }

    [Fact]
    public async Task Spans_without_a_valid_id_are_refused_and_the_others_taken()
    {
        await using var app = await DashboardApp.StartedAsync();
        var (noTrace, zeroTrace, shortTrace, noId, shortId) = (Messages.Span(1, 1), Messages.Span(1, 2), Messages.Span(1, 3), Messages.Span(1, 4), Messages.Span(1, 5));
        noTrace.TraceId = ByteString.Empty;
        zeroTrace.TraceId = Messages.TraceId(0);
        shortTrace.TraceId = ByteString.CopyFrom(1, 2, 3);
        noId.SpanId = ByteString.Empty;
        shortId.SpanId = ByteString.CopyFrom(1, 2, 3);
        var partial = await app.SendAsync(Messages.Spans("shop", noTrace, zeroTrace, shortTrace, noId, shortId, Messages.Span(1, 6)));
        Assert.Equal(5, partial!.Rejected);
        Assert.Contains("without a valid id", partial.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(1, app.Store.Traces.SpanCount);
    }

    [Fact]
    public async Task Kinds_that_are_not_charted_are_counted_as_dropped()
    {
        await using var app = await DashboardApp.StartedAsync();
        var exponential = new Metric { Name = "exponential", ExponentialHistogram = new Uncharted { DataPoints = { new Uncharted.Types.Nothing(), new Uncharted.Types.Nothing() } } };
        var summary = new Metric { Name = "summary", Summary = new Uncharted { DataPoints = { new Uncharted.Types.Nothing() } } };
        var partial = await app.SendAsync(Messages.Metrics(Messages.Resource("shop"), exponential, summary, Messages.Gauge("depth", 3)));
        Assert.Equal(3, partial!.Rejected);
        Assert.Equal(3, (await app.GetAsync("/api/overview")).GetProperty("telemetry").Number("droppedPoints"));
        Assert.Equal("depth", Assert.Single((await app.GetAsync("/api/metrics")).List("instruments")).Text("name"));
    }

    [Fact]
    public async Task Numbers_that_are_none_are_refused_and_break_no_answer()
    {
        await using var app = await DashboardApp.StartedAsync();
        var resource = Messages.Resource("shop");
        var unsorted = Messages.Histogram("unsorted", [2, 1], [1, 1, 1]);
        var noValue = new Metric { Name = "nothing measured", Gauge = new Gauge { DataPoints = { new NumberPoint() } } };
        var partial = await app.SendAsync(Messages.Metrics(
            resource, Messages.Gauge("a", double.NaN), Messages.Gauge("b", double.PositiveInfinity), Messages.Counter("c", double.NegativeInfinity), unsorted,
            Messages.Histogram("d", [1, double.NaN], [1, 1, 1]), noValue, Messages.Gauge("huge", double.MaxValue)));
        Assert.Equal(5, partial!.Rejected);
        Assert.Null(await app.SendAsync(Messages.Metrics(resource, Messages.Gauge("huge", double.MaxValue))));
        await app.GetAsync("/api/overview");
        Assert.Equal(["huge"], (await app.GetAsync("/api/metrics")).List("instruments").Select(i => i.Text("name")));
        await app.GetAsync("/api/metrics/series?resource=shop&meter=Meter&name=huge");
    }

    private static async Task DemandUnauthenticatedAsync(Func<Task> send)
    {
        var error = await Assert.ThrowsAsync<RpcException>(send);
        Assert.Equal((StatusCode.Unauthenticated, "The header x-otlp-api-key is missing or wrong."), (error.StatusCode, error.Status.Detail));
    }

    private static ExportLogsServiceRequest Large() => Messages.Logs("shop", Messages.Log(new string('x', 9 << 20)));
}
