using RecoAspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a referenced project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.Add(name, new TProject());

    /// <summary>Adds a project by the path of its file, relative to the AppHost's folder. It must have been built.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.Add(name, new PathMetadata(Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath))));

    /// <summary>Several processes behind one address: a proxy hands each connection to the next healthy one. At most 32.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicas, 32);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> Add(this IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata) =>
        builder.AddResource(new ProjectResource(name)).WithAnnotation(new ProjectMetadataAnnotation(metadata)).WithOtlpExporter();

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

/// <summary>Telemetry.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Tells the process where the dashboard takes telemetry, and under which name. Projects have it by themselves.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment => builder.WithAnnotation(new OtlpExporterAnnotation(), ResourceAnnotationMutationBehavior.Replace);
}

/// <summary>What a resource says about itself.</summary>
public static class ResourceExtensions
{
    /// <summary>How many processes it has.</summary>
    public static int GetReplicaCount(this IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    public static bool TryGetLastAnnotation<T>(this IResource resource, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    public static bool IsExcludedFromPublish(this IResource resource) => resource.Annotations.OfType<ManifestPublishingCallbackAnnotation>().Any();

    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(e => new EndpointReference(resource, e.Name));

    /// <summary>Name of the image with registry and tag, of a container.</summary>
    public static bool TryGetContainerImageName(this IResource resource, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? imageName)
    {
        imageName = resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Name;
        return imageName is not null;
    }

    internal static string TypeName(this IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Container",
        ParameterResource => "Parameter",
        _ => "ConnectionString",
    };
}
