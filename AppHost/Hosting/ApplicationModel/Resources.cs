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

/// <summary>Takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>Takes arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>Listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>Can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>Has a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IManifestExpressionProvider, IValueProvider
{
    /// <summary>How the string is put together.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The variable to use instead of <c>ConnectionStrings__{name}</c>.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The string itself.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

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
public sealed class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A program.</summary>
public sealed class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string Command { get; } = command;

    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A value given from outside.</summary>
public sealed class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IManifestExpressionProvider, IValueProvider
{
    private string? _value;

    /// <summary>What to use when nothing is configured.</summary>
    public ParameterDefault? Default { get; init; }

    /// <summary>Never shown.</summary>
    public bool Secret { get; } = secret;

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value: configured, else the default.</summary>
    /// <exception cref="MissingParameterValueException">There is neither.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(_value ??= callback(Default));
}

/// <summary>A default value of a parameter.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>A random default: letters and digits, new for every run.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";

    /// <summary>Length, 16-128 characters.</summary>
    public int MinLength { get; set; } = 22;

    /// <inheritdoc/>
    public override string GetDefaultValue() => System.Security.Cryptography.RandomNumberGenerator.GetString(Alphabet, Math.Clamp(MinLength, 16, 128));
}

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
