using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>An application's builder in the hands of a test.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// Starts an AppHost inside a test: its own entry point, on free ports, in a data folder of its own that goes with the builder, without
/// dashboard, with the resources' console lines in the host's loggers.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <typeparam name="TEntryPoint"><c>Projects.AppHost</c>, or any type of the AppHost's assembly.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)"/>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>(args, _ => { }, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)"/>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions> configureBuilder, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var program = typeof(TEntryPoint).Assembly;
        var folder = args.Any(a => a.StartsWith("--Data:Root=", StringComparison.OrdinalIgnoreCase)) ? null : Directory.CreateTempSubdirectory("apphost-").FullName;
        // The process is the test's: its memory says nothing about the dashboard.
        string[] all = ["--DcpPublisher:RandomizePorts=true", "--Dashboard:MemoryCeilingMegabytes=16384", .. folder is null ? [] : (string[])[$"--Data:Root={folder}"], .. args];
        var hook = new EntryPointHook(options =>
        {
            options.Args = all;
            options.DisableDashboard = true;
            options.EnableResourceLogging = true;
            options.ProjectDirectory = program.GetCustomAttributes<AssemblyMetadataAttribute>()
                .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value;
            configureBuilder(options);
        });
        try
        {
            return new TestingBuilder(await hook.StartAsync(program, all, cancellationToken), hook, folder);
        }
        catch
        {
            if (folder is not null) Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private sealed class TestingBuilder(DistributedApplicationBuilder inner, EntryPointHook hook, string? folder) : IDistributedApplicationTestingBuilder
    {
        private DistributedApplication? _application;

        public Microsoft.Extensions.Configuration.ConfigurationManager Configuration => inner.Configuration;

        public string AppHostDirectory => inner.AppHostDirectory;

        public Microsoft.Extensions.Hosting.IHostEnvironment Environment => inner.Environment;

        public Microsoft.Extensions.DependencyInjection.IServiceCollection Services => inner.Services;

        public Eventing.IDistributedApplicationEventing Eventing => inner.Eventing;

        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

        public IResourceCollection Resources => inner.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource => inner.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
            where T : IResource => inner.CreateResourceBuilder(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => _application = await hook.BuildAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (_application is not null)
            {
                await _application.StopAsync(CancellationToken.None);
                await _application.DisposeAsync();
            }

            hook.Abandon();
            if (folder is not null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }
}
