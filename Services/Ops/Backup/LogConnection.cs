using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Ops.Backup;

/// <summary>
/// The event log as backups use it. The first question must be answered at once; after that, a log that goes away is waited for: reading goes
/// on where it was, and an append is safe to repeat.
/// </summary>
internal sealed class LogConnection : IDisposable
{
    private const int MaxBatchRecords = 5_000;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly GrpcChannel _channel;
    private readonly EventLogService.EventLogServiceClient _client;

    public LogConnection(Uri address, TimeProvider time)
    {
        _address = address;
        _time = time;
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = 8 * 1024 * 1024,
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                KeepAlivePingDelay = TimeSpan.FromSeconds(20),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            },
        });
        _client = new EventLogService.EventLogServiceClient(_channel);
    }

    /// <summary>Identity of the log and the ends of its topics.</summary>
    /// <exception cref="OpsException">It does not answer.</exception>
    public async Task<LogInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetInfoAsync(new GetInfoRequest(), deadline: Deadline(), cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OpsException($"the log at {_address} does not answer: {e.StatusCode}: {e.Status.Detail}", e);
        }
    }

    /// <summary>How far a consumer group has got in a topic; 0 when the log does not know it.</summary>
    public async Task<long> GetGroupOffsetAsync(string group, string topic, CancellationToken cancellationToken) =>
        (await InsistAsync(() => _client.GetOffsetAsync(new GetOffsetRequest { Group = group, Topic = topic }, deadline: Deadline(), cancellationToken: cancellationToken), cancellationToken)).Offset;

    /// <summary>Sets how far a consumer group has got; never moves it back.</summary>
    public Task CommitGroupOffsetAsync(string group, string topic, long offset, CancellationToken cancellationToken) =>
        InsistAsync(() => _client.CommitOffsetAsync(new CommitOffsetRequest { Group = group, Topic = topic, Offset = offset }, deadline: Deadline(), cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Appends records, all or none, durable.</summary>
    /// <exception cref="OpsException">The log was away for too long.</exception>
    public Task<AppendResponse> AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
        InsistAsync(() => _client.AppendAsync(request, deadline: Deadline(), cancellationToken: cancellationToken), cancellationToken);

    /// <summary>The records of a topic from one offset to before another, in order and without a gap, in batches of 1 MiB at most.</summary>
    /// <exception cref="OpsException">The log was away for too long, or sends something else.</exception>
    public async IAsyncEnumerable<IReadOnlyList<StoredRecord>> ReadAsync(
        string topic, long fromOffset, long endOffset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = fromOffset;
        var patience = new Patience(_time);
        while (position < endOffset)
        {
            var request = new TailRequest { Topic = topic, FromOffset = position, MaxBatchRecords = MaxBatchRecords };
            using var watched = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var call = _client.Tail(request, cancellationToken: watched.Token);
            while (position < endOffset)
            {
                watched.CancelAfter(AnswerWithin);
                var (records, failure) = await NextAsync(call.ResponseStream, cancellationToken);
                // What takes the batches may be slow; only the log is watched.
                watched.CancelAfter(Timeout.InfiniteTimeSpan);
                if (records is null)
                {
                    await patience.PauseAsync(failure, cancellationToken);
                    break;
                }

                patience = new Patience(_time);
                List<StoredRecord> wanted = [.. records.TakeWhile(r => r.Offset < endOffset)];
                foreach (var stored in wanted)
                {
                    if (stored.Offset != position || stored.Record is null) throw new OpsException($"the log sent offset {stored.Offset} of '{topic}' where {position} was due");
                    position++;
                }

                if (wanted.Count > 0) yield return wanted;
            }
        }
    }

    public void Dispose() => _channel.Dispose();

    private static async Task<(IReadOnlyList<StoredRecord>? Records, string Failure)> NextAsync(IAsyncStreamReader<TailBatch> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(CancellationToken.None) ? (stream.Current.Records, "") : (null, "the stream ended early");
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested && (IsPassing(e) || e.StatusCode == StatusCode.Cancelled))
        {
            return (null, e.Status.Detail);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task<TAnswer> InsistAsync<TAnswer>(Func<AsyncUnaryCall<TAnswer>> call, CancellationToken cancellationToken)
    {
        var patience = new Patience(_time);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (IsPassing(e) && !cancellationToken.IsCancellationRequested)
            {
                await patience.PauseAsync(e.Status.Detail, cancellationToken);
            }
        }
    }

    private static bool IsPassing(RpcException e) =>
        e.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded or StatusCode.Internal;

    private DateTime Deadline() => _time.GetUtcNow().UtcDateTime + AnswerWithin;

    /// <summary>Pauses between attempts, 0.1 s doubling to 5 s; after two minutes it throws.</summary>
    private sealed class Patience(TimeProvider time)
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
        private readonly long _started = time.GetTimestamp();
        private int _attempt;

        public async Task PauseAsync(string reason, CancellationToken cancellationToken)
        {
            if (time.GetElapsedTime(_started) > Limit) throw new OpsException($"the log did not answer for {Limit.TotalSeconds:0} s: {reason}");
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 100 << Math.Min(_attempt++, 6))), time, cancellationToken);
        }
    }
}
