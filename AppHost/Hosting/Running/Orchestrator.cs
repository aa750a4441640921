using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace RecoAspire.Hosting.Running;

/// <summary>Brings all resources up side by side, keeps the run file current, and takes everything down again.</summary>
internal sealed class Orchestrator(IServiceProvider services, DistributedApplicationModel model, DataRoot dataRoot, PortAllocator ports, ConsoleLog console, RunFile runFile)
    : IHostedService, IDisposable
{
    private readonly ResourceNotificationService _notifications = services.GetRequiredService<ResourceNotificationService>();
    private readonly IDistributedApplicationEventing _eventing = services.GetRequiredService<IDistributedApplicationEventing>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<IResource, ResourceRunner> _runners = new(ReferenceEqualityComparer.Instance);
    private Task _following = Task.CompletedTask;
    private bool _started;

    /// <inheritdoc/>
    /// <exception cref="DistributedApplicationException">The application cannot run like this.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        console.Host($"Data folder is: {dataRoot.Path}");
        WaitGraph.DemandNoCycle(model.Resources);
        var processes = model.Resources.Where(r => r is IComputeResource).ToList();
        foreach (var resource in processes)
        {
            ports.Allocate(resource);
            await _eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);
        }

        var shared = CreateShared();
        foreach (var resource in processes)
        {
            var runner = _runners[resource] = new ResourceRunner(resource, shared, other => _runners.TryGetValue(other, out var known) ? known.Ready : Task.CompletedTask);
            AddCommands(resource, runner);
            await _notifications.PublishUpdateAsync(resource, s => s);
        }

        console.Introduce(_runners.Values.SelectMany(r => r.Replicas).Select(r => r.Id));
        await ShowValuesAsync(cancellationToken);
        runFile.Write(await AdminKeyAsync());
        _started = true;
        _following = FollowAsync(processes);
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>())
            await _eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        foreach (var runner in _runners.Values) runner.OpenProxies();
        foreach (var (resource, runner) in _runners)
        {
            if (!resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()) runner.Start();
        }

        await _eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
        console.Host("Distributed application started. Press Ctrl+C to shut down.");
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_started) return;
        console.Host("Stopping.");
        await _stopping.CancelAsync();
        await Task.WhenAll(_runners.Values.Select(r => r.StopAsync()));
        await _following;
        runFile.Delete();
        console.Host("Stopped.");
    }

    /// <summary>How a resource's processes were last started; null = not yet.</summary>
    public Launch? LaunchOf(IResource resource) => _runners.TryGetValue(resource, out var runner) ? runner.Replicas.Select(r => r.Launch).FirstOrDefault(l => l is not null) : null;

    public void Dispose()
    {
        foreach (var runner in _runners.Values) runner.Dispose();
        _stopping.Dispose();
    }

    private RunnerServices CreateShared() => new(
        services.GetRequiredService<LaunchPlan>(),
        services.GetRequiredService<HealthProbe>(),
        _notifications,
        services.GetRequiredService<ResourceLoggerService>(),
        _eventing,
        services,
        console,
        model,
        services.GetRequiredService<TimeProvider>(),
        TimeSpan.FromSeconds(services.GetRequiredService<IConfiguration>().GetValue("AppHost:HealthPatienceSeconds", 60.0)));

    private static void AddCommands(IResource resource, ResourceRunner runner)
    {
        Add(KnownResourceCommands.StartCommand, "Start", s => s is KnownResourceStates.NotStarted or KnownResourceStates.Waiting || KnownResourceStates.TerminalStates.Contains(s), replica =>
        {
            if (replica is null) runner.Start();
            else replica.Start();
            return Task.CompletedTask;
        });
        Add(KnownResourceCommands.StopCommand, "Stop", s => s is KnownResourceStates.Waiting || (s is not KnownResourceStates.Stopping && runner.Replicas.Any(r => r.IsUnderWay)), replica => replica?.StopAsync() ?? runner.StopAsync());
        Add(KnownResourceCommands.RestartCommand, "Restart", s => s is KnownResourceStates.Running, async replica =>
        {
            await (replica?.StopAsync() ?? runner.StopAsync());
            if (replica is null) runner.Start();
            else replica.Start();
        });

        void Add(string name, string displayName, Func<string?, bool> possible, Func<ReplicaRunner?, Task> execute) => resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            // One of several that is down can be started.
            c => possible(c.ResourceSnapshot.State?.Text) || (name == KnownResourceCommands.StartCommand && c.ResourceSnapshot.Replicas.Any(r => KnownResourceStates.TerminalStates.Contains(r.State.Text)))
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled,
            async context =>
            {
                await execute(runner.Replicas.FirstOrDefault(r => r.Id == context.ResourceName && r.Id != resource.Name));
                return CommandResults.Success();
            },
            null,
            null,
            isHighlighted: true));
    }

    // Parameters and connection strings have nothing to start: they are there, or their value is missing.
    private async Task ShowValuesAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.Where(r => r is not IComputeResource))
        {
            string? missing = null;
            try
            {
                if (resource is ParameterResource parameter) await parameter.GetValueAsync(cancellationToken);
                if (resource is IResourceWithConnectionString connection) await connection.GetConnectionStringAsync(cancellationToken);
            }
            catch (DistributedApplicationException e)
            {
                missing = e.Message;
                console.Notice(resource.Name, e.Message);
            }

            await _notifications.PublishUpdateAsync(resource, s => s with
            {
                State = missing is null ? KnownResourceStates.Running : KnownResourceStates.FailedToStart,
                HealthStatus = missing is null ? HealthStatus.Healthy : null,
                Message = missing,
            });
        }
    }

    private async Task<string> AdminKeyAsync()
    {
        var parameter = model.Resources.OfType<ParameterResource>().FirstOrDefault(p => p.Name == "admin-key");
        return parameter is null ? "" : await parameter.GetValueAsync() ?? "";
    }

    private async Task FollowAsync(List<IResource> processes)
    {
        // What is started by hand only is not waited for.
        var expected = processes.Where(r => !r.Annotations.OfType<ExplicitStartupAnnotation>().Any()).ToList();
        var serving = expected.Where(r => r.Annotations.OfType<EndpointAnnotation>().Any()).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var healthy = new HashSet<string>(StringComparer.Ordinal);
        var failed = new HashSet<string>(StringComparer.Ordinal);
        var (announced, hasGivenUp) = (false, false);
        var key = await AdminKeyAsync();
        try
        {
            await foreach (var change in _notifications.WatchAsync(_stopping.Token))
            {
                runFile.Write(key);
                if (change.Snapshot.State?.Text == KnownResourceStates.FailedToStart) failed.Add(change.Resource.Name);
                else failed.Remove(change.Resource.Name);
                if (!hasGivenUp && expected.Count > 0 && expected.All(r => failed.Contains(r.Name)))
                {
                    hasGivenUp = true;
                    GiveUp(expected);
                }

                if (!serving.Contains(change.Resource.Name)) continue;
                if (change.Snapshot is { State.Text: KnownResourceStates.Running, HealthStatus: HealthStatus.Healthy }) healthy.Add(change.Resource.Name);
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

    private void GiveUp(List<IResource> expected)
    {
        console.Host($"error: nothing runs: {string.Join(", ", expected.Select(r => r.Name))} could not start; the lines above say why.");
        Environment.ExitCode = 1;
        services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }
}
