using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Integration.Monitoring;

/// <summary>Takes what Alertmanager sends and remembers it.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookServer(WebApplication app) => _app = app;

    /// <summary>Alerts in the order in which they came.</summary>
    public ConcurrentQueue<Received> Alerts { get; } = new();

    public string Url => _app.Urls.Single();

    public static async Task<WebhookServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new WebhookServer(app);
        app.MapPost("/{receiver}", server.TakeAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(string receiver, HttpContext context)
    {
        using var message = await JsonDocument.ParseAsync(context.Request.Body);
        foreach (var alert in message.RootElement.GetProperty("alerts").EnumerateArray())
        {
            var labels = alert.GetProperty("labels").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!);
            Alerts.Enqueue(new Received(receiver, alert.GetProperty("status").GetString()!, labels));
        }
    }

    /// <summary>One alert of a message.</summary>
    public sealed record Received(string Receiver, string Status, IReadOnlyDictionary<string, string> Labels);
}
