using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Tests;

/// <summary>
/// A log on a real gRPC port with the contract's semantics (order, idempotence by event id, following tails), in memory:
/// the services under test talk to it as they talk to the event log.
/// </summary>
internal sealed class MemoryLog : EventLogService.EventLogServiceBase, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<StoredRecord>> _topics = [];
    private readonly Dictionary<(string Topic, string EventId), long> _offsets = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    /// <summary>Address for <c>services__eventlog__http__0</c>.</summary>
    public string Address => _app!.Urls.First();

    public static async Task<MemoryLog> StartAsync()
    {
        var log = new MemoryLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(o => o.MaxReceiveMessageSize = 8 << 20);
        builder.Services.AddSingleton(log);
        log._app = builder.Build();
        log._app.MapGrpcService<MemoryLog>();
        await log._app.StartAsync();
        return log;
    }

    /// <summary>Appends payloads as a producer does; returns the topic's next offset.</summary>
    public long Append(string topic, IEnumerable<Google.Protobuf.IMessage> payloads)
    {
        var request = new AppendRequest { Topic = topic };
        foreach (var payload in payloads)
        {
            request.Records.Add(new Contracts.EventLog.V1.Record
            {
                EventId = Guid.NewGuid().ToString("N"),
                Key = "k",
                Type = payload.Descriptor.FullName,
                Payload = Google.Protobuf.MessageExtensions.ToByteString(payload),
            });
        }

        return Append(request).NextOffset;
    }

    public override Task<AppendResponse> Append(AppendRequest request, ServerCallContext context) => Task.FromResult(Append(request));

    // Small, so that a kill finds a reader between two batches; a log may always cut a batch shorter than asked.
    private const int MaxBatchRecords = 250;

    /// <summary>Ends every tail after so many batches, as a log that is restarted does; readers come back after their back-off.</summary>
    public int BatchesPerTail { get; set; } = int.MaxValue;

    public override async Task Tail(TailRequest request, IServerStreamWriter<TailBatch> responseStream, ServerCallContext context)
    {
        var next = (int)request.FromOffset;
        for (var batches = 0; batches < BatchesPerTail; batches++)
        {
            var batch = new TailBatch();
            Task grown;
            lock (_gate)
            {
                var records = Topic(request.Topic);
                batch.Records.AddRange(records.Skip(next).Take(MaxBatchRecords));
                batch.EndOffset = records.Count;
                grown = _grown.Task;
            }

            await responseStream.WriteAsync(batch, context.CancellationToken);
            next += batch.Records.Count;
            if (next < batch.EndOffset) continue;
            if (!request.Follow) return;
            // Heartbeats are the other reason to go on.
            await Task.WhenAny(grown, Task.Delay(TimeSpan.FromSeconds(4), context.CancellationToken));
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private AppendResponse Append(AppendRequest request)
    {
        TaskCompletionSource grown;
        var response = new AppendResponse();
        lock (_gate)
        {
            var records = Topic(request.Topic);
            foreach (var record in request.Records)
            {
                if (_offsets.TryAdd((request.Topic, record.EventId), records.Count)) records.Add(new StoredRecord { Offset = records.Count, Record = record });
                else response.Duplicates++;
                response.Offsets.Add(_offsets[(request.Topic, record.EventId)]);
            }

            response.NextOffset = records.Count;
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
        return response;
    }

    private List<StoredRecord> Topic(string topic)
    {
        if (!_topics.TryGetValue(topic, out var records)) _topics.Add(topic, records = []);
        return records;
    }
}
