using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using RecoAspire.Contracts.View.V1;

namespace RecoAspire.ServiceDefaults.Tests.Hosting;

public sealed class MetricsPortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_metrics_port_the_http_port_serves_metrics()
    {
        await using var service = await TestService.StartAsync();
        Assert.Equal(2, service.Addresses.Count);
        Assert.Contains("http_requests_per_second", await service.Http.GetStringAsync("/metrics", Cancellation));
    }

    [Theory]
    [InlineData("/metrics", HttpStatusCode.OK)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/api/thing", HttpStatusCode.NotFound)]
    [InlineData("/API/thing/", HttpStatusCode.NotFound)]
    [InlineData("/", HttpStatusCode.NotFound)]
    [InlineData("/grpc.health.v1.Health/Check", HttpStatusCode.NotFound)]
    public async Task The_metrics_port_answers_metrics_and_health_and_nothing_else(string path, HttpStatusCode expected)
    {
        await using var service = await StartAsync();
        using var metrics = new HttpClient { BaseAddress = new Uri(service.Addresses[2]) };
        Assert.Equal(expected, (await metrics.GetAsync(path, Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/METRICS/")]
    [InlineData("/%6Detrics")]
    public async Task With_a_metrics_port_the_http_port_does_not_serve_metrics_whatever_host_is_asked_for(string path)
    {
        await using var service = await StartAsync();
        var metricsPort = new Uri(service.Addresses[2]).Port;
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = $"127.0.0.1:{metricsPort}" } };
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.SendAsync(request, Cancellation)).StatusCode);
        Assert.Equal("thing", await service.Http.GetStringAsync("/api/thing", Cancellation));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health/live", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_host_that_is_asked_for_does_not_open_the_api_on_the_metrics_port()
    {
        await using var service = await StartAsync();
        using var metrics = new HttpClient { BaseAddress = new Uri(service.Addresses[2]) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/thing") { Headers = { Host = service.Http.BaseAddress!.Authority } };
        Assert.Equal(HttpStatusCode.NotFound, (await metrics.SendAsync(request, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_grpc_port_serves_calls_and_no_metrics()
    {
        await using var service = await StartAsync();
        var health = await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new(), cancellationToken: Cancellation);
        Assert.NotEqual(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.ServiceUnknown, health.Status);
        using var client = new HttpClient { BaseAddress = new Uri(service.GrpcAddress), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/metrics", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task No_call_reaches_a_service_by_the_metrics_port()
    {
        await using var service = await StartAsync();
        using var channel = GrpcChannel.ForAddress(service.Addresses[2]);
        // The port speaks HTTP/1.1 only.
        await Assert.ThrowsAsync<RpcException>(async () => await new ViewService.ViewServiceClient(channel).GetPositionsAsync(new(), cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("METRICS_PORT", "70000")]
    [InlineData("Shutdown:TimeoutSeconds", "0")]
    [InlineData("Shutdown:TimeoutSeconds", "301")]
    [InlineData("REGION", "Île de France")]
    [InlineData("VECTOR_DB_ENDPOINT", "bolt://neo4j:7687")]
    [InlineData("GRAPH_DB_ENDPOINT", "graph")]
    public async Task A_setting_out_of_its_range_stops_the_start_and_is_named(string key, string value)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.StartAsync(settings: new() { [key] = value }));
        Assert.Contains(key, error.Message);
        Assert.Contains(value, error.Message);
    }

    [Fact]
    public async Task A_metrics_port_that_another_port_has_is_refused()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.StartAsync(settings: new() { ["HTTP_PORT"] = "8080", ["METRICS_PORT"] = "8080" }));
        Assert.Contains("METRICS_PORT 8080", error.Message);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData("45", 45)]
    public async Task The_time_to_stop_is_configuration(string? seconds, int expected)
    {
        await using var service = await TestService.StartAsync(settings: new() { ["Shutdown:TimeoutSeconds"] = seconds });
        var options = (Microsoft.Extensions.Options.IOptions<Microsoft.Extensions.Hosting.HostOptions>)service.Services.GetService(typeof(Microsoft.Extensions.Options.IOptions<Microsoft.Extensions.Hosting.HostOptions>))!;
        Assert.Equal(TimeSpan.FromSeconds(expected), options.Value.ShutdownTimeout);
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(
        map: app => app.MapGet("/api/thing", () => "thing"), settings: new() { ["METRICS_PORT"] = "0" });
}
