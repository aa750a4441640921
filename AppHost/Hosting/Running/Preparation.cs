using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Hosting.Running;

/// <summary>First of all: says what starts, and takes the data folder for this process.</summary>
internal sealed class Preparation(DataRoot dataRoot, ConsoleLog console, IHostEnvironment environment) : IHostedService
{
    /// <inheritdoc/>
    /// <exception cref="DistributedApplicationException">Another AppHost has the data folder.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        console.Host("Distributed application starting.");
        console.Host($"Application host directory is: {environment.ContentRootPath}");
        dataRoot.Lock();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Hands the resources' console lines to the host's loggers, as category <c>Resources.{name}</c>: tests see them in their output.</summary>
internal sealed class ResourceLogForwarder(ResourceLoggerService loggers, ILoggerFactory factory) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var line in loggers.WatchAllAsync(stoppingToken))
            factory.CreateLogger($"Resources.{line.Resource}").Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{Line}", line.Content);
    }
}
