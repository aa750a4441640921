using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;
using Record = RecoAspire.Contracts.EventLog.V1.Record;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>
/// The contract of the log, in memory: append all or none, idempotent by event id, tail with heartbeats. What it holds is
/// also the source of the other in-memory services, which are views of it like the real ones.
/// </summary>
internal sealed class InMemoryEventLog : EventLogService.EventLogServiceBase
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<StoredRecord>> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Topic, string EventId), long> _offsets = [];
    private readonly ConcurrentDictionary<CancellationTokenSource, byte> _tails = new();
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends are refused like by a log whose queue is full.</summary>
    public bool Full { get; set; }

    /// <summary>Appended records stay away from the tails, as when the gateway's view is behind.</summary>
    public bool TailsHeld { get; set; }

    /// <summary>Calls of Append.</summary>
    public int Appends { get; private set; }

    public IReadOnlyList<StoredRecord> Read(string topic)
    {
        lock (_gate) return _topics.TryGetValue(topic, out var records) ? [.. records] : [];
    }

    /// <summary>Appends one record the way a producer does.</summary>
    public long Append(string topic, string eventId, string key, IMessage message) => Append(new AppendRequest
    {
        Topic = topic,
        Records = { new Record { EventId = eventId, Key = key, Type = message.Descriptor.FullName, Payload = message.ToByteString() } },
    }).Offsets[0];

    public AppendResponse Append(AppendRequest request)
    {
        var response = new AppendResponse();
        lock (_gate)
        {
            Appends++;
            if (!_topics.TryGetValue(request.Topic, out var records)) _topics.Add(request.Topic, records = []);
            foreach (var record in request.Records)
            {
                if (_offsets.TryGetValue((request.Topic, record.EventId), out var offset)) response.Duplicates++;
                else
                {
                    offset = records.Count;
                    _offsets.Add((request.Topic, record.EventId), offset);
                    records.Add(new StoredRecord { Offset = offset, AppendedAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), Record = record });
                }

                response.Offsets.Add(offset);
            }

            response.NextOffset = records.Count;
            Wake();
        }

        return response;
    }

    /// <summary>Lets held tails go on.</summary>
    public void ReleaseTails()
    {
        lock (_gate)
        {
            TailsHeld = false;
            Wake();
        }
    }

    /// <summary>Ends every open tail, as a dying process does.</summary>
    public void CutTails()
    {
        foreach (var tail in _tails.Keys)
        {
            // One that ends by itself at this moment is cut, too.
            try
            {
                tail.Cancel();
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }

    public override Task<AppendResponse> Append(AppendRequest request, ServerCallContext context) => Full
        ? throw new RpcException(new Status(StatusCode.ResourceExhausted, "the queue of waiting appends is full"))
        : Task.FromResult(Append(request));

    public override async Task Tail(TailRequest request, IServerStreamWriter<TailBatch> responseStream, ServerCallContext context)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        _tails.TryAdd(cut, 0);
        try
        {
            var next = (int)request.FromOffset;
            while (true)
            {
                var (batch, appended) = Next(request.Topic, next);
                next += batch.Records.Count;
                await responseStream.WriteAsync(batch, cut.Token);
                if (batch.Records.Count > 0) continue;
                if (!request.Follow) return;
                await Task.WhenAny(appended, Task.Delay(TimeSpan.FromSeconds(5), cut.Token));
                cut.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the log goes away"));
        }
        finally
        {
            _tails.TryRemove(cut, out _);
        }
    }

    public override Task<LogInfo> GetInfo(GetInfoRequest request, ServerCallContext context)
    {
        var info = new LogInfo { LogId = "log-in-memory" };
        lock (_gate) info.Topics.AddRange(_topics.Select(t => new TopicInfo { Topic = t.Key, NextOffset = t.Value.Count }));
        return Task.FromResult(info);
    }

    private (TailBatch Batch, Task Appended) Next(string topic, int from)
    {
        lock (_gate)
        {
            var batch = new TailBatch();
            var records = _topics.GetValueOrDefault(topic);
            batch.EndOffset = records?.Count ?? 0;
            if (!TailsHeld && records is not null) batch.Records.AddRange(records.Skip(from).Take(1_000));
            return (batch, _appended.Task);
        }
    }

    private void Wake()
    {
        _appended.TrySetResult();
        _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
