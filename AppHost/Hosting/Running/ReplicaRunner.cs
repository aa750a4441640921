using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// The life of one process: starts, is watched, and is started again when it ends although nobody asked. A resource without
/// endpoints is a job: it ends by itself, and exit code 0 finishes it.
/// </summary>
internal sealed class ReplicaRunner(IResource resource, int replica, string id, RunnerServices services, Action changed) : IDisposable
{
    private const int RememberedLines = 15;
    private const int CrashLoop = 5;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EagerHealthInterval = TimeSpan.FromMilliseconds(100);
    private readonly Queue<string> _lastLines = new();
    private readonly bool _isJob = !resource.Annotations.OfType<EndpointAnnotation>().Any();
    private readonly Lock _gate = new();
    private ReplicaSnapshot _snapshot = new(id, KnownResourceStates.NotStarted, null, [], null, null, 0, null);
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;
    private ChildProcess? _child;
    private int _crashes;

    public string Id { get; } = id;

    /// <summary>How it was started last.</summary>
    public Launch? Launch { get; private set; }

    public ReplicaSnapshot Snapshot
    {
        get
        {
            lock (_gate) return _snapshot;
        }
    }

    /// <summary>Why it is down, in one line; null where nothing is wrong.</summary>
    public string? Message { get; private set; }

    /// <summary>It runs, or crashed and will be tried again.</summary>
    public bool IsUnderWay
    {
        get
        {
            lock (_gate) return !_run.IsCompleted;
        }
    }

    /// <summary>Starts it, unless it is on its way already.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_run.IsCompleted) return;
            _crashes = 0;
            Message = null;
            _stop?.Dispose();
            _stop = new CancellationTokenSource();
            var stopping = _stop.Token;
            _run = Task.Run(() => RunAsync(stopping), CancellationToken.None);
        }
    }

    /// <summary>Stops it and waits until it is gone. It stays down until it is started again.</summary>
    public async Task StopAsync()
    {
        Task run;
        lock (_gate)
        {
            if (_run.IsCompleted) return;
            _stop!.Cancel();
            run = _run;
        }

        if (_child is { } child)
        {
            Set(s => s with { State = KnownResourceStates.Stopping });
            await child.StopAsync(StopPatience);
        }

        await run;
    }

    public void Dispose() => _stop?.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await RunOnceAsync(stopping))
            {
                var delay = RestartPolicy.DelayFor(_crashes, Random.Shared.NextDouble());
                services.Console.Notice(Id, $"starting again in {delay.TotalSeconds:0.0} s");
                await Task.Delay(delay, services.Time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Set(s => s with { State = KnownResourceStates.Exited, HealthStatus = null, ProcessId = null });
        }
        catch (Exception e)
        {
            // Callbacks and process starts may throw anything; one resource that cannot start must not keep the others from stopping.
            Message = e.Message;
            services.Console.Notice(Id, e.Message);
            services.Loggers.Add(resource.Name, Id, e.Message, isError: true);
            Set(s => s with { State = KnownResourceStates.FailedToStart, HealthStatus = null, ProcessId = null });
        }
    }

    /// <summary>Returns true when it should be started again.</summary>
    private async Task<bool> RunOnceAsync(CancellationToken stopping)
    {
        Set(s => s with { State = KnownResourceStates.Starting, HealthStatus = null, HealthReports = [] });
        var launch = Launch = await services.Plan.PlanAsync(resource, replica, stopping);
        var startedAt = services.Time.GetTimestamp();
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
        var hasChecks = resource.Annotations.OfType<HealthCheckAnnotation>().Any();
        if (!hasChecks) Message = null;
        Set(s => s with
        {
            State = KnownResourceStates.Running,
            ProcessId = pid,
            ExitCode = null,
            HealthStatus = hasChecks ? HealthStatus.Unhealthy : HealthStatus.Healthy,
            HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(c => new HealthReportSnapshot(c.Key, null, null, null))],
            StartTimeStamp = services.Time.GetUtcNow().UtcDateTime,
        });
        var watching = hasChecks ? WatchHealthAsync(startedAt, running.Token) : Task.CompletedTask;

        var exitCode = await exited;
        await running.CancelAsync();
        await watching;
        _child = null;
        if (stopping.IsCancellationRequested || (_isJob && exitCode == 0))
        {
            var state = stopping.IsCancellationRequested && !_isJob ? KnownResourceStates.Exited : KnownResourceStates.Finished;
            Set(s => s with { State = state, HealthStatus = null, HealthReports = [], ProcessId = null, ExitCode = exitCode });
            return false;
        }

        return Crashed(exitCode, services.Time.GetElapsedTime(startedAt));
    }

    private bool Crashed(int exitCode, TimeSpan ran)
    {
        _crashes = ran >= RestartPolicy.Stable ? 1 : _crashes + 1;
        List<string> last;
        lock (_lastLines) last = [.. _lastLines];
        var what = $"ended after {ran.TotalSeconds:0.0} s with exit code {exitCode}{(exitCode == 137 ? " (killed)" : "")}; its last {last.Count} lines:";
        services.Console.Block(Id, what, last.Select(line => $"  > {line}"));
        services.Loggers.Add(resource.Name, Id, what.Replace("; its last", " after its last", StringComparison.Ordinal).TrimEnd(':'), isError: true);

        var givesUp = _isJob && _crashes >= RestartPolicy.MaxJobAttempts;
        Message = $"ended with exit code {exitCode}";
        if (givesUp) Say($"failed {_crashes} times, the last time with exit code {exitCode}; not starting it again: mend what its last lines say, then start it from the dashboard or restart the AppHost");
        if (_crashes == CrashLoop && !givesUp)
            Say($"crash loop: ended {_crashes} times in a row, the last time with exit code {exitCode}; its last lines say why: mend that, and it comes up by itself (tried at least every 30 s)");
        Set(s => s with
        {
            State = givesUp ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            HealthStatus = null,
            HealthReports = [],
            ProcessId = null,
            ExitCode = exitCode,
            Restarts = s.Restarts + (givesUp ? 0 : 1),
        });
        return !givesUp;
    }

    private async Task WatchHealthAsync(long startedAt, CancellationToken cancellationToken)
    {
        ImmutableArray<HealthReportSnapshot> before = [];
        var everHealthy = false;
        try
        {
            while (true)
            {
                var reports = await services.Health.CheckAsync(resource, replica, cancellationToken);
                var status = reports.IsEmpty ? HealthStatus.Unhealthy : reports.Min(r => r.Status ?? HealthStatus.Unhealthy);
                var healthy = status == HealthStatus.Healthy;
                // Before the news, which tells it.
                if (healthy) Message = null;
                // Only news is published: an unchanged answer would wake every watcher each time.
                if (!reports.Select(r => (r.Name, r.Status, r.Description)).SequenceEqual(before.Select(r => (r.Name, r.Status, r.Description))))
                    Set(s => s.State.Text == KnownResourceStates.Running ? s with { HealthStatus = status, HealthReports = reports } : s);
                before = reports;
                if (!healthy && !everHealthy && Message is null && services.Time.GetElapsedTime(startedAt) >= services.HealthPatience)
                {
                    var failed = reports.FirstOrDefault(r => r.Status != HealthStatus.Healthy);
                    Say($"runs, but is not healthy after {services.HealthPatience.TotalSeconds:0} s ({failed?.Description ?? failed?.Name}); see its console, or correct its health check{services.WaitingFor(resource)}");
                    Set(s => s);
                }

                everHealthy |= healthy;
                await Task.Delay(healthy ? HealthInterval : EagerHealthInterval, services.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process has ended, or everything is stopping.
        }
    }

    private void Say(string message)
    {
        Message = message;
        services.Console.Notice(Id, message);
        services.Loggers.Add(resource.Name, Id, message, isError: true);
    }

    private void Set(Func<ReplicaSnapshot, ReplicaSnapshot> change)
    {
        lock (_gate) _snapshot = change(_snapshot);
        changed();
    }

    private void OnLine(string line, bool isError)
    {
        var shown = services.Loggers.Add(resource.Name, Id, line, isError);
        lock (_lastLines)
        {
            _lastLines.Enqueue(shown);
            if (_lastLines.Count > RememberedLines) _lastLines.Dequeue();
        }

        services.Console.Resource(Id, shown);
    }
}
