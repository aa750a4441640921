using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting
{
    /// <summary>A project that the AppHost references; one class per reference is generated in the namespace <c>Projects</c>.</summary>
    public interface IProjectMetadata : IResourceAnnotation
    {
        /// <summary>Full path of the project file.</summary>
        string ProjectPath { get; }
    }

    /// <summary>Can be found by name through service discovery.</summary>
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

    /// <summary>The application cannot be put together or run like this; the message is meant for the person at the terminal.</summary>
    public class DistributedApplicationException : Exception
    {
        public DistributedApplicationException(string message)
            : base(message)
        {
        }

        public DistributedApplicationException(string message, Exception inner)
            : base(message, inner)
        {
        }
    }

    /// <summary>A parameter has no value.</summary>
    public sealed class MissingParameterValueException(string message) : DistributedApplicationException(message);

    /// <summary>What the AppHost was started for.</summary>
    public enum DistributedApplicationOperation
    {
        Run = 0,
        Publish = 1,
    }

    /// <summary>Run or publish.</summary>
    public sealed class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
    {
        public DistributedApplicationOperation Operation { get; } = operation;

        public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

        public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
    }

    /// <summary>How an application is put together.</summary>
    public sealed class DistributedApplicationOptions
    {
        public string[]? Args { get; set; }

        /// <summary>Folder of the AppHost's project, where it is not the running program's.</summary>
        public string? ProjectDirectory { get; set; }

        /// <summary>No page and no OTLP receiver.</summary>
        public bool DisableDashboard { get; set; }

        /// <summary>Resources' console lines also go to the host's loggers, as category <c>Resources.{name}</c>.</summary>
        public bool EnableResourceLogging { get; set; }
    }

    /// <summary>Puts an application together.</summary>
    public interface IDistributedApplicationBuilder
    {
        ConfigurationManager Configuration { get; }

        /// <summary>Folder of the AppHost's project.</summary>
        string AppHostDirectory { get; }

        IHostEnvironment Environment { get; }

        IServiceCollection Services { get; }

        IDistributedApplicationEventing Eventing { get; }

        DistributedApplicationExecutionContext ExecutionContext { get; }

        IResourceCollection Resources { get; }

        IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource;

        /// <summary>Says more about a resource that exists.</summary>
        IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
            where T : IResource;

        DistributedApplication Build();
    }
}

namespace RecoAspire.Hosting
{
    /// <summary>Where a project's assembly lies, so that it starts without asking the build again.</summary>
    public interface IProjectAssembly
    {
        /// <summary>Full path of the built assembly.</summary>
        string AssemblyPath { get; }
    }

    /// <summary>What was asked for on the command line makes no sense: exit code 2.</summary>
    public sealed class UsageException(string message) : Aspire.Hosting.DistributedApplicationException(message);
}
