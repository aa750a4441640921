using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using RecoAspire.EventLog.Stores;
using SQLitePCL;

namespace RecoAspire.EventLog.Log;

/// <summary>
/// The one writer. It takes all writes that wait, applies them in one transaction, and answers them after one fsync: the longer a
/// commit takes, the more writes share the next one.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    // What an import needed is of no use to a log at rest.
    private static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(5);
    private readonly LogFile _file;
    private readonly CommitSignal _committed;
    private readonly TimeProvider _time;
    private readonly ILogger<GroupCommit> _logger;
    private readonly Channel<PendingWrite> _queue = Channel.CreateBounded<PendingWrite>(
        new BoundedChannelOptions(LogLimits.MaxQueuedAppends) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly List<PendingWrite> _batch = [];
    private readonly List<PendingWrite> _applied = [];
    private readonly Thread _thread;
    private long _queuedBytes;
    private volatile string? _failure;
    private bool _disposed;

    public GroupCommit(LogFile file, CommitSignal committed, TimeProvider time, ILogger<GroupCommit> logger)
    {
        _file = file;
        _committed = committed;
        _time = time;
        _logger = logger;
        LogMetrics.ObserveQueue(() => _queue.Reader.Count);
        _thread = new Thread(Run) { Name = "log writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why the last transaction failed; null when it did not.</summary>
    public string? Failure => _failure;

    /// <summary>Queues a write; its answer comes when it is durable.</summary>
    /// <exception cref="WriteRefusedException">The queue is full, or the log is closing.</exception>
    public Task<TAnswer> WriteAsync<TAnswer>(PendingWrite<TAnswer> write)
    {
        if (Interlocked.Add(ref _queuedBytes, write.Bytes) > LogLimits.MaxQueuedBytes || !_queue.Writer.TryWrite(write))
        {
            Interlocked.Add(ref _queuedBytes, -write.Bytes);
            throw new WriteRefusedException(_disposed ? "the log is closing" : "too many appends are waiting; retry later", retryable: true);
        }

        return write.Task;
    }

    /// <summary>Takes no more writes, and returns when those that wait have been answered.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _queue.Writer.TryComplete();
        _thread.Join();
    }

    private void Run()
    {
        // A thread of its own: commits block on the disk, and must not wait for a pool that waits for them.
        while (WaitForWork())
        {
            TakeBatch();
            try
            {
                CommitBatch();
            }
            catch (Exception e)
            {
                Abandon(e);
            }
        }
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync().AsTask();
        if (!waiting.Wait(RestAfter)) _file.ReleaseCache();
        return waiting.GetAwaiter().GetResult();
    }

    private void TakeBatch()
    {
        _batch.Clear();
        _applied.Clear();
        int records = 0, bytes = 0;
        while (records < LogLimits.MaxCommitRecords && bytes < LogLimits.MaxCommitBytes && _queue.Reader.TryRead(out var write))
        {
            _batch.Add(write);
            records += write.Records;
            bytes += write.Bytes;
        }

        Interlocked.Add(ref _queuedBytes, -bytes);
    }

    private void CommitBatch()
    {
        var started = _time.GetTimestamp();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _file.Begin();
        foreach (var write in _batch)
        {
            try
            {
                write.Apply(_file, now);
                _applied.Add(write);
            }
            catch (WriteRefusedException e)
            {
                write.Fail(e);
            }
        }

        _file.Commit();
        _failure = null;
        LogMetrics.Committed(_applied, _time.GetElapsedTime(started));
        _committed.Raise();
        foreach (var write in _applied) write.Complete();
    }

    private void Abandon(Exception e)
    {
        _file.Rollback();
        var full = e is SqliteException { SqliteErrorCode: raw.SQLITE_FULL };
        _failure = full ? "the disk is full" : $"the log cannot be written: {e.Message}";
        if (full) _logger.LogError("the disk is full: {Writes} appends were refused", _batch.Count);
        else _logger.LogError(e, "a transaction of {Writes} appends failed and was rolled back", _batch.Count);
        foreach (var write in _batch) write.Fail(new WriteRefusedException(_failure, retryable: true));
    }
}
