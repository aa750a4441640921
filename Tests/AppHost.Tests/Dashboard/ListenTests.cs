using System.Net;
using System.Net.Sockets;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>Where the dashboard listens, and what it says where it cannot.</summary>
public sealed class ListenTests
{
    private static readonly string[] Settings = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];

    [Fact]
    public async Task A_port_in_use_names_the_setting_that_helps()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        foreach (var (setting, what) in Settings.Zip((string[])["page", "OTLP gRPC receiver", "OTLP HTTP receiver"]))
        {
            Assert.Equal(
                $"The dashboard's {what} needs port {port}, which is in use: stop the program that has it, or choose another port with {setting}=http://localhost:PORT.",
                await ErrorAsync([$"--{setting}=http://localhost:{port}"]));
        }
    }

    [Fact]
    public async Task Without_encryption_only_this_machine_may_look()
    {
        foreach (var setting in Settings)
        {
            foreach (var host in (string[])["0.0.0.0", "192.0.2.1", "[::]", "dashboard.example"])
            {
                var error = await ErrorAsync([$"--{setting}=http://{host}:0"]);
                Assert.Contains($"would show '{host}' without encryption: use localhost, or set ASPIRE_ALLOW_UNSECURED_TRANSPORT=true.", error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Where_it_is_allowed_others_may_look()
    {
        await using var app = await DashboardApp.StartedAsync("--ASPNETCORE_URLS=http://0.0.0.0:0", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://0.0.0.0:0", "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true");
        Assert.Null(await app.SendAsync(Messages.Spans("shop", Messages.Span(1, 1))));
    }

    [Theory]
    [InlineData("https://localhost:0")]
    [InlineData("localhost")]
    [InlineData("unix:socket")]
    public async Task An_address_that_is_not_http_is_refused(string address)
    {
        foreach (var setting in Settings)
            Assert.Contains($"{setting} must be an http address, such as http://localhost:1", await ErrorAsync([$"--{setting}={address}"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_addresses_the_http_one_counts()
    {
        await using var app = await DashboardApp.StartedAsync("--ASPNETCORE_URLS=https://localhost:1;http://127.0.0.1:0");
        Assert.Equal("127.0.0.1", app.Page.BaseAddress!.Host);
    }

    [Fact]
    public async Task The_same_port_twice_is_refused()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var error = await ErrorAsync(["--DcpPublisher:RandomizePorts=false", .. Settings.Select(s => $"--{s}=http://localhost:{port}")]);
        Assert.Equal($"The dashboard's page and its two OTLP receivers need a port each; they were given {port}, {port} and {port}.", error);
    }

    [Theory]
    [InlineData("MaxTraceCount", "0")]
    [InlineData("MaxLogCount", "-1")]
    [InlineData("MaxMegabytes", "0")]
    public async Task A_limit_of_nothing_is_refused(string name, string value) =>
        Assert.Equal($"Dashboard:TelemetryLimits:{name} must be at least 1, not {value}.", await ErrorAsync([$"--Dashboard:TelemetryLimits:{name}={value}"]));

    [Fact]
    public async Task A_limit_that_is_no_number_is_refused_by_name() =>
        Assert.Contains("Dashboard:TelemetryLimits:MaxLogCount", await ErrorAsync(["--Dashboard:TelemetryLimits:MaxLogCount=many"]), StringComparison.Ordinal);

    private static async Task<string> ErrorAsync(string[] arguments)
    {
        // A port that is given counts only where ports are not random.
        await using var app = new DashboardApp(["--DcpPublisher:RandomizePorts=false", .. Settings.Select(s => $"--{s}=http://localhost:0"), .. arguments]);
        var error = await Assert.ThrowsAnyAsync<DistributedApplicationException>(app.StartAsync);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }
}
