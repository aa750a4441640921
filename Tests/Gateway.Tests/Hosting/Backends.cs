using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>The five services behind the gateway, in memory, on one real gRPC port.</summary>
internal sealed class Backends : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backends(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public InMemoryEventLog Log => _app.Services.GetRequiredService<InMemoryEventLog>();

    public LogState State => _app.Services.GetRequiredService<LogState>();

    public InMemoryProfiles Profiles => _app.Services.GetRequiredService<InMemoryProfiles>();

    public InMemoryEmbedding Embedding => _app.Services.GetRequiredService<InMemoryEmbedding>();

    public InMemoryVectors Vectors => _app.Services.GetRequiredService<InMemoryVectors>();

    public VectorModel Model => _app.Services.GetRequiredService<VectorModel>();

    public Faults Faults => _app.Services.GetRequiredService<Faults>();

    public static async Task<Backends> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<InMemoryEventLog>().AddSingleton<LogState>().AddSingleton<VectorModel>().AddSingleton<Faults>();
        builder.Services.AddSingleton<InMemoryProfiles>().AddSingleton<InMemoryEmbedding>().AddSingleton<InMemoryVectors>().AddSingleton<InMemoryGraph>();
        builder.Services.AddGrpc(o => o.Interceptors.Add<Faults>());
        var app = builder.Build();
        app.MapGrpcService<InMemoryEventLog>();
        app.MapGrpcService<InMemoryProfiles>();
        app.MapGrpcService<InMemoryEmbedding>();
        app.MapGrpcService<InMemoryVectors>();
        app.MapGrpcService<InMemoryGraph>();
        await app.StartAsync();
        return new Backends(app);
    }

    public async ValueTask DisposeAsync()
    {
        Log.CutTails();
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _app.StopAsync(impatient.Token);
        }
        catch (OperationCanceledException)
        {
            // Calls that a fault holds up end with the host.
        }

        await _app.DisposeAsync();
    }
}
