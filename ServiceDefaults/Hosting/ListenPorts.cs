using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.ServiceDefaults.Hosting;

/// <summary>
/// Two ports per service: <c>HTTP_PORT</c> speaks HTTP/1.1 (health, metrics, public API), <c>GRPC_PORT</c> speaks HTTP/2
/// without TLS. One plaintext port cannot offer both, because the protocol is chosen by TLS negotiation.
/// With <c>METRICS_PORT</c> there is a third one, which nothing but <c>/metrics</c> and <c>/health/*</c> answers on.
/// <c>LISTEN_ADDRESS</c> is loopback unless set (containers set <c>0.0.0.0</c>).
/// </summary>
internal static class ListenPorts
{
    public const long MaxRequestBodyBytes = 1_048_576;

    public static void Configure(WebApplicationBuilder builder, int? defaultHttpPort, int? defaultGrpcPort)
    {
        var httpPort = builder.Configuration.GetValue("HTTP_PORT", defaultHttpPort);
        var grpcPort = builder.Configuration.GetValue("GRPC_PORT", defaultGrpcPort);
        var metricsPort = builder.Configuration.GetValue<int?>("METRICS_PORT");
        if (metricsPort is < 0 or > 65_535) throw new InvalidOperationException($"METRICS_PORT {metricsPort} is not a port (0 to 65535; 0 = any free one).");
        if (metricsPort > 0 && (metricsPort == httpPort || metricsPort == grpcPort))
            throw new InvalidOperationException($"METRICS_PORT {metricsPort} is taken by another port of this service.");
        var address = ParseAddress(builder.Configuration["LISTEN_ADDRESS"]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 256;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            if (httpPort is { } http) kestrel.Listen(address, http, o => o.Protocols = HttpProtocols.Http1);
            if (grpcPort is { } grpc) kestrel.Listen(address, grpc, o => o.Protocols = HttpProtocols.Http2);
            if (metricsPort is { } metrics) kestrel.Listen(address, metrics, ConfigureMetrics);
        });
    }

    // The listener marks its connections: what a request says about its host is the caller's word.
    private static void ConfigureMetrics(ListenOptions options)
    {
        options.Protocols = HttpProtocols.Http1;
        options.Use(next => connection =>
        {
            connection.Features.Set(MetricsConnection.Instance);
            return next(connection);
        });
    }

    private static IPAddress ParseAddress(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out var address)) return address;
        throw new InvalidOperationException($"LISTEN_ADDRESS '{text}' is not an IP address.");
    }
}
