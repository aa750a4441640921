using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RecoAspire.ServiceDefaults.Tests;

/// <summary>A service with the defaults, listening on free ports of this process.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private TestService(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Http = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        GrpcAddress = addresses[1];
        Addresses = addresses;
        _channel = GrpcChannel.ForAddress(GrpcAddress);
    }

    public HttpClient Http { get; }

    public string GrpcAddress { get; }

    /// <summary>HTTP, gRPC, and metrics where it has a port of its own.</summary>
    public IReadOnlyList<string> Addresses { get; }

    public IServiceProvider Services => _app.Services;

    public GrpcChannel Channel => _channel;

    public static async Task<TestService> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null, Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["HTTP_PORT"] = "0";
        builder.Configuration["GRPC_PORT"] = "0";
        foreach (var (key, value) in settings ?? []) builder.Configuration[key] = value;
        builder.AddServiceDefaults(0, 0);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestService(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
