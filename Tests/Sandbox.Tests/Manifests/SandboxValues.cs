using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace RecoAspire.Sandbox.Tests.Manifests;

/// <summary>
/// What holds in a cluster and not on one machine, replaced: container ports by free loopback ports, names of services by loopback, secrets by random
/// values. All pods of one suite share one object, so that they find each other and know the same secrets.
/// </summary>
internal sealed partial class SandboxValues(IReadOnlyCollection<string> services)
{
    private readonly Dictionary<(string Service, int Number), int> _ports = [];
    private readonly Dictionary<(string Name, string Key), string> _secrets = [];

    /// <summary>The loopback port that stands for a container's port; the same for the same question.</summary>
    public int Port(string service, int number)
    {
        if (_ports.TryGetValue((service, number), out var port)) return port;
        do port = FreePort();
        while (_ports.ContainsValue(port));
        return _ports[(service, number)] = port;
    }

    /// <summary>A random value; the same for the same key of the same secret.</summary>
    public string Secret(string name, string key)
    {
        if (_secrets.TryGetValue((name, key), out var secret)) return secret;
        return _secrets[(name, key)] = RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    /// <summary>
    /// The value with the addresses of services of the suite (<c>eventlog:8000</c>, <c>eventlog.recommendation.svc.cluster.local:8000</c>) on
    /// loopback. Null where it names a host that no sandbox stands for.
    /// </summary>
    public string? OnLoopback(string value)
    {
        var unknown = false;
        var replaced = HostAndPort().Replace(value, match =>
        {
            var host = match.Groups["host"].Value;
            if (host == "localhost") return match.Value;
            var service = host.Split('.')[0];
            if (services.Contains(service)) return $"127.0.0.1:{Port(service, int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture))}";
            unknown = true;
            return match.Value;
        });
        return unknown ? null : replaced;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"(?<![A-Za-z0-9.-])(?<host>[a-z][a-z0-9.-]*):(?<port>[0-9]{2,5})(?![0-9])")]
    private static partial Regex HostAndPort();
}
