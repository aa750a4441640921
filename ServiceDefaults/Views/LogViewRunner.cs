using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Keeps one <see cref="ILogView"/> up to date with the log, and rebuilds it on demand.</summary>
public sealed class LogViewRunner : BackgroundService, IHealthCheck
{
    private readonly ILogView _view;
    private readonly bool _mustCatchUp;
    private readonly Region _region;
    private readonly TopicTail[] _tails;
    private readonly SemaphoreSlim _applyLock = new(1, 1);
    private volatile bool _disposed;

    /// <param name="view">The view to keep.</param>
    /// <param name="log">Client of the log.</param>
    /// <param name="mustCatchUp">The service is not ready before the view has caught up once; for views that are not persisted.</param>
    /// <param name="region">Region of the log and of the view.</param>
    /// <param name="time">Clock of the back-off and of the lag.</param>
    /// <param name="loggers">Where to log.</param>
    public LogViewRunner(
        ILogView view, EventLogService.EventLogServiceClient log, bool mustCatchUp, Region region, TimeProvider time, ILoggerFactory loggers)
    {
        _view = view;
        _mustCatchUp = mustCatchUp;
        _region = region;
        var logger = loggers.CreateLogger<LogViewRunner>();
        _tails = [.. view.Topics.Select(topic => new TopicTail(view, topic, log, _applyLock, time, logger))];
        TelemetryExtensions.Meter.CreateObservableGauge(MetricNames.ViewLag, ObserveLag);
        TelemetryExtensions.Meter.CreateObservableGauge(MetricNames.ReplicationLag, ObserveReplicationLag, "s");
    }

    /// <summary>The view's name.</summary>
    public string Name => _view.Name;

    /// <summary>The view it keeps.</summary>
    public ILogView View => _view;

    /// <summary>True while every topic of the view is being followed.</summary>
    public bool Connected => Array.TrueForAll(_tails, t => t.Connected);

    /// <summary>True once every topic has caught up since the start or the last rebuild.</summary>
    public bool HasCaughtUp => Array.TrueForAll(_tails, t => t.HasCaughtUp);

    /// <summary>
    /// True when the view can be asked: it has caught up once, or it is persisted, was not empty at the start and has not been
    /// emptied since. While it replays the log from nothing its answers would be wrong, and hidden items would show.
    /// </summary>
    public bool Ready => HasCaughtUp || (!_mustCatchUp && Array.Exists(_tails, t => t.StartedWithContent));

    /// <summary>
    /// How long the oldest record that the view has not applied has been waiting, of all its topics: 0 when it has everything. While
    /// the log is away, at least the time since it was last heard, because nobody knows what it has taken since.
    /// </summary>
    public TimeSpan ReplicationLag => _tails.Max(t => t.Lag);

    /// <summary>Positions per topic.</summary>
    public IEnumerable<ViewPosition> GetPositions() => _tails.Select(t => new ViewPosition
    {
        View = _view.Name,
        Topic = t.Topic,
        NextOffset = t.NextOffset,
        EndOffset = Math.Max(0, t.EndOffset),
        Connected = t.Connected,
    });

    /// <summary>Next offset of one topic that the view has not applied.</summary>
    public long GetPosition(string topic) => Tail(topic).NextOffset;

    /// <summary>Completes when everything before <paramref name="offset"/> has been applied.</summary>
    public Task WaitForAsync(string topic, long offset, CancellationToken cancellationToken) => Tail(topic).WaitForAsync(offset, cancellationToken);

    /// <summary>Empties the view and lets it replay the log. Returns when it is empty; the replay goes on by itself.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await _applyLock.WaitAsync(cancellationToken);
        try
        {
            // Streams end while the lock is held, so that no batch of the old position lands in the empty store.
            foreach (var tail in _tails) tail.Restart();
            await _view.ResetAsync(cancellationToken);
        }
        finally
        {
            _applyLock.Release();
        }
    }

    /// <summary>The view's digest, taken between two batches.</summary>
    public async Task<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        await _applyLock.WaitAsync(cancellationToken);
        try
        {
            return await _view.GetDigestAsync(cancellationToken);
        }
        finally
        {
            _applyLock.Release();
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var description = string.Join(", ", _tails.Select(t => $"{t.Topic} {t.NextOffset}/{Math.Max(0, t.EndOffset)}{(t.Connected ? "" : " (log unreachable)")}"));
        return Task.FromResult(Ready ? HealthCheckResult.Healthy(description) : HealthCheckResult.Unhealthy($"catching up: {description}"));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The process's meter outlives this runner and goes on asking.
        _disposed = true;
        foreach (var tail in _tails) tail.Dispose();
        _applyLock.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_tails.Select(t => t.RunAsync(stoppingToken)));

    private TopicTail Tail(string topic) =>
        Array.Find(_tails, t => t.Topic == topic) ?? throw new ArgumentException($"the view '{_view.Name}' does not read the topic '{topic}'");

    // A view's log is in its own region, so that a record comes from where it goes to.
    private IEnumerable<Measurement<double>> ObserveReplicationLag() => _disposed ? [] : [new Measurement<double>(
        ReplicationLag.TotalSeconds,
        new KeyValuePair<string, object?>("store", ViewMetrics.StoreOf(_view.Name)),
        new KeyValuePair<string, object?>("from", _region.Name),
        new KeyValuePair<string, object?>("to", _region.Name))];

    private IEnumerable<Measurement<long>> ObserveLag() => _disposed ? [] : _tails.Select(t => new Measurement<long>(
        Math.Max(0, t.EndOffset - t.NextOffset),
        new KeyValuePair<string, object?>("view", _view.Name),
        new KeyValuePair<string, object?>("topic", t.Topic)));
}
