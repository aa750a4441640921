using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens and who may see it.</summary>
internal sealed class DashboardOptions
{
    private DashboardOptions(IConfiguration configuration)
    {
        var random = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        Page = Listener.From(configuration, "ASPNETCORE_URLS", "page", 15000, random);
        OtlpGrpc = Listener.From(configuration, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "OTLP gRPC receiver", 19000, random);
        OtlpHttp = Listener.From(configuration, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "OTLP HTTP receiver", 19001, random);
        BrowserToken = configuration["AppHost:BrowserToken"] ?? configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        OtlpApiKey = configuration["AppHost:OtlpApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        MemoryCeilingMegabytes = configuration.GetValue("Dashboard:MemoryCeilingMegabytes", 320);
        configuration.GetSection("Dashboard:TelemetryLimits").Bind(Limits);
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

    public TelemetryLimits Limits { get; } = new();

    /// <exception cref="DistributedApplicationException">An address makes no sense, or may not be used.</exception>
    public static DashboardOptions From(IConfiguration configuration) => new(configuration);
}

/// <summary>An address to listen on.</summary>
internal sealed record Listener(string Host, IPAddress Address, int Port)
{
    public string Url => $"http://{Host}:{Port}";

    public static Listener From(IConfiguration configuration, string key, string what, int defaultPort, bool random)
    {
        var text = configuration[key]?.Split(';').FirstOrDefault(u => u.StartsWith("http:", StringComparison.Ordinal)) ?? configuration[key] ?? $"http://localhost:{defaultPort}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "http")
            throw new DistributedApplicationException($"The dashboard's {what} cannot listen on '{text}': {key} must be an http address, such as http://localhost:{defaultPort}.");
        var address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out var given) ? given : null;
        if (address is null || (!IPAddress.IsLoopback(address) && !configuration.GetValue("ASPIRE_ALLOW_UNSECURED_TRANSPORT", false)))
            throw new DistributedApplicationException($"The dashboard's {what} would show '{url.Host}' without encryption: use localhost, or set ASPIRE_ALLOW_UNSECURED_TRANSPORT=true.");
        var port = random || url.Port == 0 ? FreePort() : url.Port;
        if (!IsFree(address, port))
            throw new DistributedApplicationException($"The dashboard's {what} needs port {port}, which is in use: stop the program that has it, or choose another port with {key}=http://localhost:PORT.");
        return new Listener(url.Host, address, port);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
