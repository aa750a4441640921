using System.Reflection;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecoAspire.Hosting;
using RecoAspire.Hosting.Dashboard;
using RecoAspire.Hosting.Engines;
using RecoAspire.Hosting.Publishing;
using RecoAspire.Hosting.Running;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;
    private readonly EntryPointHook? _hook = EntryPointHook.Current;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _options = options;
        _hook?.Constructing(options);
        var program = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value;
        if (program is not null && _hook is null) AppDomain.CurrentDomain.UnhandledException += EndWithOneLine;
        AppHostDirectory = Path.GetFullPath(options.ProjectDirectory ?? program ?? AppContext.BaseDirectory);
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings { Args = options.Args, ContentRootPath = AppHostDirectory });
        ExecutionContext = new(IsPublish(options.Args) ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
        EngineSelection.Demand(Configuration);
        AddServices();
        _hook?.Constructed(this);
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
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection([]);

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There is already a resource '{resource.Name}'.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _hook?.Building();
        var application = new DistributedApplication(_host.Build());
        _hook?.Built(application);
        return application;
    }

    private void AddServices()
    {
        _host.Logging.ClearProviders();
        Services.AddHealthChecks();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton<ResourceNotificationService>().AddSingleton<ResourceCommandService>();
        Services.AddSingleton(s => new ResourceLoggerService(s.GetRequiredService<TimeProvider>(), Configuration.GetValue("Dashboard:Frontend:MaxConsoleLogCount", 10_000)));
        Services.AddSingleton(s => new ManifestFile(s.GetRequiredService<DistributedApplicationModel>(), ExecutionContext, Configuration, AppHostDirectory));
        if (ExecutionContext.IsPublishMode) return;

        Services.AddSingleton(_ => new ConsoleLog(Console.Out, ConsoleLog.WantsColour));
        Services.AddSingleton(_ => DataRoot.From(Configuration, AppHostDirectory));
        Services.AddSingleton<PortAllocator>().AddSingleton<HealthProbe>().AddSingleton<RestartPolicy>().AddSingleton<LaunchPlan>();
        Services.AddSingleton<EngineSelection>().AddSingleton<ContainerPlan>();
        Services.AddSingleton(s => new ConsoleNotice(s.GetRequiredService<ConsoleLog>().Notice));
        Services.AddSingleton(s => new ToolManifest(AppHostDirectory, s.GetRequiredService<ConsoleNotice>()));
        Services.AddSingleton<RunFile>().AddSingleton<OtlpTarget>().AddSingleton<Orchestrator>();
        Services.AddHostedService<Preparation>();
        if (!_options.DisableDashboard && Configuration.GetValue("Dashboard:Enabled", true)) Services.AddHostedService<DashboardHost>();
        // Inside a test the process is not ours to tidy.
        if (_hook is null) Services.AddHostedService<RestingMemory>();
        if (_options.EnableResourceLogging) Services.AddHostedService<ResourceLogForwarder>();
        Services.AddHostedService(s => s.GetRequiredService<Orchestrator>());
        // Children get 3.5 s to end by themselves; the whole stop stays under 5 s.
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(4.8));
    }

    private bool IsPublish(string[]? args)
    {
        if (args is ["publish", ..] || Configuration["operation"] == "publish") return true;
        if (Configuration["operation"] is { } operation && operation != "run") throw new UsageException($"--operation must be run or publish, not '{operation}'.");
        return Configuration["publisher"] is not null && Configuration["operation"] is null;
    }

    // What the description itself throws would be a stack trace otherwise.
    private static void EndWithOneLine(object? sender, UnhandledExceptionEventArgs e)
    {
        // A setting that cannot be read, or is out of range, is the command line's fault; anything else is a bug and keeps its stack.
        if (e.ExceptionObject is not (DistributedApplicationException or InvalidOperationException or ArgumentException)) return;
        var error = (Exception)e.ExceptionObject;
        Console.Error.WriteLine($"error: {error.Message.ReplaceLineEndings(" ")}");
        System.Environment.Exit(error is DistributedApplicationException and not UsageException ? 1 : 2);
    }
}
