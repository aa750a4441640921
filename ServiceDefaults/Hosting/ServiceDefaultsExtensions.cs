using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using RecoAspire.ServiceDefaults.Health;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Rpc;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.ServiceDefaults;

/// <summary>What every service of the suite gets: ports, telemetry, health, discovery, gRPC with sane limits.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Largest gRPC message a service sends or accepts, in bytes.</summary>
    public const int MaxGrpcMessageBytes = 8 * 1024 * 1024;

    /// <summary>Adds the defaults. Call it first.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="httpPort">Port for HTTP/1.1 when <c>HTTP_PORT</c> is not set; null = the host decides.</param>
    /// <param name="grpcPort">Port for gRPC when <c>GRPC_PORT</c> is not set; null = no gRPC port.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, int? httpPort = null, int? grpcPort = null)
    {
        ListenPorts.Configure(builder, httpPort, grpcPort);
        var region = Region.From(builder.Configuration);
        builder.Services.AddSingleton(region);
        builder.AddTelemetry(region);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<IdleMemory>();
        EndpointAliases.Apply(builder.Configuration);
        builder.Services.AddServiceDiscovery();
        builder.Services.AddSingleton<AdminKey>();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.AddGrpc(ConfigureGrpc);
        builder.Services.AddGrpcHealthChecks(o =>
            o.Services.Map("", registration => registration.Tags.Contains("ready") || registration.Tags.Contains("live")));
        var shutdown = ShutdownTimeout(builder.Configuration);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = shutdown);
        return builder;
    }

    /// <summary>
    /// Folder in which this service keeps its files: <c>Data:Directory</c>, else <c>.data/&lt;service&gt;</c> under the
    /// working directory. Created when missing.
    /// </summary>
    public static string GetDataDirectory(this IConfiguration configuration, string service)
    {
        var directory = configuration["Data:Directory"];
        if (string.IsNullOrWhiteSpace(directory)) directory = Path.Combine(".data", service);
        return Directory.CreateDirectory(directory).FullName;
    }

    /// <summary>
    /// Maps <c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c> and the gRPC health service. With <c>METRICS_PORT</c>,
    /// <c>/metrics</c> is answered there only, and nothing else there but <c>/health/*</c>.
    /// </summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        var metrics = app.MapPrometheusScrapingEndpoint("/metrics");
        if (!string.IsNullOrEmpty(app.Configuration["METRICS_PORT"]))
        {
            MetricsPort.Use(app);
            metrics.WithMetadata(MetricsPortEndpoint.Only);
        }

        MapHealth(app, "/health/live", r => r.Tags.Contains("live"));
        MapHealth(app, "/health/ready", r => r.Tags.Contains("ready"));
        MapHealth(app, "/health", null);
        app.MapGrpcHealthChecksService();
        return app;
    }

    private static void MapHealth(WebApplication app, string path, Func<HealthCheckRegistration, bool>? predicate) => app
        .MapHealthChecks(path, new HealthCheckOptions { Predicate = predicate, ResponseWriter = HealthReportWriter.WriteAsync })
        .WithMetadata(MetricsPortEndpoint.Too);

    // The AppHost gives a service 5 s to end: the default leaves a margin. Kubernetes gives as much as its grace period says.
    private static TimeSpan ShutdownTimeout(IConfiguration configuration)
    {
        var seconds = configuration.GetValue("Shutdown:TimeoutSeconds", 3);
        if (seconds is >= 1 and <= 300) return TimeSpan.FromSeconds(seconds);
        throw new InvalidOperationException($"Shutdown:TimeoutSeconds {seconds} is not in 1 to 300.");
    }

    private static void ConfigureGrpc(GrpcServiceOptions options)
    {
        options.EnableDetailedErrors = false;
        options.MaxReceiveMessageSize = MaxGrpcMessageBytes;
        options.MaxSendMessageSize = MaxGrpcMessageBytes;
        options.Interceptors.Add<ErrorInterceptor>();
    }
}
