using Google.Protobuf;
using Grpc.Net.Client;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Tests;
using Record = RecoAspire.Contracts.EventLog.V1.Record;

namespace RecoAspire.Ops.Tests.Backup;

/// <summary>A real event log in a process of its own, and the tool at work on it.</summary>
internal sealed class LiveLog : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private LiveLog(ServiceProcess process)
    {
        Process = process;
        _channel = process.OpenChannel();
        Client = new EventLogService.EventLogServiceClient(_channel);
    }

    public ServiceProcess Process { get; }

    public EventLogService.EventLogServiceClient Client { get; }

    public string Address => Process.GrpcAddress.GetLeftPart(UriPartial.Authority);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LiveLog> StartAsync()
    {
        var process = ServiceProcess.Create("EventLog");
        await process.StartAsync(Cancellation);
        return new LiveLog(process);
    }

    /// <summary>Appends records whose content depends on topic and number alone.</summary>
    public async Task AppendAsync(string topic, int first, int count)
    {
        foreach (var numbers in Enumerable.Range(first, count).Chunk(5_000))
        {
            var request = new AppendRequest { Topic = topic };
            request.Records.AddRange(numbers.Select(n => Sample(topic, n)));
            await Client.AppendAsync(request, cancellationToken: Cancellation);
        }
    }

    public static Record Sample(string topic, int number) => new()
    {
        EventId = $"{topic}-é-{number}",
        Key = $"viewer-{number % 7}",
        Type = "reco.interactions.v1.Interaction",
        Payload = ByteString.CopyFrom([.. Enumerable.Range(0, number % 90).Select(i => (byte)(number * 31 + i))]),
        Traceparent = number % 3 == 0 ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : "",
    };

    /// <summary>Every record of every topic, without the log's own stamp.</summary>
    public async Task<Dictionary<string, List<(long Offset, Record Record)>>> ReadAllAsync()
    {
        var all = new Dictionary<string, List<(long, Record)>>();
        foreach (var topic in (await Client.GetInfoAsync(new GetInfoRequest(), cancellationToken: Cancellation)).Topics)
        {
            var records = all[topic.Topic] = [];
            using var tail = Client.Tail(new TailRequest { Topic = topic.Topic, MaxBatchRecords = 5_000 }, cancellationToken: Cancellation);
            while (await tail.ResponseStream.MoveNext(Cancellation)) records.AddRange(tail.ResponseStream.Current.Records.Select(r => (r.Offset, r.Record)));
        }

        return all;
    }

    public async Task<long> EndOfAsync(string topic) =>
        (await Client.GetInfoAsync(new GetInfoRequest(), cancellationToken: Cancellation)).Topics.FirstOrDefault(t => t.Topic == topic)?.NextOffset ?? 0;

    public Task<OpsProcess.Result> BackUpAsync(Scratch folder, params string[] more) =>
        OpsProcess.RunAsync(folder.Path, ["backup", "create", "--to", Folder(folder), "--eventlog", Address, .. more]);

    public Task<OpsProcess.Result> RestoreAsync(Scratch folder, params string[] more) =>
        OpsProcess.RunAsync(folder.Path, ["backup", "restore", Folder(folder), "--into", Address, .. more]);

    public static string Folder(Scratch folder) => Path.Combine(folder.Path, "backups");

    /// <summary>Names of the backups' folders, oldest first.</summary>
    public static List<string> Names(Scratch folder) => Directory.Exists(Folder(folder))
        ? [.. Directory.GetDirectories(Folder(folder)).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)]
        : [];

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
    }
}
