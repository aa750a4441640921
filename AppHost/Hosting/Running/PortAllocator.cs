using System.Net;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// Gives every endpoint a port once per run, on loopback; a resource that is restarted keeps it. A fixed port must be free.
/// One process listens on the public port itself; several have ports of their own behind it.
/// <c>DcpPublisher:RandomizePorts=true</c> (tests) takes free ports everywhere.
/// </summary>
internal sealed class PortAllocator(IConfiguration configuration)
{
    private readonly HashSet<int> _given = [];
    private readonly bool _randomise = configuration.GetValue("DcpPublisher:RandomizePorts", false);

    /// <exception cref="DistributedApplicationException">A fixed port is in use, or several processes cannot share it.</exception>
    public void Allocate(IResource resource)
    {
        var replicas = resource.GetReplicaCount();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            // A container's target port is inside it; everywhere else it is one of this machine's.
            var wanted = endpoint.Port ?? (resource is ContainerResource || replicas > 1 ? null : endpoint.TargetPort);
            var fixedPort = _randomise ? null : wanted;
            var port = fixedPort ?? FreePort();
            if (fixedPort is not null && (!_given.Add(port) || !TcpPort.IsFree(IPAddress.Loopback, port)))
                throw new DistributedApplicationException($"'{resource.Name}' needs port {port} ({endpoint.Name}), which is in use: stop the program that has it, or choose another port.");
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
            if (replicas > 1)
            {
                if (!endpoint.IsProxied || endpoint.TargetPort is not null)
                    throw new DistributedApplicationException($"'{resource.Name}' has {replicas} replicas, but its endpoint '{endpoint.Name}' fixes the port of the process: leave out targetPort and isProxied, or the replicas.");
                endpoint.ReplicaPorts = [.. Enumerable.Range(0, replicas).Select(_ => FreePort())];
            }
            else if (resource is not ContainerResource)
            {
                endpoint.TargetPort = port;
            }
        }
    }

    private int FreePort()
    {
        while (true)
        {
            var port = TcpPort.AnyFree(IPAddress.Loopback);
            if (_given.Add(port)) return port;
        }
    }
}
