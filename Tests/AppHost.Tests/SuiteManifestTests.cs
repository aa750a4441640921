using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Publishing;
using RecoAspire.Tests;

namespace RecoAspire.AppHost.Tests;

/// <summary>What <c>AppHost -- publish</c> writes for the suite.</summary>
public sealed class SuiteManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_valid_by_the_official_schema() => await ManifestSchema.DemandAsync(await PublishAsync());

    [Fact]
    public async Task The_schema_refuses_a_misspelt_field()
    {
        var manifest = JsonNode.Parse(await PublishAsync())!;
        manifest["resources"]!["cache"]!["imagee"] = "x";
        Assert.NotEmpty(await ManifestSchema.ErrorsAsync(manifest.ToJsonString()));
    }

    [Fact]
    public async Task Every_placeholder_leads_somewhere_and_no_brace_is_left_over()
    {
        var manifest = JsonNode.Parse(await PublishAsync())!;
        var strings = ManifestPlaceholders.Strings(manifest["resources"]).ToList();
        Assert.Contains(strings, s => ManifestPlaceholders.In(s).Any());
        Assert.Empty(ManifestPlaceholders.Dangling(manifest));
        Assert.DoesNotContain(strings.Select(ManifestPlaceholders.Without), s => s.Contains('{') || s.Contains('}'));
    }

    [Fact]
    public async Task It_has_every_service_and_engine_and_no_demonstration()
    {
        var resources = JsonNode.Parse(await PublishAsync())!["resources"]!.AsObject();
        foreach (var project in (string[])["eventlog", "embedding", "vectorsearch", "graph", "profile", "gateway"])
            Assert.Equal("project.v0", resources[project]!["type"]!.GetValue<string>());
        foreach (var container in (string[])["cache", "qdrant", "neo4j", "kafka"]) Assert.Equal("container.v0", resources[container]!["type"]!.GetValue<string>());
        Assert.True(resources["gateway"]!["bindings"]!["http"]!["external"]!.GetValue<bool>());
        Assert.DoesNotContain("demo", resources.Select(r => r.Key));
    }

    [Fact]
    public async Task Configured_secrets_stay_out_of_it_and_nothing_is_generated()
    {
        var data = Path.Combine(_folder, "data");
        var text = await PublishAsync(new() { ["Parameters__admin_key"] = "hidden-admin-key", ["Parameters__neo4j_password"] = "hidden-password" }, $"--Data:Root={data}");
        Assert.DoesNotContain("hidden-", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task The_committed_one_is_what_a_fresh_generation_writes()
    {
        var committed = Path.Combine(RealData.ProjectRoot, "aspire-manifest", "aspire-manifest.json");
        // Paths are relative to the file, so it is generated for the committed one's folder.
        var fresh = await GenerateAsync(Path.GetDirectoryName(committed)!);
        Assert.True(fresh == await File.ReadAllTextAsync(committed), "aspire-manifest/aspire-manifest.json is stale: run 'dotnet run --project AppHost -- publish'");
        Assert.Equal(await PublishAsync(), await GenerateAsync(_folder));
    }

    private static async Task<string> GenerateAsync(string folder)
    {
        var limit = TestContext.Current.CancellationToken;
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--operation", "publish"], limit);
        var app = await builder.BuildAsync(limit);
        return await new ManifestWriter(builder.ExecutionContext, folder).WriteAsync(app.Services.GetRequiredService<DistributedApplicationModel>(), limit);
    }

    private async Task<string> PublishAsync(Dictionary<string, string>? environment = null, params string[] arguments)
    {
        await using var appHost = AppHostProcess.StartSuite(environment, ["publish", "--output-path", _folder, .. arguments]);
        var exitCode = await appHost.ExitCodeAsync();
        Assert.True(exitCode == 0, string.Join('\n', appHost.Error.Lines));
        return await File.ReadAllTextAsync(Path.Combine(_folder, "aspire-manifest.json"));
    }
}
