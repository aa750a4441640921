using Microsoft.Extensions.Hosting;

namespace RecoAspire.Hosting.Running;

/// <summary>Brings all resources up side by side, keeps the run file current, and takes everything down again.</summary>
public sealed class Orchestrator(
    IReadOnlyList<IResource> resources,
    DataRoot dataRoot,
    PortAllocator ports,
    LaunchPlan plan,
    HealthProbe health,
    ResourceNotificationService notifications,
    ConsoleLog console,
    IHostEnvironment environment,
    TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ResourceRunner> _runners = [];
    private Task _running = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private RunFile? _runFile;

    /// <inheritdoc/>
    /// <exception cref="DistributedApplicationException">The application cannot run like this.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        console.Host("Distributed application starting.");
        console.Host($"Application host directory is: {environment.ContentRootPath}");
        WaitGraph.DemandNoCycle(resources);
        dataRoot.Lock();
        var processes = resources.Where(r => r is ProjectResource or ExecutableResource).ToList();
        foreach (var resource in processes) ports.Allocate(resource);
        console.Introduce(processes.Select(r => r.Name));
        _runFile = new RunFile(dataRoot.Path, await AdminKeyAsync(), time.GetUtcNow());
        _runFile.Write(resources, notifications);

        _following = FollowAsync(processes);
        foreach (var resource in processes.Where(r => !r.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
            _runners.Add(new ResourceRunner(resource, plan, health, notifications, console, time));
        _running = Task.WhenAll(_runners.Select(r => Task.Run(() => r.RunAsync(_stopping.Token), CancellationToken.None)));
        console.Host($"Data folder is: {dataRoot.Path}");
        console.Host("Distributed application started. Press Ctrl+C to shut down.");
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_runFile is null) return;
        console.Host("Stopping.");
        await _stopping.CancelAsync();
        await Task.WhenAll(_runners.Select(r => r.StopAsync()));
        await _running;
        await _following;
        _runFile.Delete();
        console.Host("Stopped.");
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<string> AdminKeyAsync()
    {
        var parameter = resources.OfType<ParameterResource>().FirstOrDefault(p => p.Name == "admin-key");
        return parameter is null ? "" : await parameter.GetValueAsync() ?? "";
    }

    private async Task FollowAsync(List<IResource> processes)
    {
        // What is started by hand only is not waited for.
        var serving = processes.Where(r => r.Annotations.OfType<EndpointAnnotation>().Any() && !r.Annotations.OfType<ExplicitStartupAnnotation>().Any()).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var healthy = new HashSet<string>(StringComparer.Ordinal);
        var announced = false;
        try
        {
            await foreach (var change in notifications.WatchAsync(_stopping.Token))
            {
                _runFile!.Write(resources, notifications);
                if (!serving.Contains(change.Resource.Name)) continue;
                if (change.Snapshot is { State: KnownResourceStates.Running, IsHealthy: true }) healthy.Add(change.Resource.Name);
                else healthy.Remove(change.Resource.Name);
                if (announced || healthy.Count < serving.Count) continue;
                announced = true;
                foreach (var line in AddressTable.Lines(processes)) console.Host(line);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
