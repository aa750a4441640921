using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// Gives every endpoint a port once per run, on loopback; a resource that is restarted keeps it. A fixed port must be free.
/// <c>DcpPublisher:RandomizePorts=true</c> (tests) takes free ports everywhere.
/// </summary>
public sealed class PortAllocator(IConfiguration configuration)
{
    private readonly HashSet<int> _given = [];
    private readonly bool _randomise = configuration.GetValue("DcpPublisher:RandomizePorts", false);

    /// <exception cref="DistributedApplicationException">A fixed port is in use.</exception>
    public void Allocate(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var fixedPort = _randomise ? null : endpoint.Port ?? endpoint.TargetPort;
            var port = fixedPort ?? FreePort();
            if (fixedPort is not null && (!_given.Add(port) || !IsFree(port)))
                throw new DistributedApplicationException($"'{resource.Name}' needs port {port} ({endpoint.Name}), which is in use: stop the program that has it, or choose another port.");
            endpoint.TargetPort = port;
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        }
    }

    private int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (_given.Add(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
