using Google.Protobuf;
using Grpc.Net.Client;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Tests;
using Record = RecoAspire.Contracts.EventLog.V1.Record;

namespace RecoAspire.ServiceDefaults.Tests;

/// <summary>One real log for the tests of a class; every test uses topics of its own.</summary>
public sealed class LogFixture : IAsyncLifetime
{
    private GrpcChannel? _channel;

    internal ServiceProcess Process { get; } = ServiceProcess.Create("EventLog");

    public EventLogService.EventLogServiceClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Process.StartAsync(TestContext.Current.CancellationToken);
        _channel = Process.OpenChannel();
        Client = new EventLogService.EventLogServiceClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await Process.DisposeAsync();
    }

    /// <summary>Appends records with these ids and returns the topic's end.</summary>
    public async Task<long> AppendAsync(string topic, params IEnumerable<string> ids)
    {
        var request = new AppendRequest { Topic = topic };
        request.Records.AddRange(ids.Select(id => new Record { EventId = id, Key = "k", Type = "test.v1.Event", Payload = ByteString.Empty }));
        return (await Client.AppendAsync(request, cancellationToken: TestContext.Current.CancellationToken)).NextOffset;
    }
}
