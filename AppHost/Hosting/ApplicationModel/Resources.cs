using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application. Its annotations say everything about it.</summary>
public interface IResource
{
    /// <summary>1-64 ASCII letters, digits and hyphens; unique without regard to case.</summary>
    string Name { get; }

    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Something said about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The annotations of a resource, in the order in which they were made.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>The resources of an application, in the order in which they were added.</summary>
public interface IResourceCollection : IList<IResource>;

/// <summary>The application as it was described.</summary>
public sealed class DistributedApplicationModel(IEnumerable<IResource> resources)
{
    public IResourceCollection Resources { get; } = resources as IResourceCollection ?? new ResourceCollection([.. resources]);
}

/// <summary>Takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>Takes arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>Listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>Can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>Computes: becomes a workload where the application is published.</summary>
public interface IComputeResource : IResource;

/// <summary>Belongs to another resource.</summary>
public interface IResourceWithParent : IResource
{
    IResource Parent { get; }
}

/// <summary>Has a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>How the string is put together.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The variable to use instead of <c>ConnectionStrings__{name}</c>.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The string itself.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);

    /// <summary>Parts of the string under names of their own: <c>{NAME}_{PROPERTY}</c> where it is referenced.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    IEnumerable<object> IValueWithReferences.References => [this, ConnectionStringExpression];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);
}

/// <summary>A resource with a name and annotations.</summary>
public abstract class Resource : IResource
{
    protected Resource(string name)
    {
        ResourceName.Demand(name);
        Name = name;
    }

    /// <inheritdoc/>
    public virtual string Name { get; }

    /// <inheritdoc/>
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A .NET project.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport, IComputeResource;

/// <summary>A program.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource
{
    public string Command { get; } = command;

    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A container.</summary>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource
{
    /// <summary>What runs instead of the image's own entry point.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

internal sealed class ResourceCollection(List<IResource> resources) : Collection<IResource>(resources), IResourceCollection;

internal static class ResourceName
{
    public static void Demand(string name)
    {
        var valid = name.Length is >= 1 and <= 64
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && char.IsAsciiLetter(name[0]) && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
        if (!valid)
            throw new DistributedApplicationException($"'{name}' is no resource name: 1-64 letters, digits and single hyphens, a letter first, no hyphen last.");
    }
}
