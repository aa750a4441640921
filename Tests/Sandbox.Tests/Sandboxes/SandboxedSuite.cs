using System.Diagnostics;
using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using RecoAspire.Sandbox.Tests.Manifests;

namespace RecoAspire.Sandbox.Tests.Sandboxes;

/// <summary>All services of the suite in sandboxes, started together in no order, as a cluster starts them.</summary>
internal sealed class SandboxedSuite : IAsyncDisposable
{
    /// <summary>Name of the container port that answers <c>/metrics</c>.</summary>
    public static readonly string MetricsPort = "metrics";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Dictionary<string, SandboxProcess> _sandboxes;

    private SandboxedSuite(Dictionary<string, SandboxProcess> sandboxes) => _sandboxes = sandboxes;

    public HttpClient Http => _http;

    public SandboxProcess this[string service] => _sandboxes[service];

    public static async Task<SandboxedSuite> StartAsync(PublishedServices published, CancellationToken cancellationToken)
    {
        var plans = ManifestSet.Load(ManifestSet.Folder).Plan(new SandboxValues(ManifestSet.Services), ManifestSet.Services);
        var suite = new SandboxedSuite(plans.ToDictionary(p => p.Service, p => SandboxProcess.Start(
            p, published.Bubblewrap.Command(p, published.Application(p.Service), PublishedServices.EntryPoint(p.Service)))));
        try
        {
            foreach (var service in ManifestSet.Services)
                await suite.UntilAsync(service, () => suite.GetStatusAsync(suite[service].Plan.Http("/health/ready"), cancellationToken), HttpStatusCode.OK);
            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks again until the answer is the expected one. Fails the test with the service's last lines.</summary>
    public async Task UntilAsync<T>(string service, Func<Task<T>> ask, T expected)
    {
        object? last = null;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < StartLimit && !this[service].HasExited; await Task.Delay(100))
        {
            try
            {
                var answer = await ask();
                if (Equals(answer, expected)) return;
                last = answer;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or RpcException)
            {
                last = e.Message;
            }
        }

        Assert.Fail($"{service}: not '{expected}' within {StartLimit.TotalSeconds:0} s; last: {last}\n{this[service].Output}");
    }

    public async Task<HttpStatusCode> GetStatusAsync(Uri address, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(address, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>What <c>grpc.health.v1</c> says on a port.</summary>
    public static async Task<HealthCheckResponse.Types.ServingStatus> CheckAsync(int port, string service, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var response = await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest { Service = service }, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellationToken));
        return response.Status;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var sandbox in _sandboxes.Values) sandbox.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
