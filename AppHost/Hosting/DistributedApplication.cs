using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecoAspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>The application: starts its resources, watches them, and stops them all.</summary>
public sealed class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    /// <inheritdoc/>
    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Runs until Ctrl+C or SIGTERM. What keeps the application from running is one line on standard error and exit code 1.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await host.RunAsync(cancellationToken);
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            Environment.ExitCode = 1;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => host.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else host.Dispose();
    }
}

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;

    public DistributedApplicationBuilder(string[] args)
    {
        AppHostDirectory = FindAppHostDirectory();
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppHostDirectory });
        _host.Logging.ClearProviders();
        _host.Services.AddSingleton(TimeProvider.System);
        _host.Services.AddSingleton<ResourceNotificationService>();
        _host.Services.AddSingleton(ExecutionContext);
        _host.Services.AddSingleton<IReadOnlyList<IResource>>(_ => [.. Resources]);
        _host.Services.AddSingleton(_ => new ConsoleLog(Console.Out, ConsoleLog.WantsColour));
        _host.Services.AddSingleton(_ => DataRoot.From(Configuration, AppHostDirectory));
        _host.Services.AddSingleton<PortAllocator>();
        _host.Services.AddSingleton<HealthProbe>();
        _host.Services.AddSingleton<RestartPolicy>();
        _host.Services.AddSingleton<LaunchPlan>();
        _host.Services.AddHostedService<Orchestrator>();
        // Children get 3.5 s to end by themselves; the whole stop stays under 5 s.
        _host.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(4.8));
    }

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    /// <inheritdoc/>
    public IList<IResource> Resources { get; } = [];

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There is already a resource '{resource.Name}'.");
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc/>
    public DistributedApplication Build() => new(_host.Build());

    // Written into the assembly at build time; elsewhere (tests) the folder of the program.
    private static string FindAppHostDirectory() => Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value ?? AppContext.BaseDirectory;
}
