using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RecoAspire.ServiceDefaults.Hosting;

/// <summary>Mark of the connections that came in by <c>METRICS_PORT</c>.</summary>
internal sealed class MetricsConnection
{
    public static readonly MetricsConnection Instance = new();
}

/// <summary>Metadata of the endpoints that <c>METRICS_PORT</c> serves.</summary>
internal sealed class MetricsPortEndpoint
{
    /// <summary>Served there only: <c>/metrics</c>.</summary>
    public static readonly MetricsPortEndpoint Only = new();

    /// <summary>Served there as well: <c>/health/*</c>.</summary>
    public static readonly MetricsPortEndpoint Too = new();
}

/// <summary>Keeps what the ports answer apart, by the endpoint that routing has chosen: a path can be written in many ways.</summary>
internal static class MetricsPort
{
    public static void Use(WebApplication app) => app.Use(static (context, next) =>
    {
        if (context.GetEndpoint() is not { } endpoint) return next(context);
        var served = endpoint.Metadata.GetMetadata<MetricsPortEndpoint>();
        var here = context.Features.Get<MetricsConnection>() is null ? served != MetricsPortEndpoint.Only : served is not null;
        if (here) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
