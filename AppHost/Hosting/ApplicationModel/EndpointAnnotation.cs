using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port on which a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    public EndpointAnnotation(
        ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null, int? port = null, int? targetPort = null, bool? isExternal = null, bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : protocol.ToString().ToLowerInvariant());
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
        ResourceName.Demand(Name);
    }

    public ProtocolType Protocol { get; set; }

    public string UriScheme { get; set; }

    public string Name { get; set; }

    /// <summary>What is spoken: <c>http</c>, <c>http2</c>, <c>tcp</c>.</summary>
    public string Transport { get; set; }

    /// <summary>The port that others see; null = any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port on which the process listens; null = the same.</summary>
    public int? TargetPort { get; set; }

    public bool IsExternal { get; set; }

    public bool IsProxied { get; set; }

    public string TargetHost { get; set; } = "localhost";

    public bool TlsEnabled { get; set; }

    /// <summary>Where it is, once that has been decided.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    /// <summary>Where each process of a replicated resource listens; empty where one process listens on the public port itself.</summary>
    internal IReadOnlyList<int> ReplicaPorts { get; set; } = [];
}

/// <summary>Where an endpoint is.</summary>
public sealed record AllocatedEndpoint(EndpointAnnotation Endpoint, string Address, int Port)
{
    public string UriScheme => Endpoint.UriScheme;

    public string EndPointString => $"{Address}:{Port}";

    public string UriString => $"{UriScheme}://{EndPointString}";
}
