using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Engines;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A server that speaks Redis' protocol, with a password.</summary>
    public abstract class RedisProtocolResource : ContainerResource, IResourceWithConnectionString
    {
        private protected RedisProtocolResource(string name, string endpointName, ParameterResource? password)
            : base(name)
        {
            PrimaryEndpoint = new EndpointReference(this, endpointName);
            PasswordParameter = password;
        }

        public EndpointReference PrimaryEndpoint { get; }

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ParameterResource? PasswordParameter { get; internal set; }

        /// <summary><c>host:port,password=...</c></summary>
        public ReferenceExpression ConnectionStringExpression => PasswordParameter is null
            ? ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")
            : ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter}");

        /// <summary><c>redis://:password@host:port</c></summary>
        public ReferenceExpression UriExpression => PasswordParameter is null
            ? ReferenceExpression.Create($"redis://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")
            : ReferenceExpression.Create($"redis://:{PasswordParameter:uri}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

        /// <inheritdoc/>
        public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties()
        {
            yield return new("Host", ReferenceExpression.Create($"{Host}"));
            yield return new("Port", ReferenceExpression.Create($"{Port}"));
            if (PasswordParameter is not null) yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
            yield return new("Uri", UriExpression);
        }
    }

    /// <summary>Redis.</summary>
    public sealed class RedisResource(string name, ParameterResource? password = null) : RedisProtocolResource(name, "tcp", password);

    /// <summary>Garnet.</summary>
    public sealed class GarnetResource(string name, ParameterResource? password = null) : RedisProtocolResource(name, "tcp", password);
}

namespace Aspire.Hosting
{
    /// <summary>Redis.</summary>
    public static class RedisBuilderExtensions
    {
        /// <summary>Adds Redis: the container where an engine answers, else the project's own <c>garnet-server</c>, which speaks the same protocol.</summary>
        public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            var redis = builder.AddRedisProtocol(new RedisResource(name, password?.Resource), port, "library/redis", "8.6", "docker.io");
            return redis.WithEnvironment(c => c.EnvironmentVariables["REDIS_PASSWORD"] = redis.Resource.PasswordParameter!)
                .WithEntrypoint("/bin/sh")
                .WithArgs(c =>
                {
                    var save = redis.Resource.Annotations.OfType<PersistenceAnnotation>().LastOrDefault();
                    c.Args.Add("-c");
                    c.Args.Add("redis-server --requirepass $REDIS_PASSWORD"
                        + (save is null ? "" : string.Create(CultureInfo.InvariantCulture, $" --save {save.Interval.TotalSeconds:0} {save.KeysChangedThreshold}")));
                });
        }

        /// <summary>Keeps the data in a volume (locally in the data folder) and turns persistence on.</summary>
        public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithRedisData(name, isReadOnly);

        /// <summary>Writes a snapshot so often, when so many keys have changed.</summary>
        public static IResourceBuilder<RedisResource> WithPersistence(this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
            builder.WithAnnotation(new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Garnet.</summary>
    public static class GarnetBuilderExtensions
    {
        /// <summary>Adds Garnet: the container where an engine answers, else the project's own <c>garnet-server</c>.</summary>
        public static IResourceBuilder<GarnetResource> AddGarnet(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            var garnet = builder.AddRedisProtocol(new GarnetResource(name, password?.Resource), port, "microsoft/garnet", "1.0", "ghcr.io");
            return garnet.WithEnvironment(c => c.EnvironmentVariables["GARNET_PASSWORD"] = garnet.Resource.PasswordParameter!)
                .WithEntrypoint("/bin/sh")
                .WithArgs(c =>
                {
                    var save = garnet.Resource.Annotations.OfType<PersistenceAnnotation>().LastOrDefault();
                    c.Args.Add("-c");
                    c.Args.Add("/app/GarnetServer --protected-mode no --auth Password --password $GARNET_PASSWORD"
                        + (save is null ? "" : string.Create(CultureInfo.InvariantCulture, $" --checkpointdir /data/checkpoints --recover --aof --aof-commit-freq {save.Interval.TotalMilliseconds:0}")));
                });
        }

        /// <inheritdoc cref="RedisBuilderExtensions.WithDataVolume"/>
        public static IResourceBuilder<GarnetResource> WithDataVolume(this IResourceBuilder<GarnetResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithRedisData(name, isReadOnly);

        /// <summary>Commits the append-only file so often.</summary>
        public static IResourceBuilder<GarnetResource> WithPersistence(this IResourceBuilder<GarnetResource> builder, TimeSpan? interval = null) =>
            builder.WithAnnotation(new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), 1), ResourceAnnotationMutationBehavior.Replace);
    }

    internal static class RedisProtocol
    {
        public static IResourceBuilder<T> AddRedisProtocol<T>(this IDistributedApplicationBuilder builder, T resource, int? port, string image, string tag, string registry)
            where T : RedisProtocolResource
        {
            resource.PasswordParameter ??= ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{resource.Name}-password", special: false);
            var key = $"{resource.Name}_check";
            // An answer counts, also "authentication required": the server is there and speaks.
            builder.Services.AddHealthChecks().Add(TcpHealthCheck.Registration(key, resource.PrimaryEndpoint, "PING\r\n"));
            return builder.AddResource(resource)
                .WithImage(image, tag).WithImageRegistry(registry)
                .WithEndpoint(port, targetPort: 6379, scheme: resource is RedisResource ? "redis" : "tcp", name: "tcp")
                .WithHealthCheck(key)
                .WithAnnotation(new LocalEquivalentAnnotation("garnet-server", (context, arguments) =>
                {
                    var endpoint = resource.PrimaryEndpoint.Property(EndpointProperty.Port);
                    foreach (var argument in (object[])["--bind", "127.0.0.1", "--port", endpoint, "--auth", "Password", "--password", resource.PasswordParameter!]) arguments.Add(argument);
                    // A laptop's cache, not the default of 16 GiB; the native device needs a library that slim systems lack.
                    foreach (var argument in (string[])["--memory", "256m", "--page", "4m", "--index", "16m", "--device-type", "RandomAccess"]) arguments.Add(argument);
                    if (resource.Annotations.OfType<PersistenceAnnotation>().LastOrDefault() is not { } save) return;
                    var folder = Path.Combine(context.DataRoot, resource.Name);
                    foreach (var argument in (string[])["--checkpointdir", folder, "--recover", "--aof", "--aof-memory", "64m", "--aof-page-size", "8m", "--aof-commit-freq"]) arguments.Add(argument);
                    arguments.Add(save.Interval.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
                }));
        }

        public static IResourceBuilder<T> WithRedisData<T>(this IResourceBuilder<T> builder, string? name, bool isReadOnly)
            where T : RedisProtocolResource
        {
            builder.WithVolume(name ?? ContainerResourceBuilderExtensions.VolumeName(builder.ApplicationBuilder, builder.Resource.Name), "/data", isReadOnly);
            return isReadOnly || builder.Resource.Annotations.OfType<PersistenceAnnotation>().Any()
                ? builder
                : builder.WithAnnotation(new PersistenceAnnotation(TimeSpan.FromSeconds(60), 1));
        }
    }

    internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
}
