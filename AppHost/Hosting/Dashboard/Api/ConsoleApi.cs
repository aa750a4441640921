using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace RecoAspire.Hosting.Dashboard.Api;

/// <summary>What the resources print.</summary>
internal sealed class ConsoleApi(ResourceLoggerService loggers)
{
    private const int MaxLines = 1_000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/console", (string? resource, string? replica, int? after, int? limit) =>
    {
        var lines = loggers.Read(after, Math.Clamp(limit ?? MaxLines, 1, MaxLines), l => (resource is null || l.Resource == resource) && (replica is null || l.Replica == replica));
        return new
        {
            Lines = lines.Select(l => new { Seq = l.LineNumber, At = l.At.ToUnixTimeMilliseconds(), l.Resource, l.Replica, IsError = l.IsErrorMessage, Text = l.Content }),
            Next = lines.Count > 0 ? lines[^1].LineNumber : after ?? 0,
            loggers.Dropped,
        };
    });
}
