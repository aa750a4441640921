using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Google.Protobuf;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The receiver over HTTP.</summary>
public sealed class OtlpHttpTests
{
    [Fact]
    public async Task Spans_logs_and_metrics_are_taken_packed_or_not()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var encoding in (string?[])[null, "identity", "gzip"])
        {
            await DemandTakenAsync("/v1/traces", Messages.Spans("shop", Messages.Span(1, 1)), encoding);
            await DemandTakenAsync("/v1/logs", Messages.Logs("shop", Messages.Log("hello")), encoding);
            await DemandTakenAsync("/v1/metrics", Messages.Metrics(Messages.Resource("shop"), Messages.Gauge("depth", 3)), encoding);
        }

        Assert.Equal((3, 3, 1), (app.Store.Traces.SpanCount, app.Store.Logs.Count, app.Store.Metrics.SeriesCount));

        async Task DemandTakenAsync(string path, IMessage request, string? encoding)
        {
            using var answer = await app.PostAsync(path, encoding == "gzip" ? Packed(request.ToByteArray()) : request.ToByteArray(), encoding: encoding);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("application/x-protobuf", answer.Content.Headers.ContentType?.MediaType);
            Assert.Null(ExportTraceServiceResponse.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync()).PartialSuccess);
        }
    }

    [Fact]
    public async Task What_was_not_taken_is_in_the_answer()
    {
        await using var app = await DashboardApp.StartedAsync();
        var span = Messages.Span(1, 1);
        span.TraceId = ByteString.Empty;
        using var answer = await app.PostAsync("/v1/traces", Messages.Spans("shop", span).ToByteArray());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, ExportTraceServiceResponse.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync()).PartialSuccess.Rejected);
    }

    [Fact]
    public async Task Without_the_key_it_is_401()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var key in (string?[])[null, "wrong"])
        {
            app.Exporter.DefaultRequestHeaders.Remove("x-otlp-api-key");
            if (key is not null) app.Exporter.DefaultRequestHeaders.Add("x-otlp-api-key", key);
            await DemandRefusedAsync(app.PostAsync("/v1/traces", Messages.Spans("shop", Messages.Span(1, 1)).ToByteArray()), HttpStatusCode.Unauthorized);
        }

        Assert.Equal(0, app.Store.Traces.SpanCount);
    }

    [Fact]
    public async Task Another_content_type_or_encoding_is_415()
    {
        await using var app = await DashboardApp.StartedAsync();
        await DemandRefusedAsync(app.PostAsync("/v1/traces", "{}"u8.ToArray(), "application/json"), HttpStatusCode.UnsupportedMediaType);
        await DemandRefusedAsync(app.PostAsync("/v1/traces", [1], encoding: "br"), HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_broken_body_is_400()
    {
        await using var app = await DashboardApp.StartedAsync();
        var good = Messages.Spans("shop", Messages.Span(1, 1)).ToByteArray();
        await DemandRefusedAsync(app.PostAsync("/v1/traces", good[..^3]), HttpStatusCode.BadRequest);
        await DemandRefusedAsync(app.PostAsync("/v1/logs", [0xff, 0xff, 0xff]), HttpStatusCode.BadRequest);
        await DemandRefusedAsync(app.PostAsync("/v1/metrics", good, encoding: "gzip"), HttpStatusCode.BadRequest);
        await DemandRefusedAsync(app.PostAsync("/v1/traces", Packed(good)[..^12], encoding: "gzip"), HttpStatusCode.BadRequest);
        Assert.Equal(0, app.Store.Traces.SpanCount);
    }

    [Fact]
    public async Task A_body_over_8_MB_is_413_also_where_it_is_that_only_unpacked()
    {
        await using var app = await DashboardApp.StartedAsync();
        var large = Messages.Logs("shop", Messages.Log(new string('x', 9 << 20))).ToByteArray();
        await DemandRefusedAsync(app.PostAsync("/v1/logs", large), HttpStatusCode.RequestEntityTooLarge);
        await DemandRefusedAsync(app.PostAsync("/v1/logs", Packed(large), encoding: "gzip"), HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(0, app.Store.Logs.Count);
    }

    [Fact]
    public async Task The_ports_of_the_receiver_show_no_page()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var path in (string[])["/", "/login", "/api/overview", "/health", "/v2/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"])
        {
            using var answer = await app.Exporter.GetAsync(path, app.Limit);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        // HTTP/2 without TLS, as gRPC speaks it.
        using var grpc = new HttpClient { BaseAddress = new Uri(app.GrpcAddress), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var path in (string[])["/", "/login", "/api/overview", "/v1/traces"])
        {
            using var answer = await grpc.GetAsync(path, app.Limit);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }
    }

    private static async Task DemandRefusedAsync(Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var answer = await sending;
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("title")!);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
