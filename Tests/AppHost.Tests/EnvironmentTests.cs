using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

public sealed class EnvironmentTests : IDisposable
{
    private readonly IDistributedApplicationBuilder _builder =
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = ["--DcpPublisher:RandomizePorts=true"], DisableDashboard = true });

    private DistributedApplication? _app;

    public void Dispose() => _app?.Dispose();

    [Fact]
    public async Task A_reference_gives_the_discovery_variables_of_every_endpoint()
    {
        var source = _builder.AddProject("eventlog", "x.csproj").WithHttpEndpoint(name: "http").WithHttpEndpoint(name: "grpc");
        var variables = await VariablesAsync(_builder.AddProject<Projects.Graph>("web").WithReference(source));
        var (http, grpc) = (source.GetEndpoint("http").Url, source.GetEndpoint("grpc").Url);
        Assert.NotEqual(http, grpc);
        Assert.Equal(http, variables["services__eventlog__http__0"]);
        Assert.Equal(grpc, variables["services__eventlog__http__1"]);
        Assert.Equal(http, variables["EVENTLOG_HTTP"]);
        Assert.Equal(grpc, variables["EVENTLOG_GRPC"]);
    }

    [Fact]
    public async Task A_reference_to_one_endpoint_names_that_one_alone()
    {
        var source = _builder.AddProject("eventlog", "x.csproj").WithHttpEndpoint(name: "http").WithHttpEndpoint(name: "grpc");
        var variables = await VariablesAsync(_builder.AddProject<Projects.Graph>("web").WithReference(source.GetEndpoint("grpc")));
        Assert.Equal(source.GetEndpoint("grpc").Url, variables["services__eventlog__http__0"]);
        Assert.DoesNotContain("services__eventlog__http__1", variables.Keys);
        Assert.DoesNotContain("EVENTLOG_HTTP", variables.Keys);
    }

    [Fact]
    public async Task An_endpoint_tells_its_port_by_the_variable_that_it_names()
    {
        var web = _builder.AddProject<Projects.Graph>("web").WithHttpEndpoint(name: "http", env: "HTTP_PORT").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
        var variables = await VariablesAsync(web);
        Assert.Equal($"{web.GetEndpoint("http").Port}", variables["HTTP_PORT"]);
        Assert.Equal($"{web.GetEndpoint("grpc").Port}", variables["GRPC_PORT"]);
    }

    [Fact]
    public async Task Variables_are_texts_parameters_endpoints_and_mixtures()
    {
        _builder.Configuration["Parameters:api-key"] = "k";
        var key = _builder.AddParameter("api-key");
        var source = _builder.AddProject("eventlog", "x.csproj").WithHttpEndpoint(name: "http");
        var endpoint = source.GetEndpoint("http");
        var variables = await VariablesAsync(_builder.AddProject<Projects.Graph>("web")
            .WithEnvironment("TEXT", "{plain}").WithEnvironment("NONE", (string?)null).WithEnvironment("KEY", key)
            .WithEnvironment("URL", endpoint).WithEnvironment("MIXED", $"{endpoint}/x?key={key}")
            .WithEnvironment("TEXT2", "first").WithEnvironment("TEXT2", "last"));
        Assert.Equal("{plain}", variables["TEXT"]);
        Assert.Equal("", variables["NONE"]);
        Assert.Equal("k", variables["KEY"]);
        Assert.Equal(endpoint.Url, variables["URL"]);
        Assert.Equal($"{endpoint.Url}/x?key=k", variables["MIXED"]);
        Assert.Equal("last", variables["TEXT2"]);
    }

    [Fact]
    public async Task Projects_are_told_their_name_and_environment_and_programs_are_not()
    {
        var project = await VariablesAsync(_builder.AddProject<Projects.Graph>("web"));
        Assert.Equal("web", project["OTEL_SERVICE_NAME"]);
        Assert.Equal(_builder.Environment.EnvironmentName, project["ASPNETCORE_ENVIRONMENT"]);
        Assert.Empty(await VariablesAsync(_builder.AddExecutable("tool", "sh", ".")));
    }

    [Fact]
    public async Task A_variable_that_a_shell_would_drop_is_refused()
    {
        var web = _builder.AddProject<Projects.Graph>("web").WithEnvironment("my.key", "1");
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => VariablesAsync(web));
        Assert.Contains("'my.key'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_and_an_unbuilt_project_are_named()
    {
        var missing = await Assert.ThrowsAsync<DistributedApplicationException>(() => PlanAsync(_builder.AddExecutable("tool", "no-such-program", ".").Resource));
        Assert.Contains("'tool': the program 'no-such-program' was not found", missing.Message, StringComparison.Ordinal);
        var folder = await Assert.ThrowsAsync<DistributedApplicationException>(() => PlanAsync(_builder.AddExecutable("tool2", "sh", "no-such-folder").Resource));
        Assert.Contains("no-such-folder' does not exist", folder.Message, StringComparison.Ordinal);
        var unbuilt = await Assert.ThrowsAsync<DistributedApplicationException>(() => PlanAsync(_builder.AddProject("web", "nowhere/Web.csproj").Resource));
        Assert.Contains("has not been built; run 'dotnet build' first", unbuilt.Message, StringComparison.Ordinal);
    }

    private Task<Launch> PlanAsync(IResource resource)
    {
        // The model is live: resources that come later are known too.
        _app ??= _builder.Build();
        return _app.Services.GetRequiredService<LaunchPlan>().PlanAsync(resource, 0, TestContext.Current.CancellationToken);
    }

    private async Task<Dictionary<string, string>> VariablesAsync(IResourceBuilder<IResource> builder)
    {
        var ports = new PortAllocator(_builder.Configuration);
        foreach (var resource in _builder.Resources) ports.Allocate(resource);
        return (await PlanAsync(builder.Resource)).Environment.ToDictionary(v => v.Name, v => v.Value);
    }
}
