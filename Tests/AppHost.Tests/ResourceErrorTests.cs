using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace RecoAspire.AppHost.Tests;

/// <summary>What goes wrong with one resource is one line with its name and the cure; the others run on.</summary>
public sealed class ResourceErrorTests
{
    [Fact]
    public async Task Never_healthy()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true", "--AppHost:HealthPatienceSeconds=1");
        var server = app.AddShell("server", "exec sleep 1000").WithHttpEndpoint(name: "http").WithHttpHealthCheck("/health");
        app.AddShell("client", "echo never").WaitFor(server);
        await app.StartAsync();
        await using var http = new HealthServer(server.GetEndpoint("http").Port, 503);
        var told = await app.WhenAsync("server", s => s.Message is not null);
        await app.EventuallyAsync(() => app.Console.Lines.Any(l => l.Contains("not healthy", StringComparison.Ordinal)));

        var line = Assert.Single(app.Console.Lines, l => l.Contains("not healthy", StringComparison.Ordinal));
        Assert.StartsWith("server   | runs, but is not healthy after 1 s (", line, StringComparison.Ordinal);
        Assert.EndsWith("); see its console, or correct its health check; waiting for it: client", line, StringComparison.Ordinal);
        Assert.EndsWith(told.Snapshot.Message!, line, StringComparison.Ordinal);
        // The words do not remain when it gets well after all.
        http.Status = 200;
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Finished);
        await app.WhenAsync("server", s => s.Message is null);
    }

    [Fact]
    public async Task A_crash_loop()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        app.Builder.Services.AddSingleton<TimeProvider>(time);
        app.AddShell("server", "exit 3").WithHttpEndpoint(name: "http");
        await app.StartAsync();
        for (var crash = 1; crash <= 6; crash++)
        {
            await app.EventuallyAsync(() => app.Console.Lines.Count(l => l.StartsWith("server   | starting again in ", StringComparison.Ordinal)) == crash);
            // The longest wait of these; a process that ran as long as this would still be young.
            await app.EventuallyAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(20));
                return app.Current("server").Restarts > crash || app.Current("server").State == KnownResourceStates.Starting || app.Current("server").State == KnownResourceStates.Running;
            });
        }

        Assert.Equal(
            "server   | crash loop: ended 5 times in a row, the last time with exit code 3; its last lines say why: mend that, and it comes up by itself (tried at least every 30 s)",
            Assert.Single(app.Console.Lines, l => l.Contains("crash loop", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_job_that_fails_three_times()
    {
        await using var app = new TestApp();
        app.AddShell("job", "exit 7");
        await app.StartAsync();
        await app.WhenAsync("job", s => s.State == KnownResourceStates.Finished);
        Assert.Equal(
            "job      | failed 3 times, the last time with exit code 7; not starting it again: mend what its last lines say, then start it from the dashboard or restart the AppHost",
            Assert.Single(app.Console.Lines, l => l.Contains("not starting it again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_parameter_without_value()
    {
        await using var app = new TestApp();
        var key = app.Builder.AddParameter("api-key");
        app.AddShell("tool", "echo never").WithEnvironment("KEY", key);
        app.AddShell("other", "echo fine");
        await app.StartAsync();
        await app.WhenAsync("tool", s => s.State == KnownResourceStates.FailedToStart);
        await app.WhenAsync("api-key", s => s.State == KnownResourceStates.FailedToStart);
        await app.WhenAsync("other", s => s.State == KnownResourceStates.Finished);
        const string Cure = "The parameter 'api-key' has no value: set Parameters__api_key in the environment.";
        Assert.Equal($"api-key  | {Cure}", Assert.Single(app.Console.Lines, l => l.StartsWith("api-key ", StringComparison.Ordinal)));
        Assert.Equal($"tool     | {Cure}", Assert.Single(app.Console.Lines, l => l.StartsWith("tool ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_connection_string_without_value()
    {
        await using var app = new TestApp();
        app.AddShell("tool", "echo never").WithReference(app.Builder.AddConnectionString("legacy"));
        app.AddShell("other", "exec sleep 1000");
        await app.StartAsync();
        await app.WhenAsync("tool", s => s.State == KnownResourceStates.FailedToStart);
        Assert.Equal(
            "tool     | The connection string 'legacy' has no value: set ConnectionStrings__legacy in the environment.",
            Assert.Single(app.Console.Lines, l => l.StartsWith("tool ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("containers", "'box' is a container, and neither docker nor podman answers: install and start one of them, or choose the embedded store with --engines embedded.")]
    [InlineData("local", "'box' has no local equivalent: choose --engines containers (needs docker or podman), or --engines embedded for the embedded store.")]
    public async Task A_container_where_no_engine_is(string engines, string cure)
    {
        await using var app = new TestApp($"--engines={engines}", "--ASPIRE_CONTAINER_RUNTIME=/nowhere/docker");
        app.Builder.AddContainer("box", "acme/box").WithHttpEndpoint(targetPort: 80, name: "http");
        app.AddShell("other", "exec sleep 1000");
        await app.StartAsync();
        var failed = await app.WhenAsync("box", s => s.State == KnownResourceStates.FailedToStart);
        Assert.Equal(cure, failed.Snapshot.Message);
        Assert.Equal($"box      | {cure}", Assert.Single(app.Console.Lines, l => l.StartsWith("box ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_container_endpoint_without_target_port()
    {
        await using var script = new EngineScript();
        await using var app = new TestApp("--engines=containers", $"--ASPIRE_CONTAINER_RUNTIME={script.Path}");
        app.Builder.AddContainer("box", "acme/box").WithHttpEndpoint(name: "http");
        app.AddShell("other", "exec sleep 1000");
        await app.StartAsync();
        var failed = await app.WhenAsync("box", s => s.State == KnownResourceStates.FailedToStart);
        Assert.Equal("'box': the endpoint 'http' of a container must say its target port.", failed.Snapshot.Message);
    }
}
