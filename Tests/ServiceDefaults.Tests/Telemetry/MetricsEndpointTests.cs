using System.Reflection;
using System.Text.RegularExpressions;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.ServiceDefaults.Tests.Telemetry;

/// <summary>Dashboards and alerts rely on the names; the exporter may add suffixes for units and counters of its own accord.</summary>
public sealed partial class MetricsEndpointTests
{
    private static readonly HashSet<string> Names = [.. typeof(MetricNames)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(f => f.IsLiteral && f.Name != nameof(MetricNames.Meter))
        .Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [InlineData(null)]
    [InlineData("natural")]
    public async Task Every_metric_appears_under_exactly_its_name(string? unit)
    {
        await using var service = await TestService.StartAsync();
        var meter = TelemetryExtensions.Meter;
        foreach (var name in Names.Where(n => n != MetricNames.HttpRequestsPerSecond))
        {
            if (name.EndsWith("_total", StringComparison.Ordinal)) meter.CreateCounter<long>(name).Add(3);
            else if (IsHistogram(name) && name != MetricNames.LogBatch) meter.CreateHistogram<double>(name, unit is null ? null : "s").Record(0.12);
            else if (name == MetricNames.LogBatch) meter.CreateHistogram<long>(name).Record(3);
            else meter.CreateGauge<double>(name, unit is null ? null : UnitOf(name)).Record(3);
        }

        var text = await service.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        foreach (var name in Names)
        {
            var suffixes = IsHistogram(name) ? new[] { "_bucket", "_sum", "_count" } : [""];
            foreach (var suffix in suffixes) Assert.Matches(new Regex($"^{name}{suffix}[ {{]", RegexOptions.Multiline), text);
        }

        var ours = SampleName().Matches(text).Select(m => m.Groups[1].Value)
            .Where(n => Names.Any(known => n.StartsWith(known.Split('_')[0] + "_", StringComparison.Ordinal)))
            .Where(n => !n.StartsWith("http_server", StringComparison.Ordinal) && !n.StartsWith("http_client", StringComparison.Ordinal));
        Assert.All(ours, n => Assert.Contains(HistogramSuffix().Replace(n, ""), Names));
    }

    [Fact]
    public async Task Latency_has_the_buckets_of_the_objective_and_its_alert_and_no_foreign_labels()
    {
        await using var service = await TestService.StartAsync();
        TelemetryExtensions.Meter.CreateHistogram<double>(MetricNames.RecommendationLatency, "s")
            .Record(0.12, new KeyValuePair<string, object?>("variant", "test"));
        var text = await service.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("recommendation_latency_seconds_bucket{variant=\"test\",le=\"0.1\"} 0\n", text);
        Assert.Contains("recommendation_latency_seconds_bucket{variant=\"test\",le=\"0.15\"} 1\n", text);
    }

    [Fact]
    public async Task Answered_requests_are_counted_and_probes_are_not()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var service = await TestService.StartAsync(b => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(b.Services, time));
        for (var i = 0; i < 20; i++) await service.Http.GetAsync("/nothing-here", TestContext.Current.CancellationToken);
        await service.Http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        var rate = (RequestRate)service.Services.GetService(typeof(RequestRate))!;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, rate.PerSecond());
    }

    private static bool IsHistogram(string name) =>
        name == MetricNames.LogBatch || (name != MetricNames.ReplicationLag && name.EndsWith("_seconds", StringComparison.Ordinal));

    private static string? UnitOf(string name) =>
        name.EndsWith("_percent", StringComparison.Ordinal) ? "%" : name.EndsWith("_seconds", StringComparison.Ordinal) ? "s" : null;

    [GeneratedRegex("^([a-z_0-9]+)[ {]", RegexOptions.Multiline)]
    private static partial Regex SampleName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}
