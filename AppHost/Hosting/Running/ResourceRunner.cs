using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.Hosting.Running;

/// <summary>A resource with its processes: waits for what it waits for, starts them, sums up where they stand, and takes commands.</summary>
internal sealed class ResourceRunner : IDisposable
{
    private readonly RunnerServices _services;
    private readonly Func<IResource, Task> _ready;
    private readonly List<TcpProxy> _proxies = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _isReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _session;
    private CancellationTokenSource? _wait;
    private Task _starting = Task.CompletedTask;
    private bool _readyAnnounced;

    /// <param name="resource">The resource.</param>
    /// <param name="services">What all runners share.</param>
    /// <param name="ready">Completes when the subscribers of another resource's readiness are done.</param>
    public ResourceRunner(IResource resource, RunnerServices services, Func<IResource, Task> ready)
    {
        Resource = resource;
        _services = services;
        _ready = ready;
        var count = resource.GetReplicaCount();
        Replicas = [.. Enumerable.Range(0, count).Select(i =>
            new ReplicaRunner(resource, i, count == 1 ? resource.Name : $"{resource.Name}-{i + 1}", services, Publish))];
    }

    public IResource Resource { get; }

    public IReadOnlyList<ReplicaRunner> Replicas { get; }

    /// <summary>Completes when it has been healthy once and its subscribers have been told.</summary>
    public Task Ready => _isReady.Task;

    /// <summary>Opens the shared ports of a replicated resource. They outlive its processes.</summary>
    public void OpenProxies()
    {
        foreach (var endpoint in Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.ReplicaPorts.Count > 0))
            _proxies.Add(new TcpProxy(endpoint.AllocatedEndpoint!.Port, () => Targets(endpoint)));
    }

    /// <summary>Starts it: waits first, unless it is waiting already, which then ends.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_starting.IsCompleted)
            {
                _wait?.Cancel();
                return;
            }

            _session?.Dispose();
            _wait?.Dispose();
            _session = new CancellationTokenSource();
            _wait = CancellationTokenSource.CreateLinkedTokenSource(_session.Token);
            var (stopping, waiting) = (_session.Token, _wait.Token);
            _starting = Task.Run(() => StartAsync(waiting, stopping), CancellationToken.None);
        }
    }

    /// <summary>Stops it and waits until its processes are gone.</summary>
    public async Task StopAsync()
    {
        Task starting;
        lock (_gate)
        {
            _session?.Cancel();
            starting = _starting;
        }

        await starting;
        await Task.WhenAll(Replicas.Select(r => r.StopAsync()));
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies) proxy.Dispose();
        foreach (var replica in Replicas) replica.Dispose();
        _session?.Dispose();
        _wait?.Dispose();
    }

    private List<int> Targets(EndpointAnnotation endpoint)
    {
        var healthy = Enumerable.Range(0, Replicas.Count).Where(i => Replicas[i].Snapshot.IsHealthy).Select(i => endpoint.ReplicaPorts[i]).ToList();
        return healthy.Count > 0 ? healthy : [.. endpoint.ReplicaPorts];
    }

    private async Task StartAsync(CancellationToken waiting, CancellationToken stopping)
    {
        try
        {
            try
            {
                await WaitForOthersAsync(waiting);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // Somebody does not want to wait any longer.
            }

            await _services.Eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, _services.Provider), stopping);
            stopping.ThrowIfCancellationRequested();
            foreach (var replica in Replicas) replica.Start();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _services.Notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.Exited });
        }
        catch (Exception e)
        {
            // The application's own subscribers may throw anything; it concerns this resource and those who wait for it.
            _services.Console.Notice(Resource.Name, e.Message);
            _services.Loggers.Add(Resource.Name, Resource.Name, e.Message, isError: true);
            await _services.Notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.FailedToStart, HealthStatus = null, Message = e.Message });
        }
    }

    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        var waits = Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count == 0) return;
        await _services.Notifications.PublishUpdateAsync(Resource, s => s with
        {
            State = KnownResourceStates.Waiting,
            Message = $"waits for {string.Join(", ", waits.Select(w => w.Resource.Name).Distinct())}",
        });
        await Task.WhenAll(waits.Select(w => WaitForAsync(w, cancellationToken)));
    }

    private async Task WaitForAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var reached = await _services.Notifications.WaitForResourceAsync(wait.Resource.Name, e => wait.WaitType switch
        {
            WaitType.WaitUntilStarted => e.Snapshot.State?.Text is KnownResourceStates.Running or KnownResourceStates.Finished,
            // A crash (Exited) is followed by another start: those who wait go on waiting, unless it is the end they wait for.
            WaitType.WaitForCompletion => e.Snapshot.State?.Text == KnownResourceStates.Exited && e.Snapshot.ExitCode == wait.ExitCode,
            _ => e.Snapshot is { State.Text: KnownResourceStates.Running, HealthStatus: HealthStatus.Healthy },
        } || e.Snapshot.State?.Text is KnownResourceStates.Finished or KnownResourceStates.FailedToStart, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (reached.Snapshot.State?.Text == KnownResourceStates.FailedToStart)
            throw new DistributedApplicationException($"waited for '{wait.Resource.Name}', which could not start");
        if (wait.WaitType == WaitType.WaitForCompletion && reached.Snapshot.ExitCode != wait.ExitCode)
            throw new DistributedApplicationException($"waited for '{wait.Resource.Name}', which ended with exit code {reached.Snapshot.ExitCode} instead of {wait.ExitCode}");
        if (wait.WaitType != WaitType.WaitUntilHealthy) return;
        if (reached.Snapshot.State?.Text == KnownResourceStates.Finished)
            throw new DistributedApplicationException($"waited for '{wait.Resource.Name}' to be healthy, but it has ended");
        await _ready(wait.Resource).WaitAsync(cancellationToken);
    }

    private void Publish()
    {
        var (before, now) = _services.Notifications.Update(Resource, s => Sum(s) with { Message = Replicas.Select(r => r.Message).FirstOrDefault(m => m is not null) });
        if (now.Snapshot is { State.Text: KnownResourceStates.Running, HealthStatus: HealthStatus.Healthy }) AnnounceReady();
        if (before.State?.Text is KnownResourceStates.Running or KnownResourceStates.Stopping && KnownResourceStates.TerminalStates.Contains(now.Snapshot.State?.Text))
            _ = _services.Eventing.PublishAsync(new ResourceStoppedEvent(Resource, _services.Provider, now), CancellationToken.None);
    }

    private CustomResourceSnapshot Sum(CustomResourceSnapshot before)
    {
        var replicas = Replicas.Select(r => r.Snapshot).ToList();
        var running = replicas.Where(r => r.State.Text == KnownResourceStates.Running).ToList();
        var state = running.Count > 0
            ? KnownResourceStates.Running
            : ((string[])[KnownResourceStates.Stopping, KnownResourceStates.Starting, KnownResourceStates.Exited, KnownResourceStates.FailedToStart, KnownResourceStates.Finished])
                .FirstOrDefault(s => replicas.Any(r => r.State.Text == s)) ?? before.State?.Text ?? KnownResourceStates.NotStarted;
        HealthStatus? health = null;
        // Some of several are well: it serves, but less than it should.
        if (running.Count > 0)
            health = replicas.All(r => r.IsHealthy) ? HealthStatus.Healthy : replicas.Any(r => r.IsHealthy) ? HealthStatus.Degraded : running.Min(r => r.HealthStatus);
        return before with
        {
            State = state,
            HealthStatus = health,
            HealthReports = [.. replicas.SelectMany(r => r.HealthReports)],
            Replicas = [.. replicas],
            ExitCode = replicas.Select(r => r.ExitCode).LastOrDefault(c => c is not null),
            StartTimeStamp = replicas.Min(r => r.StartTimeStamp),
            StopTimeStamp = running.Count == 0 && KnownResourceStates.TerminalStates.Contains(state) ? _services.Time.GetUtcNow().UtcDateTime : null,
        };
    }

    private void AnnounceReady()
    {
        lock (_gate)
        {
            if (_readyAnnounced) return;
            _readyAnnounced = true;
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await _services.Eventing.PublishAsync(new ResourceReadyEvent(Resource, _services.Provider), CancellationToken.None);
                _isReady.TrySetResult();
            }
            catch (Exception e)
            {
                // The application's own subscriber: those who wait for this resource fail with its words.
                _services.Console.Notice(Resource.Name, $"a subscriber of its readiness failed: {e.Message}");
                _isReady.TrySetException(new DistributedApplicationException($"waited for '{Resource.Name}', whose readiness a subscriber refused: {e.Message}", e));
            }
        });
    }
}
