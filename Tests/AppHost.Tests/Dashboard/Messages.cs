using System.Buffers.Binary;
using Google.Protobuf;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;
using Resource = RecoAspire.Hosting.Dashboard.Otlp.Wire.Resource;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>OTLP messages as exporters write them.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private const int Cumulative = 2;
    private const int Delta = 1;

    public static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public static ByteString TraceId(int number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), number);
        return ByteString.CopyFrom(bytes);
    }

    public static string TraceIdText(int number) => Convert.ToHexStringLower(TraceId(number).Span);

    public static ByteString SpanId(int number) => number == 0 ? ByteString.Empty : ByteString.CopyFrom(TraceId(number).Span[8..]);

    public static string SpanIdText(int number) => Convert.ToHexStringLower(SpanId(number).Span);

    public static Resource Resource(string service, string instance = "one", string? region = null)
    {
        var resource = new Resource { Attributes = { Text("service.name", service), Text("service.instance.id", instance) } };
        if (region is not null) resource.Attributes.Add(Text("cloud.region", region));
        return resource;
    }

    public static Span Span(int trace, int id, int parent = 0, string name = "step", double startMs = 0, double durationMs = 1) => new()
    {
        TraceId = TraceId(trace),
        SpanId = SpanId(id),
        ParentSpanId = SpanId(parent),
        Name = name,
        Kind = 1,
        StartTimeUnixNano = Nano(startMs),
        EndTimeUnixNano = Nano(startMs + durationMs),
    };

    /// <summary>Nanoseconds at some milliseconds after the start.</summary>
    public static ulong Nano(double milliseconds) => ((ulong)Start.ToUnixTimeMilliseconds() * 1_000_000) + (ulong)(milliseconds * 1e6);

    public static ExportTraceServiceRequest Spans(string service, params Span[] spans) => new()
    {
        ResourceSpans = { new ResourceSpans { Resource = Resource(service), ScopeSpans = { new ScopeSpans { Scope = new Scope { Name = "Tests" }, Spans = { spans } } } } },
    };

    public static LogRecord Log(string message, int severity = 9, int trace = 0, int span = 0) => new()
    {
        TimeUnixNano = Nano(0),
        SeverityNumber = severity,
        Body = new AnyValue { StringValue = message },
        TraceId = trace == 0 ? ByteString.Empty : TraceId(trace),
        SpanId = SpanId(span),
    };

    public static ExportLogsServiceRequest Logs(string service, params LogRecord[] records) => new()
    {
        ResourceLogs = { new ResourceLogs { Resource = Resource(service), ScopeLogs = { new ScopeLogs { Scope = new Scope { Name = "Tests.Category" }, LogRecords = { records } } } } },
    };

    public static ExportMetricsServiceRequest Metrics(Resource resource, params Metric[] metrics) => new()
    {
        ResourceMetrics = { new ResourceMetrics { Resource = resource, ScopeMetrics = { new ScopeMetrics { Scope = new Scope { Name = "Meter" }, Metrics = { metrics } } } } },
    };

    public static Metric Counter(string name, double total, bool isDelta = false, params KeyValue[] dimensions) => new()
    {
        Name = name,
        Unit = "1",
        Sum = new Sum { IsMonotonic = true, AggregationTemporality = isDelta ? Delta : Cumulative, DataPoints = { new NumberPoint { AsDouble = total, Attributes = { dimensions } } } },
    };

    public static Metric Gauge(string name, double value, params KeyValue[] dimensions) => new()
    {
        Name = name,
        Unit = "1",
        Gauge = new Gauge { DataPoints = { new NumberPoint { AsDouble = value, Attributes = { dimensions } } } },
    };

    public static Metric Histogram(string name, double[] bounds, ulong[] counts, bool isDelta = false, params KeyValue[] dimensions) => new()
    {
        Name = name,
        Unit = "s",
        Histogram = new Histogram
        {
            AggregationTemporality = isDelta ? Delta : Cumulative,
            DataPoints = { new HistogramPoint { Count = counts.Aggregate(0UL, (a, b) => a + b), ExplicitBounds = { bounds }, BucketCounts = { counts }, Attributes = { dimensions } } },
        },
    };
}
