using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

/// <summary>What a reference to an engine gives a process, and how images are named.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = ["--DcpPublisher:RandomizePorts=true", "--Parameters:key=k-of-8-or-more", "--ConnectionStrings:legacy=Server=old"],
        DisableDashboard = true,
    });

    private DistributedApplication? _app;

    public void Dispose() => _app?.Dispose();

    [Fact]
    public async Task Redis_gives_its_string_and_its_parts()
    {
        var cache = _builder.AddRedis("my-cache", password: _builder.AddParameter("key", secret: true));
        var variables = await VariablesAsync(Tool().WithReference(cache, connectionName: "cache"));
        var port = cache.GetEndpoint("tcp").Port;
        Assert.Equal($"127.0.0.1:{port},password=k-of-8-or-more", variables["ConnectionStrings__cache"]);
        Assert.Equal("127.0.0.1", variables["CACHE_HOST"]);
        Assert.Equal($"{port}", variables["CACHE_PORT"]);
        Assert.Equal("k-of-8-or-more", variables["CACHE_PASSWORD"]);
        Assert.Equal($"redis://:k-of-8-or-more@127.0.0.1:{port}", variables["CACHE_URI"]);
    }

    [Fact]
    public async Task Garnet_and_Kafka_give_theirs()
    {
        var garnet = _builder.AddGarnet("garnet", password: _builder.AddParameter("key", secret: true));
        var kafka = _builder.AddKafka("kafka");
        var variables = await VariablesAsync(Tool().WithReference(garnet).WithReference(kafka));
        Assert.Equal($"127.0.0.1:{garnet.GetEndpoint("tcp").Port},password=k-of-8-or-more", variables["ConnectionStrings__garnet"]);
        Assert.Equal($"127.0.0.1:{kafka.GetEndpoint("tcp").Port}", variables["ConnectionStrings__kafka"]);
        Assert.Equal($"{kafka.GetEndpoint("tcp").Port}", variables["KAFKA_PORT"]);
    }

    [Fact]
    public async Task Qdrant_gives_a_second_string_for_HTTP()
    {
        var vectors = _builder.AddQdrant("vectors", _builder.AddParameter("key", secret: true));
        var variables = await VariablesAsync(Tool().WithReference(vectors));
        var (grpc, http) = (vectors.GetEndpoint("grpc").Url, vectors.GetEndpoint("http").Url);
        Assert.NotEqual(grpc, http);
        Assert.Equal($"Endpoint={grpc};Key=k-of-8-or-more", variables["ConnectionStrings__vectors"]);
        Assert.Equal($"Endpoint={http};Key=k-of-8-or-more", variables["ConnectionStrings__vectors_http"]);
        Assert.Equal(grpc, variables["VECTORS_URI"]);
        Assert.Equal(http, variables["VECTORS_HTTPURI"]);
        Assert.Equal("k-of-8-or-more", variables["VECTORS_APIKEY"]);
        Assert.Equal($"{vectors.GetEndpoint("grpc").Port}", variables["VECTORS_GRPCPORT"]);
    }

    [Fact]
    public async Task A_configured_string_may_have_a_variable_of_its_own_and_an_optional_one_may_be_empty()
    {
        var variables = await VariablesAsync(Tool().WithReference(_builder.AddConnectionString("legacy", "OLD_SERVER")));
        Assert.Equal("Server=old", variables["OLD_SERVER"]);
        var empty = _builder.AddConnectionString("empty", ReferenceExpression.Empty);
        Assert.Equal("", (await VariablesAsync(_builder.AddExecutable("tool2", "sh", ".").WithReference(empty, optional: true)))["ConnectionStrings__empty"]);
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => VariablesAsync(_builder.AddExecutable("tool3", "sh", ".").WithReference(empty)));
        Assert.Equal("The connection string of 'empty' is empty, and 'tool3' needs it.", error.Message);
    }

    [Fact]
    public async Task Something_outside_is_found_by_name()
    {
        var tool = Tool();
        var variables = await VariablesAsync(tool.WithReference("weather", new Uri("https://weather.example/v1/")));
        Assert.Equal("https://weather.example/v1/", variables["services__weather__default__0"]);
        Assert.Equal("https://weather.example/v1/", variables["weather"]);
        foreach (var wrong in (string[])["https://weather.example/v1", "https://weather.example/?a=1", "https://weather.example/#a"])
            Assert.Throws<InvalidOperationException>(() => tool.WithReference("w", new Uri(wrong)));
        Assert.Throws<InvalidOperationException>(() => tool.WithReference("w", new Uri("/v1/", UriKind.Relative)));
    }

    [Theory]
    [InlineData("redis", null, "redis", "latest", null)]
    [InlineData("redis:8.6", null, "redis", "8.6", null)]
    [InlineData("library/redis:8.6", null, "library/redis", "8.6", null)]
    [InlineData("docker.io/library/redis", "docker.io", "library/redis", "latest", null)]
    [InlineData("ghcr.io/acme/store:1.2", "ghcr.io", "acme/store", "1.2", null)]
    [InlineData("localhost/store", "localhost", "store", "latest", null)]
    [InlineData("localhost:5000/acme/store", "localhost:5000", "acme/store", "latest", null)]
    [InlineData("registry:5000/store:1", "registry:5000", "store", "1", null)]
    [InlineData("ghcr.io/acme/store@sha256:abc", "ghcr.io", "acme/store", null, "abc")]
    public void An_image_name_has_registry_path_tag_and_digest(string text, string? registry, string image, string? tag, string? digest)
    {
        var box = _builder.AddContainer("box", text).Resource;
        var parsed = box.Annotations.OfType<ContainerImageAnnotation>().Single();
        Assert.Equal((registry, image, tag, digest), (parsed.Registry, parsed.Image, parsed.Tag, parsed.SHA256));
        Assert.True(box.TryGetContainerImageName(out var name));
        Assert.Equal(tag == "latest" && !text.EndsWith(":latest", StringComparison.Ordinal) ? $"{text}:latest" : text, name);
    }

    [Fact]
    public void An_image_can_be_changed_piece_by_piece()
    {
        var box = _builder.AddContainer("box", "acme/store:1").WithImageRegistry("ghcr.io").WithImageTag("2");
        Assert.True(box.Resource.TryGetContainerImageName(out var tagged));
        Assert.Equal("ghcr.io/acme/store:2", tagged);
        box.WithImageSHA256("abc");
        Assert.True(box.Resource.TryGetContainerImageName(out var pinned));
        Assert.Equal("ghcr.io/acme/store@sha256:abc", pinned);
        // The last word counts: a tag takes the digest's place.
        box.WithImageTag("3");
        Assert.True(box.Resource.TryGetContainerImageName(out var again));
        Assert.Equal("ghcr.io/acme/store:3", again);
        box.WithImage("other", "4");
        Assert.True(box.Resource.TryGetContainerImageName(out var other));
        Assert.Equal("other:4", other);
    }

    private IResourceBuilder<ExecutableResource> Tool() => _builder.AddExecutable("tool", "sh", ".");

    private async Task<Dictionary<string, string>> VariablesAsync(IResourceBuilder<IResource> builder)
    {
        _app ??= _builder.Build();
        var ports = new PortAllocator(_builder.Configuration);
        foreach (var resource in _builder.Resources) ports.Allocate(resource);
        var launch = await _app.Services.GetRequiredService<LaunchPlan>().PlanAsync(builder.Resource, 0, TestContext.Current.CancellationToken);
        return launch.Environment.ToDictionary(v => v.Name, v => v.Value);
    }
}
