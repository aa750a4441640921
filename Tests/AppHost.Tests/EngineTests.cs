using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.AppHost.Tests;

/// <summary>How containers are started, against a stand-in for the engine's client; the engines themselves are not on every machine.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task A_container_is_one_run_of_the_engine_with_everything_that_was_said()
    {
        await using var engine = new EngineScript();
        await using var app = App(engine);
        var key = app.Builder.AddParameter("key", "Zk8-hidden-value", secret: true);
        var box = app.Builder.AddContainer("box", "ghcr.io/acme/box", "1.2").WithHttpEndpoint(targetPort: 80, name: "http").WithEndpoint(targetPort: 7687, name: "bolt")
            .WithEnvironment("KEY", key).WithEnvironment("PLAIN", "1").WithVolume("box-data", "/data").WithVolume(null, "/scratch").WithBindMount("conf", "/etc/box", isReadOnly: true)
            .WithEntrypoint("/bin/box").WithContainerRuntimeArgs("--cpus", "1").WithArgs("--verbose", "two words");
        await app.StartAsync();
        await app.WhenRunningAsync("box");
        await app.EventuallyAsync(() => engine.Calls("docker", "run").Count == 1);

        var (http, bolt) = (box.GetEndpoint("http").Port, box.GetEndpoint("bolt").Port);
        Assert.Equal(
            [
                "run", "--rm", "--name", $"box-{Environment.ProcessId}", "-p", $"127.0.0.1:{http}:80", "-p", $"127.0.0.1:{bolt}:7687", "-e", "KEY", "-e", "PLAIN",
                "-v", "box-data:/data", "-v", "/scratch", "-v", $"{Path.Combine(app.Builder.AppHostDirectory, "conf")}:/etc/box:ro", "--entrypoint", "/bin/box", "--cpus", "1",
                "ghcr.io/acme/box:1.2", "--verbose", "two words",
            ],
            engine.Calls("docker", "run").Single());
        // The values travel in the client's environment, which other users cannot read.
        Assert.Contains("KEY=Zk8-hidden-value", engine.EnvironmentOfRun("docker"));
        Assert.Contains("PLAIN=1", engine.EnvironmentOfRun("docker"));
    }

    [Fact]
    public async Task Redis_hands_its_password_on_by_name_alone()
    {
        await using var engine = new EngineScript();
        await using var app = App(engine);
        var cache = app.Builder.AddRedis("cache").WithDataVolume("cache-data");
        await app.StartAsync();
        await app.WhenRunningAsync("cache");
        await app.EventuallyAsync(() => engine.Calls("docker", "run").Count == 1);
        Assert.Equal(
            [
                "run", "--rm", "--name", $"cache-{Environment.ProcessId}", "-p", $"127.0.0.1:{cache.GetEndpoint("tcp").Port}:6379", "-e", "REDIS_PASSWORD", "-v", "cache-data:/data",
                "--entrypoint", "/bin/sh", "docker.io/library/redis:8.6", "-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1",
            ],
            engine.Calls("docker", "run").Single());
        Assert.Contains($"REDIS_PASSWORD={await cache.Resource.PasswordParameter!.GetValueAsync(app.Limit)}", engine.EnvironmentOfRun("docker"));
    }

    [Fact]
    public async Task A_container_is_healthy_when_its_check_is()
    {
        await using var engine = new EngineScript();
        await using var app = App(engine);
        var vectors = app.Builder.AddQdrant("vectors");
        await app.StartAsync();
        await app.WhenAsync("vectors", s => s.State == KnownResourceStates.Running && s.HealthStatus == HealthStatus.Unhealthy);
        await using var http = new HealthServer(vectors.GetEndpoint("http").Port, 200);
        await app.WhenAsync("vectors", s => s.HealthStatus == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_stopped_container_is_asked_to_end_and_not_removed_by_force()
    {
        await using var engine = new EngineScript();
        await using var app = App(engine);
        app.Builder.AddContainer("box", "acme/box");
        await app.StartAsync();
        await app.WhenRunningAsync("box");
        await app.EventuallyAsync(() => engine.Calls("docker", "run").Count == 1);
        await app.StopAsync();
        Assert.Empty(engine.Calls("docker", "rm"));
    }

    [Fact]
    public async Task An_engine_whose_daemon_is_silent_is_passed_over()
    {
        await using var engine = new EngineScript("docker", answers: false).Add("podman", answers: true);
        await using var data = new TestFolder();
        await using var appHost = AppHostProcess.StartSmall("container", On(engine), $"--Data:Root={data.Path}", "--engines=containers");
        await appHost.EventuallyAsync(() => engine.Calls("podman", "run").Count == 1);
        Assert.Single(engine.Calls("docker", "info"));
        Assert.Empty(engine.Calls("docker", "run"));
        Assert.Equal(0, await appHost.StopAsync());
    }

    [Fact]
    public async Task A_client_without_daemon_is_no_engine()
    {
        await using var engine = new EngineScript("docker", answers: false).Add("podman", answers: false);
        await using var data = new TestFolder();
        await using var appHost = AppHostProcess.StartSmall("container", On(engine), $"--Data:Root={data.Path}", "--engines=containers");
        Assert.Equal(1, await appHost.ExitCodeAsync());
        Assert.Contains(
            "box      | 'box' is a container, and neither docker nor podman answers: install and start one of them, or choose the embedded store with --engines embedded.",
            appHost.Output.Lines);
        Assert.Empty(engine.Calls("docker", "run"));
    }

    [Fact]
    public async Task A_hard_kill_of_the_AppHost_removes_its_container()
    {
        await using var engine = new EngineScript();
        await using var data = new TestFolder();
        await using var appHost = AppHostProcess.StartSmall("container", On(engine), $"--Data:Root={data.Path}", "--engines=containers");
        await appHost.EventuallyAsync(() => engine.Calls("docker", "run").Count == 1);
        var name = engine.Calls("docker", "run").Single()[3];
        Assert.Equal($"box-{appHost.Pid}", name);
        appHost.Kill();
        await appHost.EventuallyAsync(() => engine.Calls("docker", "rm").Count == 1);
        Assert.Equal(["rm", "-f", name], engine.Calls("docker", "rm").Single());
    }

    [Fact]
    public async Task The_suites_engines_are_started_as_containers()
    {
        await using var engine = new EngineScript();
        await using var data = new TestFolder();
        await using var appHost = AppHostProcess.StartSuite(
            On(engine), $"--Data:Root={data.Path}", "--engines=containers", "--DcpPublisher:RandomizePorts=true", "--Demo:Enabled=false", "--Dashboard:Enabled=false");
        await appHost.EventuallyAsync(() => engine.Calls("docker", "run").Count == 4);
        var runs = engine.Calls("docker", "run");
        Assert.Equal(["cache", "kafka", "neo4j", "qdrant"], runs.Select(r => r[3].Split('-')[0]).Order());
        Assert.All(runs, run => Assert.DoesNotContain(run, argument => argument.Contains("NEO4J_AUTH=", StringComparison.Ordinal) || argument.Contains("_KEY=", StringComparison.Ordinal)));
        Assert.Equal(0, await appHost.StopAsync());
    }

    private static TestApp App(EngineScript engine) => new("--engines=containers", $"--ASPIRE_CONTAINER_RUNTIME={engine.Path}", "--DcpPublisher:RandomizePorts=true");

    private static Dictionary<string, string> On(EngineScript engine) => new() { ["PATH"] = engine.SearchPath };
}
