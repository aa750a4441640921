using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting;

/// <summary>Containers.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container; the image may carry a registry, a tag and a digest (<c>ghcr.io/a/b:1</c>).</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image) =>
        builder.AddResource(new ContainerResource(name)).WithAnnotation(Parse(image));

    /// <summary>Adds a container of an image with a tag.</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag) =>
        builder.AddResource(new ContainerResource(name)).WithImage(image, tag);

    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null)
        where T : ContainerResource
    {
        var parsed = Parse(image);
        if (tag is not null) (parsed.Tag, parsed.SHA256) = (tag, null);
        return builder.WithAnnotation(parsed, ResourceAnnotationMutationBehavior.Replace);
    }

    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag)
        where T : ContainerResource => builder.Image(i => (i.Tag, i.SHA256) = (tag, null));

    public static IResourceBuilder<T> WithImageRegistry<T>(this IResourceBuilder<T> builder, string? registry)
        where T : ContainerResource => builder.Image(i => i.Registry = registry);

    public static IResourceBuilder<T> WithImageSHA256<T>(this IResourceBuilder<T> builder, string sha256)
        where T : ContainerResource => builder.Image(i => (i.Tag, i.SHA256) = (null, sha256));

    public static IResourceBuilder<T> WithEntrypoint<T>(this IResourceBuilder<T> builder, string entrypoint)
        where T : ContainerResource
    {
        builder.Resource.Entrypoint = entrypoint;
        return builder;
    }

    /// <summary>Data that outlives the container, in a volume of this name.</summary>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource => builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));

    /// <summary>A folder of this machine, relative to the AppHost's, inside the container.</summary>
    public static IResourceBuilder<T> WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource => builder.WithAnnotation(new ContainerMountAnnotation(
            Path.GetFullPath(Path.Combine(builder.ApplicationBuilder.AppHostDirectory, source)), target, ContainerMountType.BindMount, isReadOnly));

    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource => builder.WithAnnotation(new ContainerLifetimeAnnotation { Lifetime = lifetime }, ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<T> WithContainerRuntimeArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : ContainerResource => builder.WithAnnotation(new ContainerRuntimeArgsCallbackAnnotation(args));

    /// <summary>A volume name that no other application has: a part of it is the digest of the AppHost's path (run) or project name (publish).</summary>
    internal static string VolumeName(IDistributedApplicationBuilder builder, string resource)
    {
        var project = Path.GetFileName(builder.AppHostDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(builder.ExecutionContext.IsPublishMode ? project : builder.AppHostDirectory));
        var name = string.Concat(project.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        return $"{name}-{Convert.ToHexStringLower(digest)[..10]}-{resource}-data";
    }

    private static IResourceBuilder<T> Image<T>(this IResourceBuilder<T> builder, Action<ContainerImageAnnotation> change)
        where T : ContainerResource
    {
        change(builder.Resource.Annotations.OfType<ContainerImageAnnotation>().Last());
        return builder;
    }

    private static ContainerImageAnnotation Parse(string image)
    {
        var (rest, digest) = image.Split("@sha256:", 2) is [var name, var sha] ? (name, sha) : (image, null);
        var slash = rest.LastIndexOf('/');
        var colon = rest.IndexOf(':', slash + 1);
        var tag = colon < 0 ? null : rest[(colon + 1)..];
        var path = colon < 0 ? rest : rest[..colon];
        // The first part is a registry when it looks like a host.
        var first = path.IndexOf('/') is > 0 and var end ? path[..end] : "";
        var registry = first.Contains('.') || first.Contains(':') || first == "localhost" ? first : null;
        return new ContainerImageAnnotation { Registry = registry, Image = registry is null ? path : path[(registry.Length + 1)..], Tag = tag ?? (digest is null ? "latest" : null), SHA256 = digest };
    }
}
