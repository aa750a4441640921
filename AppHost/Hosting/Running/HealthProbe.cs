namespace RecoAspire.Hosting.Running;

/// <summary>Asks a resource over HTTP whether it is well.</summary>
public sealed class HealthProbe : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>True when every check of the resource passes; also when it has none.</summary>
    public async Task<bool> IsHealthyAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var url = new EndpointReference((IResourceWithEndpoints)resource, check.EndpointName).Url + check.Path;
            try
            {
                using var response = await _http.GetAsync(url, cancellationToken);
                if ((int)response.StatusCode != check.StatusCode) return false;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => _http.Dispose();
}
