namespace RecoAspire.AppHost.Tests;

public sealed class ModelTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Theory]
    [InlineData("a")]
    [InlineData("vector-search2")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_resource_name_has_letters_digits_and_single_hyphens(string name) => Assert.Equal(name, _builder.AddProject(name, "x.csproj").Resource.Name);

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a--b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Other_names_are_refused_with_the_rule(string name)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => _builder.AddProject(name, "x.csproj"));
        Assert.Contains($"'{name}' is no resource name", error.Message, StringComparison.Ordinal);
        Assert.Empty(_builder.Resources);
    }

    [Fact]
    public void Names_of_endpoints_follow_the_same_rule() =>
        Assert.Throws<DistributedApplicationException>(() => _builder.AddProject("a", "x.csproj").WithHttpEndpoint(name: "my endpoint"));

    [Fact]
    public void Two_resources_may_not_differ_by_case_alone()
    {
        _builder.AddProject("graph", "x.csproj");
        var error = Assert.Throws<DistributedApplicationException>(() => _builder.AddParameter("Graph"));
        Assert.Contains("'Graph'", error.Message, StringComparison.Ordinal);
        Assert.Single(_builder.Resources);
    }

    [Fact]
    public void An_endpoint_and_a_health_check_are_added_once()
    {
        var project = _builder.AddProject("graph", "x.csproj").WithHttpEndpoint(name: "grpc").WithHttpHealthCheck("/health");
        Assert.Throws<DistributedApplicationException>(() => project.WithHttpEndpoint(name: "GRPC"));
        Assert.Throws<DistributedApplicationException>(() => project.WithHttpHealthCheck("/health"));
    }

    [Fact]
    public void Nothing_waits_for_itself()
    {
        var project = _builder.AddProject("graph", "x.csproj");
        Assert.Throws<DistributedApplicationException>(() => project.WaitFor(project));
    }

    [Fact]
    public async Task A_reference_expression_keeps_braces_and_fills_its_holes()
    {
        _builder.Configuration["Parameters:key"] = "s{0}cret";
        var key = _builder.AddParameter("key");
        var web = _builder.AddProject("web", "x.csproj").WithHttpEndpoint(name: "http");
        var endpoint = web.Resource.Annotations.OfType<EndpointAnnotation>().Single();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", 8123);

        var expression = ReferenceExpression.Create($"{{\"url\":\"{web.GetEndpoint("http")}\",\"port\":{web.GetEndpoint("http").Property(EndpointProperty.Port)},\"key\":\"{key}\"}}");

        Assert.Equal("{\"url\":\"http://127.0.0.1:8123\",\"port\":8123,\"key\":\"s{0}cret\"}", await expression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("{\"url\":\"{web.bindings.http.url}\",\"port\":{web.bindings.http.port},\"key\":\"{key.value}\"}", expression.ValueExpression);
        Assert.Equal(3, expression.ValueProviders.Count);
    }

    [Theory]
    [InlineData(EndpointProperty.Url, "http://127.0.0.1:8123", "{web.bindings.http.url}")]
    [InlineData(EndpointProperty.Host, "127.0.0.1", "{web.bindings.http.host}")]
    [InlineData(EndpointProperty.Port, "8123", "{web.bindings.http.port}")]
    [InlineData(EndpointProperty.Scheme, "http", "{web.bindings.http.scheme}")]
    [InlineData(EndpointProperty.TargetPort, "8123", "{web.bindings.http.targetPort}")]
    [InlineData(EndpointProperty.HostAndPort, "127.0.0.1:8123", "{web.bindings.http.host}:{web.bindings.http.port}")]
    public async Task Every_part_of_an_endpoint_has_a_value_and_an_expression(EndpointProperty property, string value, string expression)
    {
        var web = _builder.AddProject("web", "x.csproj").WithHttpEndpoint(name: "http");
        var endpoint = web.Resource.Annotations.OfType<EndpointAnnotation>().Single();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", 8123);
        var part = web.GetEndpoint("http").Property(property);
        Assert.Equal(value, await part.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expression, part.ValueExpression);
    }

    [Fact]
    public async Task A_parameter_without_value_says_which_variable_to_set()
    {
        var parameter = _builder.AddParameter("api-key");
        var error = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Parameters__api_key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generated_parameter_keeps_its_value_for_the_run()
    {
        var parameter = _builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 32 }, secret: true).Resource;
        var first = await parameter.GetValueAsync(TestContext.Current.CancellationToken);
        Assert.Equal(32, first!.Length);
        Assert.Equal(first, await parameter.GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_build_wrote_a_class_for_every_referenced_project()
    {
        var all = typeof(Projects.Gateway).Assembly.GetTypes().Where(t => t.Namespace == "Projects").ToList();
        // The AppHost's own class names it for the testing builder; it is no resource.
        var projects = all.Where(t => t != typeof(Projects.AppHost)).ToList();
        Assert.Equal(all.Count - 1, projects.Count);
        Assert.True(File.Exists(Path.Combine(Projects.AppHost.ProjectPath, "AppHost.csproj")), Projects.AppHost.ProjectPath);
        Assert.Equal(["EventLog", "Gateway", "GpuEmbedding", "Graph", "Ops", "Profile", "VectorSearch"], projects.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.All(projects, type =>
        {
            var project = Assert.IsType<IProjectMetadata>(Activator.CreateInstance(type), exactMatch: false);
            Assert.True(File.Exists(project.ProjectPath), project.ProjectPath);
            Assert.True(File.Exists(((Hosting.IProjectAssembly)project).AssemblyPath));
        });
    }
}
