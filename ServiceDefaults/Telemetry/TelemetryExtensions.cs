using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RecoAspire.ServiceDefaults.Hosting;

namespace RecoAspire.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs for every service: scraped at <c>/metrics</c>, pushed over OTLP where an endpoint is set.</summary>
public static class TelemetryExtensions
{
    /// <summary>Source of the suite's own spans.</summary>
    public static readonly ActivitySource ActivitySource = new(MetricNames.Meter);

    /// <summary>Meter of the suite's own instruments.</summary>
    public static readonly Meter Meter = new(MetricNames.Meter);

    private const int MaxSeriesPerInstrument = 200;

    internal static void AddTelemetry(this WebApplicationBuilder builder, Region region)
    {
        ConfigureLogging(builder);
        builder.Services.AddSingleton<RequestRate>();
        builder.Services.AddSingleton<IStartupFilter, RequestRateFilter>();
        var collector = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

        var telemetry = builder.Services.AddOpenTelemetry();
        telemetry.ConfigureResource(resource => resource.AddAttributes([new(Region.ResourceAttribute, region.Name)]));
        telemetry.WithMetrics(metrics =>
        {
            metrics
                .AddMeter(MetricNames.Meter)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddView(Stream)
                // The labels are those of MetricNames and no others.
                .AddPrometheusExporter(o => o.ScopeInfoEnabled = false);
        });
        telemetry.WithTracing(tracing =>
        {
            // Without a collector spans would be recorded for nobody. Trace ids are passed on all the same.
            if (!collector) tracing.SetSampler(new AlwaysOffSampler());
            tracing
                .AddSource(MetricNames.Meter)
                .AddAspNetCoreInstrumentation(o => o.Filter = context => !IsProbe(context.Request.Path))
                .AddGrpcClientInstrumentation(o => o.SuppressDownstreamInstrumentation = true)
                .AddHttpClientInstrumentation();
        });

        if (collector) telemetry.UseOtlpExporter();
    }

    // The library makes room for 2,000 series of every instrument at once, 200 KB each; no instrument here has near as many.
    private static MetricStreamConfiguration Stream(Instrument instrument) =>
        instrument.Name is MetricNames.RecommendationLatency or MetricNames.VectorSearchLatency or MetricNames.ViewFreshness
            ? new ExplicitBucketHistogramConfiguration { Boundaries = MetricNames.LatencyBucketsSeconds, CardinalityLimit = MaxSeriesPerInstrument }
            : new MetricStreamConfiguration { CardinalityLimit = MaxSeriesPerInstrument };

    internal static bool IsProbe(string? path) =>
        path is not null && (path.StartsWith("/health", StringComparison.Ordinal) || path == "/metrics");

    private static void ConfigureLogging(WebApplicationBuilder builder)
    {
        if (Enum.TryParse<LogLevel>(MapLevel(builder.Configuration["LOG_LEVEL"]), ignoreCase: true, out var level))
            builder.Logging.SetMinimumLevel(level);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.ServiceDiscovery", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        // "Not ready" is an answer to a probe, not an error; the probe shows the reason.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        // The AppHost shows all addresses once, in one table.
        if (builder.Configuration["RECO_HOSTED"] is not null) builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(o => o.SingleLine = true);
        builder.Logging.AddOpenTelemetry(o =>
        {
            o.IncludeFormattedMessage = true;
            o.IncludeScopes = true;
        });
    }

    // The deployment guide writes "info" and "warn"; .NET writes Information and Warning.
    private static string? MapLevel(string? level) => level?.ToLowerInvariant() switch
    {
        "info" => "Information",
        "warn" => "Warning",
        "fatal" => "Critical",
        var other => other,
    };
}
