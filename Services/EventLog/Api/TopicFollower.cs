using Grpc.Core;
using Microsoft.Data.Sqlite;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Log;
using RecoAspire.EventLog.Stores;
using RecoAspire.ServiceDefaults.Sqlite;
using SQLitePCL;

namespace RecoAspire.EventLog.Api;

/// <summary>Sends a topic to a reader: what is there, then what comes, and a heartbeat when nothing comes.</summary>
internal sealed class TopicFollower(LogFile file, SqliteReaderPool<LogReader> readers, CommitSignal committed, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public async Task SendAsync(TailRequest request, IServerStreamWriter<TailBatch> stream, CancellationToken cancellationToken)
    {
        // A stopping server would otherwise wait for its followers, who wait for records.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await SendUntilAsync(request, stream, stop.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the log is closing"));
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.DataLoss, e.Message));
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw new RpcException(new Status(StatusCode.DataLoss, $"the log is damaged: {e.Message}"));
        }
    }

    private async Task SendUntilAsync(TailRequest request, IServerStreamWriter<TailBatch> stream, CancellationToken cancellationToken)
    {
        var maxRecords = request.MaxBatchRecords == 0 ? LogLimits.DefaultBatchRecords : request.MaxBatchRecords;
        var position = request.FromOffset;
        // The first batch goes out even when it is empty: it tells the reader where the topic ends.
        long? sentAt = null;
        while (true)
        {
            var next = committed.Next;
            var topic = file.Find(request.Topic);
            var end = topic?.NextOffset ?? 0;
            if (position > end)
                throw new RpcException(new Status(StatusCode.OutOfRange, $"from_offset: {position} is after the end of '{request.Topic}', which is {end}"));
            if (position < end || sentAt is null || time.GetElapsedTime(sentAt.Value) >= LogLimits.Heartbeat)
            {
                var batch = new TailBatch { EndOffset = end };
                var from = position;
                if (position < end) batch = await readers.ReadAsync(reader => reader.Read(topic!, from, end, maxRecords), cancellationToken);
                await stream.WriteAsync(batch, cancellationToken);
                sentAt = time.GetTimestamp();
                position += batch.Records.Count;
                continue;
            }

            if (!request.Follow) return;
            await HappensAsync(next, LogLimits.Heartbeat - time.GetElapsedTime(sentAt.Value), cancellationToken);
        }
    }

    private async Task HappensAsync(Task commit, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero) return;
        try
        {
            await commit.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The heartbeat is due.
        }
    }
}
