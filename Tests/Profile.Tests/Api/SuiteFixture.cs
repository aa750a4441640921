using Grpc.Net.Client;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.Profile.Tests.Api;

/// <summary>A real log and a real profile service, each in a process.</summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    public const string AdminKey = "the key of this test";
    private readonly List<GrpcChannel> _channels = [];

    internal ServiceProcess Log { get; } = ServiceProcess.Create("EventLog");

    internal ServiceProcess Service { get; } = ServiceProcess.Create("Profile");

    internal LogWriter Writer { get; private set; } = null!;

    public ProfileService.ProfileServiceClient Client { get; private set; } = null!;

    public ViewService.ViewServiceClient Views { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Log.StartAsync(cancellation);
        Service.Environment["services__eventlog__http__0"] = Log.GrpcAddress.ToString();
        Service.Environment["Admin__Key"] = AdminKey;
        await Service.StartAsync(cancellation);
        _channels.AddRange([Log.OpenChannel(), Service.OpenChannel()]);
        Writer = new LogWriter(new EventLogService.EventLogServiceClient(_channels[0]));
        Client = new ProfileService.ProfileServiceClient(_channels[1]);
        Views = new ViewService.ViewServiceClient(_channels[1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels) channel.Dispose();
        await Service.DisposeAsync();
        await Log.DisposeAsync();
    }

    /// <summary>Waits until the service has applied everything before an offset of `interactions`.</summary>
    internal async Task WaitForAsync(long offset) => await Views.WaitForAsync(
        new WaitForRequest { View = "profiles", Topic = Topics.Interactions, Offset = offset }, cancellationToken: TestContext.Current.CancellationToken);
}
