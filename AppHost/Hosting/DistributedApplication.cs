using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RecoAspire.Hosting;
using RecoAspire.Hosting.Publishing;

namespace Aspire.Hosting;

/// <summary>The application: starts its resources, watches them, and stops them all; or writes its manifest.</summary>
public sealed class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private bool _started;

    /// <inheritdoc/>
    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs until Ctrl+C or SIGTERM, or publishes. What keeps it from that is one line on standard error and exit code 1 (2: the command line).</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode) await PublishAsync(cancellationToken);
            else await RunHostAsync(cancellationToken);
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            Environment.ExitCode = e is UsageException ? 2 : 1;
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await BeforeStartAsync(cancellationToken);
        _started = true;
        await host.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _started, false) ? host.StopAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Stops what still runs: no process outlives the application that started it.</summary>
    public void Dispose()
    {
        StopAsync().GetAwaiter().GetResult();
        host.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (host is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else host.Dispose();
    }

    private async Task RunHostAsync(CancellationToken cancellationToken)
    {
        await BeforeStartAsync(cancellationToken);
        await host.RunAsync(cancellationToken);
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        await BeforeStartAsync(cancellationToken);
        await Services.GetRequiredService<ManifestFile>().WriteAsync(cancellationToken);
    }

    private Task BeforeStartAsync(CancellationToken cancellationToken)
    {
        var model = Services.GetRequiredService<DistributedApplicationModel>();
        return Services.GetRequiredService<Eventing.IDistributedApplicationEventing>().PublishAsync(new BeforeStartEvent(Services, model), cancellationToken);
    }
}
