using Google.Protobuf;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.Benchmarks;

/// <summary>Logs and metrics of one process, as the platform's services report them.</summary>
internal sealed class OtlpSignals(int service)
{
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private readonly Random _random = new(service);
    private readonly Dictionary<(string Name, int Series), ulong[]> _counts = [];
    private readonly Dictionary<(string Name, int Series), long> _totals = [];

    public byte[] Logs(int count, int batch)
    {
        var scope = new ScopeLogs { Scope = new Scope { Name = "RecoAspire.Load" } };
        Span<byte> trace = stackalloc byte[16];
        for (var i = 0; i < count; i++)
        {
            OtlpLoad.WriteTraceId(trace, batch, i);
            scope.LogRecords.Add(new LogRecord
            {
                TimeUnixNano = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000,
                SeverityNumber = _random.Next(100) == 0 ? 17 : 9,
                TraceId = ByteString.CopyFrom(trace),
                Body = new AnyValue { StringValue = $"Answered user {_random.Next()} with 20 items of 5 lists" },
                Attributes = { OtlpTemplate.Text("UserId", $"user-{_random.Next()}"), OtlpTemplate.Text("Items", "20"), OtlpTemplate.Text("{OriginalFormat}", "Answered user {UserId} with {Items} items of {Lists} lists") },
            });
        }

        return new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { Resource = OtlpTemplate.Resource(service), ScopeLogs = { scope } } } }.ToByteArray();
    }

    public byte[] Metrics(int second)
    {
        var scope = new ScopeMetrics { Scope = new Scope { Name = "RecoAspire" } };
        scope.Metrics.Add(Histogram("recommendation_latency_seconds", 4));
        scope.Metrics.Add(Histogram("http.server.request.duration", 8));
        scope.Metrics.Add(Histogram("view_freshness_seconds", 2));
        foreach (var name in (string[])["cache_hits_total", "cache_misses_total", "events_ingested_total", "dotnet.gc.collections"]) scope.Metrics.Add(Sum(name, 6));
        var gauge = new Gauge();
        gauge.DataPoints.Add(new NumberPoint { AsDouble = 100 + _random.Next(20) });
        scope.Metrics.Add(new Metric { Name = "http_requests_per_second", Unit = "{request}/s", Gauge = gauge });
        scope.Metrics.Add(new Metric { Name = "process.uptime", Unit = "s", Gauge = new Gauge { DataPoints = { new NumberPoint { AsInt = second } } } });
        return new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { Resource = OtlpTemplate.Resource(service), ScopeMetrics = { scope } } } }.ToByteArray();
    }

    private Metric Histogram(string name, int series)
    {
        var histogram = new Histogram { AggregationTemporality = 2 };
        for (var s = 0; s < series; s++)
        {
            if (!_counts.TryGetValue((name, s), out var counts)) counts = _counts[(name, s)] = new ulong[Bounds.Length + 1];
            for (var i = 0; i < 50; i++) counts[_random.Next(counts.Length)]++;
            var total = counts.Aggregate(0UL, (a, b) => a + b);
            histogram.DataPoints.Add(new HistogramPoint
            {
                Count = total,
                Sum = total * 0.02,
                BucketCounts = { counts },
                ExplicitBounds = { Bounds },
                Attributes = { OtlpTemplate.Text("http.route", $"/api/route-{s}"), OtlpTemplate.Text("http.response.status_code", s == 3 ? "500" : "200"), OtlpTemplate.Text("view", s == 0 ? "profiles" : "graph") },
            });
        }

        return new Metric { Name = name, Unit = "s", Histogram = histogram };
    }

    private Metric Sum(string name, int series)
    {
        var sum = new Sum { AggregationTemporality = 2, IsMonotonic = true };
        for (var s = 0; s < series; s++)
        {
            var total = _totals[(name, s)] = _totals.GetValueOrDefault((name, s)) + _random.Next(100);
            sum.DataPoints.Add(new NumberPoint { AsInt = total, Attributes = { OtlpTemplate.Text("kind", $"kind-{s}") } });
        }

        return new Metric { Name = name, Unit = "1", Sum = sum };
    }
}
