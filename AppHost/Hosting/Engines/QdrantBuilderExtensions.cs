namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A Qdrant server.</summary>
    public sealed class QdrantServerResource : ContainerResource, IResourceWithConnectionString
    {
        public QdrantServerResource(string name, ParameterResource apiKey)
            : base(name)
        {
            PrimaryEndpoint = new EndpointReference(this, "grpc");
            HttpEndpoint = new EndpointReference(this, "http");
            ApiKeyParameter = apiKey;
        }

        /// <summary>gRPC.</summary>
        public EndpointReference PrimaryEndpoint { get; }

        public EndpointReference HttpEndpoint { get; }

        public ParameterResource ApiKeyParameter { get; }

        public EndpointReferenceExpression GrpcHost => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression GrpcPort => PrimaryEndpoint.Property(EndpointProperty.Port);

        public EndpointReferenceExpression HttpHost => HttpEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression HttpPort => HttpEndpoint.Property(EndpointProperty.Port);

        public ReferenceExpression UriExpression => ReferenceExpression.Create($"{PrimaryEndpoint}");

        public ReferenceExpression HttpUriExpression => ReferenceExpression.Create($"{HttpEndpoint}");

        /// <summary><c>Endpoint=http://host:port;Key=...</c></summary>
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"Endpoint={PrimaryEndpoint};Key={ApiKeyParameter}");

        /// <summary>The same for HTTP.</summary>
        public ReferenceExpression HttpConnectionStringExpression => ReferenceExpression.Create($"Endpoint={HttpEndpoint};Key={ApiKeyParameter}");

        /// <inheritdoc/>
        public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
        [
            new("GrpcHost", ReferenceExpression.Create($"{GrpcHost}")),
            new("GrpcPort", ReferenceExpression.Create($"{GrpcPort}")),
            new("HttpHost", ReferenceExpression.Create($"{HttpHost}")),
            new("HttpPort", ReferenceExpression.Create($"{HttpPort}")),
            new("ApiKey", ReferenceExpression.Create($"{ApiKeyParameter}")),
            new("Uri", UriExpression),
            new("HttpUri", HttpUriExpression),
        ];
    }
}

namespace Aspire.Hosting
{
    /// <summary>Qdrant.</summary>
    public static class QdrantBuilderExtensions
    {
        /// <summary>Adds a Qdrant server with an API key; one is generated unless it is given.</summary>
        public static IResourceBuilder<QdrantServerResource> AddQdrant(
            this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? apiKey = null, int? grpcPort = null, int? httpPort = null)
        {
            var key = apiKey?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-Key", special: false);
            return builder.AddResource(new QdrantServerResource(name, key))
                .WithImage("qdrant/qdrant", "v1.16.3").WithImageRegistry("docker.io")
                .WithHttpEndpoint(grpcPort, targetPort: 6334, name: "grpc")
                .WithEndpoint("grpc", e => e.Transport = "http2")
                .WithHttpEndpoint(httpPort, targetPort: 6333, name: "http")
                .WithHttpHealthCheck("/readyz", endpointName: "http")
                .WithEnvironment(c =>
                {
                    c.EnvironmentVariables["QDRANT__SERVICE__API_KEY"] = key;
                    if (c.ExecutionContext.IsPublishMode) c.EnvironmentVariables["QDRANT__SERVICE__ENABLE_STATIC_CONTENT"] = "0";
                });
        }

        /// <summary>Keeps the collections in a volume.</summary>
        public static IResourceBuilder<QdrantServerResource> WithDataVolume(this IResourceBuilder<QdrantServerResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithVolume(name ?? ContainerResourceBuilderExtensions.VolumeName(builder.ApplicationBuilder, builder.Resource.Name), "/qdrant/storage", isReadOnly);

        /// <summary>Gives a resource both connection strings: <c>ConnectionStrings__{name}</c> for gRPC and <c>ConnectionStrings__{name}_http</c>.</summary>
        public static IResourceBuilder<TDestination> WithReference<TDestination>(
            this IResourceBuilder<TDestination> builder, IResourceBuilder<QdrantServerResource> qdrantResource, string? connectionName = null)
            where TDestination : IResourceWithEnvironment =>
            ResourceBuilderExtensions.WithReference(builder, qdrantResource, connectionName)
                .WithEnvironment($"ConnectionStrings__{connectionName ?? qdrantResource.Resource.Name}_http", qdrantResource.Resource.HttpConnectionStringExpression);
    }
}
