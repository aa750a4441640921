namespace Aspire.Hosting;

/// <summary>Projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a referenced project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
        builder.AddResource(new ProjectResource(name)).WithAnnotation(new ProjectMetadataAnnotation(new TProject()));

    /// <summary>Adds a project by the path of its file, relative to the AppHost's folder. It must have been built.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectMetadataAnnotation(new PathMetadata(Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath)))));

    /// <summary>One process per project, for now: several behind one port would need a proxy.</summary>
    /// <exception cref="DistributedApplicationException">More than one replica.</exception>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return replicas == 1
            ? builder
            : throw new DistributedApplicationException($"'{builder.Resource.Name}': {replicas} replicas were asked for, but this host runs one process per project.");
    }

    private sealed record PathMetadata(string ProjectPath) : IProjectMetadata;
}

/// <summary>Programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program, started directly (no shell); the working directory is relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory)))).WithArgs(args ?? []);
}

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is configured as <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Add(name, null, secret);

    /// <summary>Adds a parameter with a default value.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) => builder.Add(name, value, secret);

    /// <summary>Adds a parameter with a value; the configuration, where it has one, comes first.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault && secret
            ? throw new ArgumentException("A secret cannot be published as a default.", nameof(secret))
            : builder.Add(name, new FixedDefault(value), secret);

    /// <summary>Adds a connection string that is configured as <c>ConnectionStrings:{name}</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConfiguredConnectionString(name, environmentVariableName, () => builder.Configuration[$"ConnectionStrings:{name}"]
            ?? throw new MissingParameterValueException($"The connection string '{name}' has no value: set ConnectionStrings__{name} in the environment.")));

    private sealed class FixedDefault(string value) : ParameterDefault
    {
        public override string GetDefaultValue() => value;
    }

    private sealed class ConfiguredConnectionString(string name, string? variable, Func<string> value) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{value()}");

        public string? ConnectionStringEnvironmentVariable => variable;
    }

    private static IResourceBuilder<ParameterResource> Add(this IDistributedApplicationBuilder builder, string name, ParameterDefault? fallback, bool secret)
    {
        var key = $"Parameters:{name}";
        return builder.AddResource(new ParameterResource(
            name,
            value => builder.Configuration[key] ?? builder.Configuration[key.Replace('-', '_')] ?? value?.GetDefaultValue()
                ?? throw new MissingParameterValueException($"The parameter '{name}' has no value: set {key.Replace(":", "__").Replace('-', '_')} in the environment."),
            secret)
        { Default = fallback });
    }
}
