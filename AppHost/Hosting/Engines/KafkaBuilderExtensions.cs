using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Engines;

namespace Aspire.Hosting;

/// <summary>A Kafka broker.</summary>
public sealed class KafkaServerResource : ContainerResource, IResourceWithConnectionString
{
    public KafkaServerResource(string name)
        : base(name)
    {
        PrimaryEndpoint = new EndpointReference(this, "tcp");
        InternalEndpoint = new EndpointReference(this, "internal");
    }

    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>For other containers.</summary>
    public EndpointReference InternalEndpoint { get; }

    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary><c>host:port</c></summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
    }
}

/// <summary>Kafka.</summary>
public static class KafkaBuilderExtensions
{
    /// <summary>Adds one broker, which is also its own controller.</summary>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var resource = new KafkaServerResource(name);
        var key = $"{name}_check";
        builder.Services.AddHealthChecks().Add(TcpHealthCheck.Registration(key, resource.PrimaryEndpoint));
        return builder.AddResource(resource)
            .WithImage("confluentinc/confluent-local", "8.1.1").WithImageRegistry("docker.io")
            .WithEndpoint(port, targetPort: 9092, scheme: "tcp", name: "tcp")
            .WithEndpoint(targetPort: 9093, scheme: "tcp", name: "internal")
            .WithHealthCheck(key)
            .WithEnvironment("KAFKA_LISTENERS", "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093")
            .WithEnvironment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT")
            .WithEnvironment(
                "KAFKA_ADVERTISED_LISTENERS",
                ReferenceExpression.Create($"PLAINTEXT://localhost:29092,PLAINTEXT_HOST://{resource.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{resource.InternalEndpoint.Property(EndpointProperty.HostAndPort)}"));
    }

    /// <summary>Keeps the log in a volume.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithEnvironment("KAFKA_LOG_DIRS", "/var/lib/kafka/data")
            .WithVolume(name ?? ContainerResourceBuilderExtensions.VolumeName(builder.ApplicationBuilder, builder.Resource.Name), "/var/lib/kafka/data", isReadOnly);
}
