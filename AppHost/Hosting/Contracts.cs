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

    /// <summary>Puts an application together.</summary>
    public interface IDistributedApplicationBuilder
    {
        ConfigurationManager Configuration { get; }

        /// <summary>Folder of the AppHost's project.</summary>
        string AppHostDirectory { get; }

        IHostEnvironment Environment { get; }

        IServiceCollection Services { get; }

        DistributedApplicationExecutionContext ExecutionContext { get; }

        IList<IResource> Resources { get; }

        IResourceBuilder<T> AddResource<T>(T resource)
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
}
