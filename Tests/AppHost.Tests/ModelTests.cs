using RecoAspire.Hosting;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

public sealed class ModelTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a--b")]
    [InlineData("a-")]
    [InlineData("a_b")]
    [InlineData("é")]
    public void A_bad_resource_name_is_refused_and_quoted(string name)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => Builder().AddParameter(name));
        Assert.Contains($"'{name}'", error.Message);
    }

    [Fact]
    public void A_name_of_64_characters_is_taken_and_one_of_65_is_not()
    {
        Assert.Equal(64, Builder().AddParameter(new string('a', 64)).Resource.Name.Length);
        Assert.Throws<DistributedApplicationException>(() => Builder().AddParameter(new string('a', 65)));
    }

    [Fact]
    public void Names_differ_by_more_than_case()
    {
        var builder = Builder();
        builder.AddParameter("key");
        Assert.Throws<DistributedApplicationException>(() => builder.AddParameter("KEY"));
    }

    [Fact]
    public async Task References_become_discovery_variables_of_only_the_endpoint_meant()
    {
        var builder = Builder();
        var log = Sh(builder, "eventlog").WithHttpEndpoint(name: "http", env: "HTTP_PORT").WithHttpEndpoint(name: "grpc", env: "GRPC_PORT");
        var user = Sh(builder, "user").WithReference(log.GetEndpoint("grpc")).WithEnvironment("BOTH", $"{log.GetEndpoint("http")};{{literal}}");
        new PortAllocator(builder.Configuration).Allocate(log.Resource);
        var http = log.GetEndpoint("http").Port;
        var grpc = log.GetEndpoint("grpc").Port;

        var own = await Plan(builder).EnvironmentAsync(log.Resource, None);
        var dependents = await Plan(builder).EnvironmentAsync(user.Resource, None);

        Assert.NotEqual(http, grpc);
        Assert.Equal([$"{http}", $"{grpc}"], [own["HTTP_PORT"], own["GRPC_PORT"]]);
        Assert.Equal($"http://127.0.0.1:{grpc}", dependents["services__eventlog__http__0"]);
        Assert.Equal($"http://127.0.0.1:{grpc}", dependents["EVENTLOG_GRPC"]);
        Assert.DoesNotContain("services__eventlog__http__1", dependents.Keys);
        Assert.Equal($"http://127.0.0.1:{http};{{literal}}", dependents["BOTH"]);
    }

    [Fact]
    public void A_reference_expression_keeps_braces_and_says_what_it_stands_for()
    {
        var key = Builder().AddParameter("key", "v");
        var expression = ReferenceExpression.Create($"a{{b}}={key}");
        Assert.Equal("a{{b}}={0}", expression.Format);
        Assert.Equal("a{b}={key.value}", expression.ValueExpression);
    }

    [Fact]
    public async Task Parameters_and_connection_strings_come_from_the_configuration_first()
    {
        var builder = Builder("--Parameters:key=configured", "--ConnectionStrings:db=Endpoint=http://x");
        var user = Sh(builder, "user")
            .WithEnvironment("KEY", builder.AddParameter("key", "default"))
            .WithReference(builder.AddConnectionString("db"));
        var variables = await Plan(builder).EnvironmentAsync(user.Resource, None);
        Assert.Equal("configured", variables["KEY"]);
        Assert.Equal("Endpoint=http://x", variables["ConnectionStrings__db"]);
    }

    [Fact]
    public async Task A_parameter_without_a_value_names_the_variable_to_set()
    {
        var parameter = Builder().AddParameter("admin-key").Resource;
        var error = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await parameter.GetValueAsync(None));
        Assert.Contains("Parameters__admin_key", error.Message);
    }

    [Theory]
    [InlineData("relative/")]
    [InlineData("http://host/a")]
    [InlineData("http://host/?q=1")]
    public void An_outside_address_that_clients_would_misread_is_refused(string address) =>
        Assert.Throws<InvalidOperationException>(() => Sh(Builder(), "user").WithReference("outside", new Uri(address, UriKind.RelativeOrAbsolute)));

    [Fact]
    public void A_circle_of_waits_is_named()
    {
        var builder = Builder();
        var a = Sh(builder, "a");
        var b = Sh(builder, "b").WaitFor(a);
        a.WaitFor(b);
        Assert.Contains("a -> b -> a", Assert.Throws<DistributedApplicationException>(() => WaitGraph.DemandNoCycle(builder.Resources)).Message);
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        var builder = Builder();
        var missing = builder.AddExecutable("tool", "no-such-program-here", ".");
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => Plan(builder).PlanAsync(missing.Resource, None));
        Assert.Contains("no-such-program-here", error.Message);
    }

    [Fact]
    public void A_used_port_is_one_line_with_resource_port_and_cure()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var builder = Builder();
        var gateway = Sh(builder, "gateway").WithHttpEndpoint(port: port, isProxied: false);
        var error = Assert.Throws<DistributedApplicationException>(() => new PortAllocator(builder.Configuration).Allocate(gateway.Resource));
        Assert.Contains("'gateway'", error.Message);
        Assert.Contains($"{port}", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Back_off_doubles_to_30_seconds_within_a_fifth()
    {
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], Enumerable.Range(1, 8).Select(n => RestartPolicy.DelayFor(n, 0.5).TotalSeconds));
        Assert.Equal(0.4, RestartPolicy.DelayFor(1, 0).TotalSeconds, 6);
        Assert.Equal(36, RestartPolicy.DelayFor(1000, 1).TotalSeconds, 6);
    }

    [Fact]
    public void Log_lines_are_aligned_and_plain_without_colour()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var log = new ConsoleLog(output, colour: false);
        log.Introduce(["vectorsearch", "graph"]);
        log.Block("graph", "ended", ["last"]);
        log.Resource("vectorsearch", "ready");
        Assert.Equal("graph        | ended\ngraph        | last\nvectorsearch | ready\n", output.ToString());
    }

    [Fact]
    public void Project_classes_point_at_the_project_and_at_what_was_built()
    {
        var project = new Projects.EventLog();
        Assert.EndsWith("EventLog.csproj", project.ProjectPath);
        Assert.True(File.Exists(project.ProjectPath));
        Assert.True(File.Exists(((IProjectAssembly)project).AssemblyPath));
    }

    [Fact]
    public void More_than_one_replica_is_refused()
    {
        var project = Builder().AddProject<Projects.EventLog>("eventlog");
        Assert.Same(project, project.WithReplicas(1));
        Assert.Throws<DistributedApplicationException>(() => project.WithReplicas(2));
    }

    private static IDistributedApplicationBuilder Builder(params string[] args) => DistributedApplication.CreateBuilder(args);

    private static IResourceBuilder<ExecutableResource> Sh(IDistributedApplicationBuilder builder, string name) => builder.AddExecutable(name, "sh", ".");

    private static LaunchPlan Plan(IDistributedApplicationBuilder builder) => new(builder.ExecutionContext, builder.Environment);
}
