using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using RecoAspire.Hosting.Dashboard.Telemetry;
using RecoAspire.Hosting.Running;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens and who may see it.</summary>
internal sealed class DashboardOptions
{
    private const string LimitsSection = "Dashboard:TelemetryLimits";

    private DashboardOptions(IConfiguration configuration)
    {
        var random = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        Page = Listener.From(configuration, "ASPNETCORE_URLS", "page", 15000, random);
        OtlpGrpc = Listener.From(configuration, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "OTLP gRPC receiver", 19000, random);
        OtlpHttp = Listener.From(configuration, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "OTLP HTTP receiver", 19001, random);
        BrowserToken = configuration["AppHost:BrowserToken"] ?? configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        OtlpApiKey = configuration["AppHost:OtlpApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        MemoryCeilingMegabytes = configuration.GetValue("Dashboard:MemoryCeilingMegabytes", 320);
        configuration.GetSection(LimitsSection).Bind(Limits);
        foreach (var (name, value) in Limits.All())
        {
            if (value < 1) throw new DistributedApplicationException($"{LimitsSection}:{name} must be at least 1, not {value}.");
        }

        if (!HasRandomPort && new[] { Page.Port, OtlpGrpc.Port, OtlpHttp.Port }.Distinct().Count() < 3)
            throw new DistributedApplicationException($"The dashboard's page and its two OTLP receivers need a port each; they were given {Page.Port}, {OtlpGrpc.Port} and {OtlpHttp.Port}.");
    }

    public Listener Page { get; }

    public Listener OtlpGrpc { get; }

    public Listener OtlpHttp { get; }

    /// <summary>Opens the page; in the printed address.</summary>
    public string BrowserToken { get; }

    /// <summary>Demanded from those who send telemetry.</summary>
    public string OtlpApiKey { get; }

    /// <summary>Resident memory of the AppHost above which telemetry is thrown away.</summary>
    public int MemoryCeilingMegabytes { get; }

    /// <summary>The ports may be others at the next attempt.</summary>
    public bool HasRandomPort => Page.IsRandom || OtlpGrpc.IsRandom || OtlpHttp.IsRandom;

    public TelemetryLimits Limits { get; } = new();

    /// <exception cref="DistributedApplicationException">An address makes no sense, or may not be used.</exception>
    public static DashboardOptions From(IConfiguration configuration)
    {
        try
        {
            return new(configuration);
        }
        catch (InvalidOperationException e)
        {
            // A setting that is no number.
            throw new DistributedApplicationException(e.Message);
        }
    }
}

/// <summary>An address to listen on.</summary>
internal sealed record Listener(string Host, IPAddress Address, int Port, bool IsRandom)
{
    /// <summary>Address for people of this machine.</summary>
    public string Url => $"http://{(IsAny ? "localhost" : Host)}:{Port}";

    /// <summary>Address for processes of this machine.</summary>
    public string LocalUrl => $"http://{(IsAny ? IPAddress.Loopback : Address) switch { { AddressFamily: AddressFamily.InterNetworkV6 } six => $"[{six}]", var four => four.ToString() }}:{Port}";

    private bool IsAny => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>Whether a request's Host header names this listener. A name of somebody else's that leads here does not; an address that leads here does.</summary>
    public bool IsOurs(string host, IPAddress? reached) =>
        host is "localhost" or "127.0.0.1" or "[::1]" || host == Host || (IsAny && reached is not null && IPAddress.TryParse(host.Trim('[', ']'), out var address) && address.Equals(reached.IsIPv4MappedToIPv6 ? reached.MapToIPv4() : reached));

    public static Listener From(IConfiguration configuration, string key, string what, int defaultPort, bool random)
    {
        var text = configuration[key]?.Split(';').FirstOrDefault(u => u.StartsWith("http:", StringComparison.Ordinal)) ?? configuration[key] ?? $"http://localhost:{defaultPort}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "http")
            throw new DistributedApplicationException($"The dashboard's {what} cannot listen on '{text}': {key} must be an http address, such as http://localhost:{defaultPort}.");
        var address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out var given) ? given : null;
        if (address is null || (!IPAddress.IsLoopback(address) && !configuration.GetValue("ASPIRE_ALLOW_UNSECURED_TRANSPORT", false)))
            throw new DistributedApplicationException($"The dashboard's {what} would show '{url.Host}' without encryption: use localhost, or set ASPIRE_ALLOW_UNSECURED_TRANSPORT=true.");
        var isRandom = random || url.Port == 0;
        var port = isRandom ? TcpPort.AnyFree(address) : url.Port;
        if (!isRandom && !TcpPort.IsFree(address, port))
            throw new DistributedApplicationException($"The dashboard's {what} needs port {port}, which is in use: stop the program that has it, or choose another port with {key}=http://localhost:PORT.");
        return new Listener(url.Host, address, port, isRandom);
    }
}
