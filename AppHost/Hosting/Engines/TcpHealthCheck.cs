using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.Hosting.Engines;

/// <summary>Healthy when the endpoint takes a connection and, where something is said to it, answers.</summary>
internal sealed class TcpHealthCheck(EndpointReference endpoint, string? greeting) : IHealthCheck
{
    public static HealthCheckRegistration Registration(string key, EndpointReference endpoint, string? greeting = null) =>
        new(key, _ => new TcpHealthCheck(endpoint, greeting), HealthStatus.Unhealthy, null, TimeSpan.FromSeconds(2));

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var address = $"{endpoint.Host}:{endpoint.Port}";
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            if (greeting is null) return HealthCheckResult.Healthy();
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(greeting), cancellationToken);
            return await stream.ReadAsync(new byte[64], cancellationToken) > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"{address} hangs up");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy($"{address}: {e.Message}");
        }
    }
}
