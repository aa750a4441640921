using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>
/// The floor that the gateway's cost is a ratio to: a server in a process of its own that answers every request with the same bytes and
/// headers, computed by nobody.
/// </summary>
internal static class BareEndpoint
{
    /// <summary>The argument by which the benchmark starts itself as this server.</summary>
    public const string Command = "capacity-endpoint";

    /// <param name="arguments">A port of the loopback and the file with the answer.</param>
    public static int Run(string[] arguments)
    {
        if (arguments is not [var portText, var file] || !ushort.TryParse(portText, CultureInfo.InvariantCulture, out var port) || !File.Exists(file))
        {
            Console.Error.WriteLine($"usage: Benchmarks {Command} PORT FILE");
            return 2;
        }

        var body = File.ReadAllBytes(file);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.MapGet("/{**path}", async (HttpContext http) =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = body.Length;
            http.Response.Headers.CacheControl = "private, no-store";
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        });
        app.Run();
        return 0;
    }
}
