using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.Hosting.Running;

/// <summary>The HTTP request that says whether a resource is healthy.</summary>
internal sealed class HttpHealthCheckAnnotation(string resourceName, string endpointName, string path, int statusCode) : IResourceAnnotation
{
    public string Key { get; } = $"{resourceName}_{endpointName}_{path}_{statusCode}_check";

    public string EndpointName { get; } = endpointName;

    public string Path { get; } = path;

    public int StatusCode { get; } = statusCode;
}

/// <summary>Asks a resource whether it is well: its HTTP checks for each process, the checks registered under a key once.</summary>
internal sealed class HealthProbe(HealthCheckService registered, TimeProvider time) : IDisposable
{
    /// <summary>Short-lived requests to resources on this machine.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>One report per check; none where there are no checks.</summary>
    public async Task<ImmutableArray<HealthReportSnapshot>> CheckAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(c => c.Key).ToHashSet();
        if (keys.Count == 0) return [];
        var reports = ImmutableArray.CreateBuilder<HealthReportSnapshot>(keys.Count);
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            keys.Remove(check.Key);
            reports.Add(await AskAsync(resource, check, replica, cancellationToken));
        }

        if (keys.Count > 0)
        {
            var answer = await registered.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken);
            foreach (var (key, entry) in answer.Entries)
            {
                keys.Remove(key);
                reports.Add(new HealthReportSnapshot(key, entry.Status, entry.Description ?? entry.Exception?.Message, time.GetUtcNow()));
            }

            foreach (var key in keys) reports.Add(new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"no health check '{key}' is registered", time.GetUtcNow()));
        }

        return reports.DrainToImmutable();
    }

    public void Dispose() => Http.Dispose();

    private async Task<HealthReportSnapshot> AskAsync(IResource resource, HttpHealthCheckAnnotation check, int replica, CancellationToken cancellationToken)
    {
        var endpoint = new EndpointReference((IResourceWithEndpoints)resource, check.EndpointName).EndpointAnnotation;
        var port = replica < endpoint.ReplicaPorts.Count ? endpoint.ReplicaPorts[replica] : endpoint.AllocatedEndpoint!.Port;
        var url = $"{endpoint.UriScheme}://{endpoint.AllocatedEndpoint!.Address}:{port}{check.Path}";
        try
        {
            using var response = await Http.GetAsync(url, cancellationToken);
            return (int)response.StatusCode == check.StatusCode
                ? Report(HealthStatus.Healthy, null)
                : Report(HealthStatus.Unhealthy, $"GET {url} answered {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Report(HealthStatus.Unhealthy, e is TaskCanceledException ? $"GET {url}: no answer within {Http.Timeout.TotalSeconds:0} s" : $"GET {url}: {e.Message}");
        }

        HealthReportSnapshot Report(HealthStatus status, string? description) => new(check.Key, status, description, time.GetUtcNow());
    }
}
