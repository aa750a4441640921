using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Programs;

/// <summary>Says who it is; healthy while a file named like its port lies in the folder <c>GATE</c> (always, without one).</summary>
internal static class SmallServer
{
    public static async Task RunAsync()
    {
        var port = int.Parse(Environment.GetEnvironmentVariable("HTTP_PORT")!, CultureInfo.InvariantCulture);
        var gate = Environment.GetEnvironmentVariable("GATE");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using var app = builder.Build();
        var orders = 0;
        app.MapGet("/", () => $"{Environment.ProcessId} {port}");
        app.MapGet("/health", () => Results.StatusCode(gate is null || File.Exists(Path.Combine(gate, $"{port}")) ? 200 : 503));
        app.MapPost("/order", (HttpRequest request) => request.Headers["key"] == "open" ? Results.Text($"{Interlocked.Increment(ref orders)}") : Results.StatusCode(403));
        app.MapGet("/orders", () => $"{orders}");
        await app.RunAsync();
    }
}
