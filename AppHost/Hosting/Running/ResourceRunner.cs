namespace RecoAspire.Hosting.Running;

/// <summary>
/// The life of one resource: waits for what it waits for, starts, is watched, and is started again when it ends although nobody
/// asked. A resource without endpoints is a job: it ends by itself, and exit code 0 finishes it.
/// </summary>
internal sealed class ResourceRunner(
    IResource resource, LaunchPlan plan, HealthProbe health, ResourceNotificationService notifications, ConsoleLog console, TimeProvider time)
{
    private const int RememberedLines = 15;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EagerHealthInterval = TimeSpan.FromMilliseconds(100);
    private readonly Queue<string> _lastLines = new();
    private readonly bool _isJob = !resource.Annotations.OfType<EndpointAnnotation>().Any();
    private ChildProcess? _child;
    private int _crashes;

    public IResource Resource { get; } = resource;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await WaitForOthersAsync(stopping);
            while (!stopping.IsCancellationRequested && await RunOnceAsync(stopping))
            {
                var delay = RestartPolicy.DelayFor(_crashes, Random.Shared.NextDouble());
                console.Notice(Resource.Name, $"starting again in {delay.TotalSeconds:0.0} s");
                await Task.Delay(delay, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: whatever state it was in is over.
        }
        catch (Exception e)
        {
            // Callbacks and process starts may throw anything; one resource that cannot start must not keep the others from stopping.
            console.Notice(Resource.Name, e.Message);
            await SetAsync(s => s with { State = KnownResourceStates.FailedToStart, IsHealthy = null, ProcessId = null });
        }
    }

    public async Task StopAsync()
    {
        if (_child is not { } child) return;
        await SetAsync(s => s with { State = KnownResourceStates.Stopping });
        await child.StopAsync(StopPatience);
    }

    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        var waits = Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count == 0) return;
        await SetAsync(s => s with { State = KnownResourceStates.Waiting });
        await Task.WhenAll(waits.Select(w => WaitForAsync(w, cancellationToken)));
    }

    private async Task WaitForAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var reached = await notifications.WaitForResourceAsync(wait.Resource.Name, e => wait.WaitType switch
        {
            WaitType.WaitUntilStarted => e.Snapshot.State is KnownResourceStates.Running or KnownResourceStates.Finished,
            // A crash (Exited) is followed by another start: those who wait go on waiting, unless it is the end they wait for.
            WaitType.WaitForCompletion => e.Snapshot.State == KnownResourceStates.Exited && e.Snapshot.ExitCode == wait.ExitCode,
            _ => e.Snapshot is { State: KnownResourceStates.Running, IsHealthy: true },
        } || e.Snapshot.State is KnownResourceStates.Finished or KnownResourceStates.FailedToStart, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (reached.Snapshot.State == KnownResourceStates.FailedToStart)
            throw new DistributedApplicationException($"waited for '{wait.Resource.Name}', which could not start");
        if (wait.WaitType == WaitType.WaitForCompletion && reached.Snapshot.ExitCode != wait.ExitCode)
            throw new DistributedApplicationException($"waited for '{wait.Resource.Name}', which ended with exit code {reached.Snapshot.ExitCode} instead of {wait.ExitCode}");
        if (wait.WaitType == WaitType.WaitUntilHealthy && reached.Snapshot.State == KnownResourceStates.Finished)
            throw new DistributedApplicationException($"waited for '{wait.Resource.Name}' to be healthy, but it has ended");
    }

    /// <summary>Returns true when it should be started again.</summary>
    private async Task<bool> RunOnceAsync(CancellationToken stopping)
    {
        await SetAsync(s => s with { State = KnownResourceStates.Starting, IsHealthy = null });
        var launch = await plan.PlanAsync(Resource, stopping);
        var startedAt = time.GetTimestamp();
        lock (_lastLines) _lastLines.Clear();
        using var child = ChildProcess.Start(launch, OnLine);
        _child = child;
        // A stop that came just before saw no child.
        Interlocked.MemoryBarrier();
        if (stopping.IsCancellationRequested) await child.StopAsync(StopPatience);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // Under way before the pid is awaited: a child that ends without telling its pid completes that too.
        var exited = child.WaitForExitAsync();
        var pid = await child.Pid;
        var hasChecks = Resource.Annotations.OfType<HttpHealthCheckAnnotation>().Any();
        await SetAsync(s => s with { State = KnownResourceStates.Running, ProcessId = pid, ExitCode = null, IsHealthy = !hasChecks, StartedAt = time.GetUtcNow() });
        var watching = hasChecks ? WatchHealthAsync(running.Token) : Task.CompletedTask;

        var exitCode = await exited;
        await running.CancelAsync();
        await watching;
        _child = null;
        if (stopping.IsCancellationRequested)
        {
            await SetAsync(s => s with { State = KnownResourceStates.Finished, IsHealthy = null, ProcessId = null, ExitCode = exitCode });
            return false;
        }

        if (_isJob && exitCode == 0)
        {
            await SetAsync(s => s with { State = KnownResourceStates.Finished, IsHealthy = null, ProcessId = null, ExitCode = 0 });
            return false;
        }

        return await CrashedAsync(exitCode, time.GetElapsedTime(startedAt));
    }

    private async Task<bool> CrashedAsync(int exitCode, TimeSpan ran)
    {
        _crashes = ran >= RestartPolicy.Stable ? 1 : _crashes + 1;
        List<string> last;
        lock (_lastLines) last = [.. _lastLines];
        var what = $"ended after {ran.TotalSeconds:0.0} s with exit code {exitCode}{(exitCode == 137 ? " (killed)" : "")}; its last {last.Count} lines:";
        console.Block(Resource.Name, what, last.Select(line => $"  > {line}"));

        var givesUp = _isJob && _crashes >= RestartPolicy.MaxJobAttempts;
        await SetAsync(s => s with
        {
            State = givesUp ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            IsHealthy = null,
            ProcessId = null,
            ExitCode = exitCode,
            Restarts = s.Restarts + (givesUp ? 0 : 1),
        });
        if (givesUp) console.Notice(Resource.Name, $"failed {_crashes} times; not starting it again");
        return !givesUp;
    }

    private async Task WatchHealthAsync(CancellationToken cancellationToken)
    {
        var wasHealthy = false;
        try
        {
            while (true)
            {
                var healthy = await health.IsHealthyAsync(Resource, cancellationToken);
                if (healthy != wasHealthy) await SetAsync(s => s.State == KnownResourceStates.Running ? s with { IsHealthy = healthy } : s);
                wasHealthy = healthy;
                await Task.Delay(healthy ? HealthInterval : EagerHealthInterval, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process has ended, or everything is stopping.
        }
    }

    private Task SetAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => notifications.PublishUpdateAsync(Resource, change);

    private void OnLine(string line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > RememberedLines) _lastLines.Dequeue();
        }

        console.Resource(Resource.Name, line);
    }
}
