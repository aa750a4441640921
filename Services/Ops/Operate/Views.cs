using Grpc.Core;
using Grpc.Net.Client;
using RecoAspire.Contracts.View.V1;
using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Operate;

/// <summary>The views of all services of a running suite.</summary>
internal sealed class Views : IDisposable
{
    private readonly List<(string Service, GrpcChannel Channel, ViewService.ViewServiceClient Client)> _services = [];

    public Views(RunFile run)
    {
        foreach (var resource in run.Resources.Where(r => r.Name != "eventlog" && r.Endpoints?.ContainsKey("grpc") == true))
        {
            var channel = SuiteOptions.ChannelTo(run, resource.Name);
            _services.Add((resource.Name, channel, new ViewService.ViewServiceClient(channel)));
        }
    }

    /// <summary>Positions of all views that can be asked, and the services that cannot.</summary>
    public async Task<(List<(string Service, ViewPosition Position)> Positions, List<string> Silent)> PositionsAsync(CancellationToken cancellationToken)
    {
        var positions = new List<(string, ViewPosition)>();
        var silent = new List<string>();
        foreach (var (service, _, client) in _services)
        {
            try
            {
                var answer = await client.GetPositionsAsync(new GetPositionsRequest(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellationToken);
                positions.AddRange(answer.Positions.Select(p => (service, p)));
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                silent.Add(service);
            }
        }

        return (positions, silent);
    }

    /// <exception cref="OpsException">No service has this view.</exception>
    public async Task<ViewService.ViewServiceClient> FindAsync(string view, CancellationToken cancellationToken)
    {
        var (positions, silent) = await PositionsAsync(cancellationToken);
        var service = positions.Where(p => p.Position.View == view).Select(p => p.Service).FirstOrDefault()
            ?? throw new OpsException($"no view '{view}'; there is: {string.Join(", ", positions.Select(p => p.Position.View).Distinct().Order())}{(silent.Count > 0 ? $"; cannot be asked: {string.Join(", ", silent)}" : "")}", silent.Count > 0 ? OpsException.Failure : OpsException.BadInput);
        return _services.First(s => s.Service == service).Client;
    }

    /// <summary>Every view with its service.</summary>
    /// <exception cref="OpsException">A service cannot be asked: what is left would not be all.</exception>
    public async Task<List<(string Service, string View, ViewService.ViewServiceClient Client)>> AllAsync(CancellationToken cancellationToken)
    {
        var (positions, silent) = await PositionsAsync(cancellationToken);
        if (silent.Count > 0) throw new OpsException($"{string.Join(", ", silent)} cannot be asked for views");
        return [.. positions.Select(p => (p.Service, p.Position.View)).Distinct()
            .Select(v => (v.Service, v.View, _services.First(s => s.Service == v.Service).Client))];
    }

    public void Dispose()
    {
        foreach (var (_, channel, _) in _services) channel.Dispose();
    }
}
