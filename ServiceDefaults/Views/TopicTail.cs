using Grpc.Core;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Follows one topic of the log for one view, for ever: reconnects, backs off, and says where it stands.</summary>
internal sealed class TopicTail(
    ILogView view, string topic, EventLogService.EventLogServiceClient log, SemaphoreSlim applyLock, TimeProvider time, ILogger logger)
    : IDisposable
{
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _restart = new();
    private int _generation;

    public string Topic => topic;

    public long NextOffset { get; private set; }

    public long EndOffset { get; private set; } = -1;

    public bool Connected { get; private set; }

    /// <summary>True once the view has contained everything that the log held at some moment since the start.</summary>
    public bool HasCaughtUp { get; private set; }

    public async Task RunAsync(CancellationToken stopping)
    {
        var attempt = 0;
        while (!stopping.IsCancellationRequested)
        {
            CancellationTokenSource restart;
            int generation;
            lock (_gate) (restart, generation) = (_restart, _generation);
            try
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping, restart.Token);
                await FollowAsync(generation, () => attempt = 0, linked.Token);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception) when (restart.IsCancellationRequested)
            {
                attempt = 0;
                continue;
            }
            catch (Exception e)
            {
                if (attempt == 0) logger.LogWarning("view {View} lost the topic {Topic}: {Reason}; retrying", view.Name, topic, Reason(e));
                else if (e is not RpcException) logger.LogError(e, "view {View} cannot apply {Topic}", view.Name, topic);
            }

            Connected = false;
            attempt = Math.Min(attempt + 1, 6);
            // 50 ms doubling to 1.6 s, with jitter so that all views of a region do not return at once.
            var delay = TimeSpan.FromMilliseconds(25 * (1 << attempt) * (0.75 + Random.Shared.NextDouble() / 2));
            try
            {
                await Task.Delay(delay, time, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Ends the current stream; the next one starts from the position that the view then has.</summary>
    public void Restart()
    {
        CancellationTokenSource old;
        lock (_gate)
        {
            old = _restart;
            _restart = new CancellationTokenSource();
            _generation++;
            HasCaughtUp = false;
        }

        old.Cancel();
    }

    public async Task WaitForAsync(long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (NextOffset >= offset) return;
                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _restart.Dispose();

    private async Task FollowAsync(int generation, Action onBatch, CancellationToken cancellationToken)
    {
        var position = await GetPositionAsync(cancellationToken);
        MoveTo(generation, position, EndOffset);
        using var watchdog = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        watchdog.CancelAfter(HeartbeatTimeout);
        using var call = log.Tail(new TailRequest { Topic = topic, FromOffset = position, Follow = true }, cancellationToken: watchdog.Token);
        while (await call.ResponseStream.MoveNext(watchdog.Token))
        {
            watchdog.CancelAfter(Timeout.InfiniteTimeSpan);
            Connected = true;
            onBatch();
            var batch = call.ResponseStream.Current;
            if (batch.Records.Count > 0) position = await ApplyAsync(batch, cancellationToken);
            MoveTo(generation, position, batch.EndOffset);
            watchdog.CancelAfter(HeartbeatTimeout);
        }

        throw new IOException("the log ended the stream");
    }

    private async Task<long> ApplyAsync(TailBatch batch, CancellationToken cancellationToken)
    {
        await applyLock.WaitAsync(cancellationToken);
        try
        {
            await view.ApplyAsync(topic, batch.Records, cancellationToken);
        }
        finally
        {
            applyLock.Release();
        }

        var last = batch.Records[^1];
        ViewMetrics.Applied(view.Name, Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - last.AppendedAtMs) / 1000.0);
        return last.Offset + 1;
    }

    // Under the lock, so that a position is never read while a rebuild empties the store.
    private async Task<long> GetPositionAsync(CancellationToken cancellationToken)
    {
        await applyLock.WaitAsync(cancellationToken);
        try
        {
            return await view.GetPositionAsync(topic, cancellationToken);
        }
        finally
        {
            applyLock.Release();
        }
    }

    private void MoveTo(int generation, long position, long end)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            // A stream that a rebuild has ended may still report its last batch.
            if (generation != _generation) return;
            NextOffset = position;
            EndOffset = Math.Max(end, position);
            if (Connected && NextOffset >= end) HasCaughtUp = true;
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.TrySetResult();
    }

    private static string Reason(Exception e) => e is RpcException rpc ? $"{rpc.StatusCode} {rpc.Status.Detail}" : e.Message;
}
