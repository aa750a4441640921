using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Publishing;

namespace RecoAspire.AppHost.Tests;

/// <summary>How each kind of resource stands in a manifest. Every expected text is also valid by the schema.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("manifest-").FullName;
    private readonly IDistributedApplicationBuilder _builder;

    public ManifestTests() => _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = ["--operation", "publish", "--publisher", "manifest", "--output-path", Path.Combine(_folder, "out", "m.json")],
        ProjectDirectory = Directory.CreateDirectory(Path.Combine(_folder, "Host")).FullName,
    });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task A_program_is_written_with_its_folder_arguments_and_environment()
    {
        _builder.AddExecutable("tool", "sh", "work", "-c", "echo {done}").WithEnvironment("A", "1").WithEnvironment("EMPTY", (string?)null);
        return DemandAsync("tool", """{"type":"executable.v0","workingDirectory":"../Host/work","command":"sh","args":["-c","echo {done}"],"env":{"A":"1","EMPTY":""}}""");
    }

    [Fact]
    public Task A_container_is_written_with_image_entry_point_arguments_and_mounts()
    {
        var key = _builder.AddParameter("key", secret: true);
        var store = _builder.AddContainer("store", "ghcr.io/acme/store", "1.2");
        store.WithEndpoint(port: 15432, targetPort: 5432, name: "db").WithEntrypoint("/bin/store")
            .WithArgs("--key", key, "--port", store.GetEndpoint("db").Property(EndpointProperty.TargetPort))
            .WithVolume("store-data", "/data").WithVolume(null, "/scratch").WithBindMount("conf", "/etc/store", isReadOnly: true)
            .WithEnvironment("SELF", store.GetEndpoint("db"));
        return DemandAsync("store", """
            {
              "type": "container.v0", "image": "ghcr.io/acme/store:1.2", "entrypoint": "/bin/store",
              "args": ["--key", "{key.value}", "--port", "{store.bindings.db.targetPort}"],
              "bindMounts": [{ "source": "../Host/conf", "target": "/etc/store", "readOnly": true }],
              "volumes": [{ "name": "store-data", "target": "/data", "readOnly": false }, { "name": "store-scratch", "target": "/scratch", "readOnly": false }],
              "env": { "SELF": "{store.bindings.db.url}" },
              "bindings": { "db": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "port": 15432, "targetPort": 5432 } }
            }
            """);
    }

    [Fact]
    public Task A_parameter_is_an_input_that_the_deployer_asks_for()
    {
        _builder.AddParameter("region");
        return DemandAsync("region", """{"type":"parameter.v0","value":"{region.inputs.value}","inputs":{"value":{"type":"string"}}}""");
    }

    [Fact]
    public Task A_generated_parameter_says_only_the_rules_that_differ()
    {
        _builder.AddParameter("key", new GenerateParameterDefault { MinLength = 40, Upper = false, MinNumeric = 3 }, secret: true);
        return DemandAsync("key", """
            {"type":"parameter.v0","value":"{key.inputs.value}","inputs":{"value":{"type":"string","secret":true,"default":{"generate":{"minLength":40,"upper":false,"minNumeric":3}}}}}
            """);
    }

    [Fact]
    public async Task A_value_is_published_only_where_that_was_said_and_a_secret_never()
    {
        _builder.AddParameter("size", "12", publishValueAsDefault: true);
        _builder.AddParameter("quiet", "hidden-1");
        _builder.AddParameter("password", "hidden-2", secret: true);
        _builder.Configuration["Parameters:api-key"] = "hidden-3";
        _builder.AddExecutable("tool", "sh", ".", "hidden").WithEnvironment("KEY", _builder.AddParameter("api-key", secret: true));
        Assert.Throws<ArgumentException>(() => _builder.AddParameter("wrong", "x", publishValueAsDefault: true, secret: true));

        var text = await PublishAsync();
        Assert.DoesNotContain("hidden-", text, StringComparison.Ordinal);
        Same("""{"type":"parameter.v0","value":"{size.inputs.value}","inputs":{"value":{"type":"string","default":{"value":"12"}}}}""", Resource(text, "size"));
        Same("""{"type":"parameter.v0","value":"{quiet.inputs.value}","inputs":{"value":{"type":"string"}}}""", Resource(text, "quiet"));
        Same("""{"type":"parameter.v0","value":"{password.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""", Resource(text, "password"));
        await ManifestSchema.DemandAsync(text);
    }

    [Fact]
    public async Task A_percent_encoded_parameter_is_a_resource_of_its_own()
    {
        var password = _builder.AddParameter("password", secret: true);
        _builder.AddExecutable("tool", "sh", ".").WithEnvironment("URL", ReferenceExpression.Create($"redis://:{password:uri}@cache"));
        var text = await PublishAsync();
        Same("""{"type":"annotated.string","value":"{password.value}","filter":"uri"}""", Resource(text, "password-uri-encoded"));
        Assert.Equal("redis://:{password-uri-encoded.value}@cache", Resource(text, "tool")["env"]!["URL"]!.GetValue<string>());
        await ManifestSchema.DemandAsync(text);
    }

    [Fact]
    public Task A_composed_connection_string_is_a_value()
    {
        var store = _builder.AddContainer("store", "acme/store").WithHttpEndpoint(targetPort: 80, name: "http");
        var key = _builder.AddParameter("key", secret: true);
        _builder.AddConnectionString("storedb", ReferenceExpression.Create($"Endpoint={store.GetEndpoint("http")};Key={key}"));
        return DemandAsync("storedb", """{"type":"value.v0","connectionString":"Endpoint={store.bindings.http.url};Key={key.value}"}""");
    }

    [Fact]
    public async Task A_configured_connection_string_is_a_secret_input()
    {
        _builder.Configuration["ConnectionStrings:legacy"] = "hidden-4";
        _builder.AddExecutable("tool", "sh", ".").WithReference(_builder.AddConnectionString("legacy"));
        var text = await PublishAsync();
        Same(
            """{"type":"parameter.v0","connectionString":"{legacy.value}","value":"{legacy.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""",
            Resource(text, "legacy"));
        Assert.Equal("{legacy.connectionString}", Resource(text, "tool")["env"]!["ConnectionStrings__legacy"]!.GetValue<string>());
        Assert.DoesNotContain("hidden-4", text, StringComparison.Ordinal);
        await ManifestSchema.DemandAsync(text);
    }

    [Fact]
    public async Task Engines_bring_their_generated_passwords_along()
    {
        _builder.AddExecutable("tool", "sh", ".").WithReference(_builder.AddRedis("cache").WithDataVolume()).WithReference(_builder.AddQdrant("vectors").WithDataVolume());
        var text = await PublishAsync();
        Same(
            """{"type":"parameter.v0","value":"{cache-password.inputs.value}","inputs":{"value":{"type":"string","secret":true,"default":{"generate":{"minLength":22,"special":false}}}}}""",
            Resource(text, "cache-password"));
        Assert.Equal("{cache.bindings.tcp.host}:{cache.bindings.tcp.port},password={cache-password.value}", Resource(text, "cache")["connectionString"]!.GetValue<string>());
        Assert.Equal("{vectors-Key.value}", Resource(text, "vectors")["env"]!["QDRANT__SERVICE__API_KEY"]!.GetValue<string>());
        await ManifestSchema.DemandAsync(text);
    }

    [Fact]
    public async Task What_is_excluded_is_left_out()
    {
        _builder.AddExecutable("tool", "sh", ".");
        _builder.AddExecutable("local-only", "sh", ".").ExcludeFromManifest();
        Assert.Equal(["tool"], JsonNode.Parse(await PublishAsync())!["resources"]!.AsObject().Select(r => r.Key));
    }

    [Fact]
    public Task The_deployer_chooses_the_first_port_of_a_project_and_further_ones_count_from_8000()
    {
        _builder.AddProject("web", "../Web/Web.csproj").WithHttpEndpoint(port: 8080, name: "http").WithHttpEndpoint(name: "grpc").WithHttpEndpoint(port: 9100, targetPort: 9000, name: "admin")
            .WithEndpoint(name: "raw").WithExternalHttpEndpoints().AsHttp2Service();
        return DemandAsync("web", """
            {
              "type": "project.v0", "path": "../Web/Web.csproj",
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory", "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{web.bindings.http.targetPort};{web.bindings.grpc.targetPort};{web.bindings.admin.targetPort}"
              },
              "bindings": {
                "http": { "scheme": "http", "protocol": "tcp", "transport": "http2", "port": 8080, "external": true },
                "grpc": { "scheme": "http", "protocol": "tcp", "transport": "http2", "targetPort": 8000, "external": true },
                "admin": { "scheme": "http", "protocol": "tcp", "transport": "http2", "port": 9100, "targetPort": 9000, "external": true },
                "raw": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 8001 }
              }
            }
            """);
    }

    [Fact]
    public async Task A_second_generation_replaces_the_first_and_is_the_same()
    {
        _builder.AddExecutable("tool", "sh", ".").WithReference(_builder.AddRedis("cache"));
        var app = _builder.Build();
        var file = app.Services.GetRequiredService<ManifestFile>();
        await file.WriteAsync(TestContext.Current.CancellationToken);
        var first = await File.ReadAllBytesAsync(Path.Combine(_folder, "out", "m.json"));
        await file.WriteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(_folder, "out", "m.json")));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "out")));
    }

    private static JsonNode Resource(string manifest, string name) => JsonNode.Parse(manifest)!["resources"]![name]!;

    private static void Same(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {JsonNode.Parse(expected)!.ToJsonString()}\nbut was  {actual.ToJsonString()}");

    private async Task DemandAsync(string name, string expected)
    {
        var text = await PublishAsync();
        Same(expected, Resource(text, name));
        Assert.Empty(ManifestPlaceholders.Dangling(JsonNode.Parse(text)!));
        await ManifestSchema.DemandAsync(text);
    }

    private async Task<string> PublishAsync()
    {
        await using var app = _builder.Build();
        await app.RunAsync(TestContext.Current.CancellationToken);
        return await File.ReadAllTextAsync(Path.Combine(_folder, "out", "m.json"));
    }
}
