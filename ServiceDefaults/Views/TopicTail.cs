using Grpc.Core;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Follows one topic of the log for one view, for ever: reconnects, backs off, and says where it stands.</summary>
internal sealed class TopicTail(
    ILogView view, string topic, EventLogService.EventLogServiceClient log, SemaphoreSlim applyLock, TimeProvider time, ILogger logger)
    : IDisposable
{
    private const int MaxBatchRecords = 5_000;
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private readonly ReplicationLag _lag = new(time);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _restart = new();
    private int _generation;

    public string Topic => topic;

    public long NextOffset { get; private set; }

    public long EndOffset { get; private set; } = -1;

    public bool Connected { get; private set; }

    /// <summary>How long the oldest record that is not applied has been waiting.</summary>
    public TimeSpan Lag => _lag.Now;

    /// <summary>True when the store had a position of this topic at the start, and has not been emptied since.</summary>
    public bool StartedWithContent { get; private set; }

    /// <summary>True once the view has contained everything that the log held at some moment since the start.</summary>
    public bool HasCaughtUp { get; private set; }

    public async Task RunAsync(CancellationToken stopping)
    {
        // Failures since the last batch that was applied (or heartbeat).
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
                Disconnect();
                attempt = 0;
                continue;
            }
            catch (Exception e)
            {
                Report(e, attempt);
            }

            Disconnect();
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
            StartedWithContent = false;
            // Nobody who waits for an offset may be told of what is about to be erased.
            NextOffset = 0;
            _lag.Emptied();
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

    private async Task FollowAsync(int generation, Action onProgress, CancellationToken cancellationToken)
    {
        var position = await GetPositionAsync(cancellationToken);
        Begin(generation, position);
        using var watched = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var watchdog = time.CreateTimer(static cts => ((CancellationTokenSource)cts!).Cancel(), watched, HeartbeatTimeout, Timeout.InfiniteTimeSpan);
        var request = new TailRequest { Topic = topic, FromOffset = position, Follow = true, MaxBatchRecords = MaxBatchRecords };
        using var call = log.Tail(request, cancellationToken: watched.Token);
        while (await call.ResponseStream.MoveNext(watched.Token))
        {
            watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var batch = call.ResponseStream.Current;
            if (batch.Records.Count > 0) position = await ApplyAsync(batch, position, cancellationToken);
            MoveTo(generation, position, batch);
            onProgress();
            watchdog.Change(HeartbeatTimeout, Timeout.InfiniteTimeSpan);
        }

        throw new IOException("the log ended the stream");
    }

    private async Task<long> ApplyAsync(TailBatch batch, long position, CancellationToken cancellationToken)
    {
        if (batch.Records[0].Offset != position)
            throw new InvalidDataException($"the log sent offset {batch.Records[0].Offset} where {position} was due");
        _lag.Arrived(batch.Records[0].AppendedAtMs);
        using var activity = RecordTrace.StartApply(view.Name, topic, batch.Records);
        await applyLock.WaitAsync(cancellationToken);
        try
        {
            // A semaphore may still admit a waiter whose token has just been cancelled: by a rebuild, which has emptied the store.
            cancellationToken.ThrowIfCancellationRequested();
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

    private void Begin(int generation, long position)
    {
        lock (_gate)
        {
            if (generation != _generation) return;
            if (position > 0 && !HasCaughtUp) StartedWithContent = true;
            NextOffset = position;
            WakeWaiters();
        }
    }

    private void Disconnect()
    {
        Connected = false;
        _lag.Disconnected();
    }

    private void MoveTo(int generation, long position, TailBatch batch)
    {
        lock (_gate)
        {
            // A stream that a rebuild has ended may still report its last batch.
            if (generation != _generation) return;
            Connected = true;
            NextOffset = position;
            EndOffset = Math.Max(batch.EndOffset, position);
            if (position >= EndOffset) HasCaughtUp = true;
            if (batch.Records.Count > 0) _lag.Applied(batch.Records[^1].AppendedAtMs, more: position < EndOffset);
            else _lag.Heartbeat(more: position < EndOffset);
            WakeWaiters();
        }
    }

    // Their continuations run elsewhere, so this is safe under the lock.
    private void WakeWaiters()
    {
        _moved.TrySetResult();
        _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Report(Exception e, int attempt)
    {
        if (e is RpcException rpc)
        {
            if (attempt == 0) logger.LogWarning("view {View} lost the topic {Topic}: {Status} {Reason}; retrying", view.Name, topic, rpc.StatusCode, rpc.Status.Detail);
        }
        else if (e is IOException or OperationCanceledException)
        {
            if (attempt == 0) logger.LogWarning("view {View} lost the topic {Topic}: {Reason}; retrying", view.Name, topic, e.Message);
        }
        else
        {
            logger.LogError(e, "view {View} cannot apply {Topic} from offset {Offset}; retrying", view.Name, topic, NextOffset);
        }
    }
}
