using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.ServiceDefaults.Hosting;

/// <summary>
/// Two ports per service: <c>HTTP_PORT</c> speaks HTTP/1.1 (health, metrics, public API), <c>GRPC_PORT</c> speaks HTTP/2
/// without TLS. One plaintext port cannot offer both, because the protocol is chosen by TLS negotiation.
/// <c>LISTEN_ADDRESS</c> is loopback unless set (containers set <c>0.0.0.0</c>).
/// </summary>
internal static class ListenPorts
{
    public const long MaxRequestBodyBytes = 1_048_576;

    public static void Configure(WebApplicationBuilder builder, int? defaultHttpPort, int? defaultGrpcPort)
    {
        var httpPort = builder.Configuration.GetValue("HTTP_PORT", defaultHttpPort);
        var grpcPort = builder.Configuration.GetValue("GRPC_PORT", defaultGrpcPort);
        var address = ParseAddress(builder.Configuration["LISTEN_ADDRESS"]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 256;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            if (httpPort is { } http) kestrel.Listen(address, http, o => o.Protocols = HttpProtocols.Http1);
            if (grpcPort is { } grpc) kestrel.Listen(address, grpc, o => o.Protocols = HttpProtocols.Http2);
        });
    }

    private static IPAddress ParseAddress(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out var address)) return address;
        throw new InvalidOperationException($"LISTEN_ADDRESS '{text}' is not an IP address.");
    }
}
