using Grpc.Net.Client;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Tests;

namespace RecoAspire.EventLog.Tests;

/// <summary>One log process for the tests of a class; every test uses topics of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
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
}
