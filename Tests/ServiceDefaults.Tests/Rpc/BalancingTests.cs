using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Rpc;

namespace RecoAspire.ServiceDefaults.Tests.Rpc;

/// <summary>Two servers of one service behind one name, as a headless Service of Kubernetes has them.</summary>
public sealed class BalancingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_addresses_behind_a_name_get_calls_and_when_one_dies_the_calls_go_on()
    {
        var port = FreePort();
        var (first, second) = (new NamedService("first"), new NamedService("second"));
        await using var one = await ServeAsync(first, "127.0.0.1", port);
        await using var caller = await CallerAsync(new Addresses(port, "127.0.0.1", "127.0.0.2"));
        var client = caller.Services.GetRequiredService<ViewService.ViewServiceClient>();
        await using (var two = await ServeAsync(second, "127.0.0.2", port))
        {
            for (var calls = 0; first.Calls == 0 || second.Calls == 0; calls++)
            {
                Assert.True(calls < 10_000, "one address gets no calls");
                await client.GetPositionsAsync(new(), cancellationToken: Cancellation);
            }

            var (before1, before2) = (first.Calls, second.Calls);
            for (var i = 0; i < 100; i++) await client.GetPositionsAsync(new(), cancellationToken: Cancellation);
            Assert.Equal((50, 50), (first.Calls - before1, second.Calls - before2));
        }

        var left = first.Calls;
        for (var i = 0; i < 100; i++) await client.GetPositionsAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(100, first.Calls - left);
    }

    [Fact]
    public async Task A_name_is_resolved_by_dns_and_calls_keep_their_deadline_and_their_retries()
    {
        var port = FreePort();
        var service = new ClientTests.ProbeService { UnavailableTimes = 2 };
        await using var host = await TestService.StartAsync(
            b => b.Services.AddSingleton(service), app => app.MapGrpcService<ClientTests.ProbeService>(), new() { ["GRPC_PORT"] = $"{port}" });
        await using var caller = await TestService.StartAsync(
            b => b.AddServiceGrpcClient<ViewService.ViewServiceClient>("probe", deadlineMs: 30_000),
            settings: new() { ["services:probe:http:0"] = $"dns:///localhost:{port}" });
        await caller.Services.GetRequiredService<ViewService.ViewServiceClient>().GetPositionsAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(3, service.Calls);
        Assert.InRange(service.Deadline - DateTime.UtcNow, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task A_name_without_addresses_is_unavailable()
    {
        await using var caller = await CallerAsync(new Addresses(80));
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await caller.Services.GetRequiredService<ViewService.ViewServiceClient>().GetPositionsAsync(new(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Theory]
    [InlineData("dns:///probe")]
    [InlineData("dns:///probe:0")]
    [InlineData("dns://8.8.8.8/probe:8000")]
    [InlineData("dns:///probe:8000/path")]
    [InlineData("dns:")]
    public async Task A_dns_address_that_is_none_stops_the_start(string address)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.StartAsync(
            b => b.AddServiceGrpcClient<ViewService.ViewServiceClient>("probe"), settings: new() { ["services:probe:http:0"] = address }));
        Assert.Equal($"services:probe:http:0 '{address}' must be dns:///host:port.", error.Message);
    }

    [Theory]
    [InlineData("VECTOR_DB_ENDPOINT", "vectorsearch", false)]
    [InlineData("GRAPH_DB_ENDPOINT", "graph", false)]
    [InlineData("VECTOR_DB_ENDPOINT", "vectorsearch", true)]
    public async Task The_guides_names_of_addresses_count(string variable, string service, bool bare)
    {
        var probe = new NamedService("probe");
        await using var host = await TestService.StartAsync(b => b.Services.AddSingleton(probe), app => app.MapGrpcService<NamedService>());
        var address = bare ? new Uri(host.GrpcAddress).Authority : host.GrpcAddress;
        await using var caller = await TestService.StartAsync(
            b => b.AddServiceGrpcClient<ViewService.ViewServiceClient>(service, deadlineMs: 20_000), settings: new() { [variable] = address });
        await caller.Services.GetRequiredService<ViewService.ViewServiceClient>().GetPositionsAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(1, probe.Calls);
    }

    [Fact]
    public async Task The_explicit_key_wins_over_the_guides_name()
    {
        var probe = new NamedService("probe");
        await using var host = await TestService.StartAsync(b => b.Services.AddSingleton(probe), app => app.MapGrpcService<NamedService>());
        await using var caller = await TestService.StartAsync(
            b => b.AddServiceGrpcClient<ViewService.ViewServiceClient>("graph", deadlineMs: 20_000),
            settings: new() { ["GRAPH_DB_ENDPOINT"] = "http://127.0.0.1:1", ["services:graph:http:0"] = host.GrpcAddress });
        await caller.Services.GetRequiredService<ViewService.ViewServiceClient>().GetPositionsAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(1, probe.Calls);
    }

    private static Task<TestService> ServeAsync(NamedService service, string address, int port) => TestService.StartAsync(
        b => b.Services.AddSingleton(service), app => app.MapGrpcService<NamedService>(),
        new() { ["LISTEN_ADDRESS"] = address, ["GRPC_PORT"] = $"{port}" });

    // A host file cannot be changed by a test, so the addresses come from a resolver of the same scheme.
    private static Task<TestService> CallerAsync(Addresses addresses) => TestService.StartAsync(
        b =>
        {
            b.Services.AddSingleton<ResolverFactory>(addresses);
            b.AddServiceGrpcClient<ViewService.ViewServiceClient>("probe", deadlineMs: 20_000);
        },
        settings: new() { ["services:probe:http:0"] = "dns:///probe:8000" });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal sealed class NamedService(string name) : ViewService.ViewServiceBase
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public override Task<GetPositionsResponse> GetPositions(GetPositionsRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref _calls);
            return Task.FromResult(new GetPositionsResponse { Positions = { new ViewPosition { View = name } } });
        }
    }

    private sealed class Addresses(int port, params string[] hosts) : ResolverFactory
    {
        public override string Name => "dns";

        public override Resolver Create(ResolverOptions options) => new Answer(options.LoggerFactory, hosts.Select(h => new BalancerAddress(h, port)));

        private sealed class Answer(ILoggerFactory loggers, IEnumerable<BalancerAddress> addresses) : PollingResolver(loggers)
        {
            protected override Task ResolveAsync(CancellationToken cancellationToken)
            {
                Listener(ResolverResult.ForResult([.. addresses]));
                return Task.CompletedTask;
            }
        }
    }
}
