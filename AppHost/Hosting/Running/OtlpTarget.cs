using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;

namespace RecoAspire.Hosting.Running;

/// <summary>The process sends telemetry.</summary>
internal sealed class OtlpExporterAnnotation : IResourceAnnotation;

/// <summary>Where telemetry goes: the dashboard, once it listens; else, or where the AppHost's own environment names a collector, where that says.</summary>
internal sealed class OtlpTarget
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";
    private readonly ParameterResource _header;

    public OtlpTarget() => _header = new ParameterResource("otlp-header", _ => $"x-otlp-api-key={ApiKey}", secret: true);

    /// <summary>gRPC address of the dashboard's receiver.</summary>
    public string? GrpcUrl { get; set; }

    /// <summary>Demanded from those who send.</summary>
    public string ApiKey { get; set; } = "";

    public void AddTo(Dictionary<string, object> variables, IResource resource, IHostEnvironment environment)
    {
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={RandomNumberGenerator.GetString(Alphabet, 8)}";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        if (environment.IsDevelopment()) variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (GrpcUrl is null || Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 }) return;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = GrpcUrl;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        if (ApiKey.Length > 0) variables["OTEL_EXPORTER_OTLP_HEADERS"] = _header;
    }
}
