using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.AppHost.Tests;

/// <summary>The application's own code takes part in its life, at known moments.</summary>
public sealed class EventTests
{
    private readonly ConcurrentQueue<string> _events = new();

    [Fact]
    public async Task Each_moment_of_a_resource_is_told_in_order()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        var server = Watch(app.AddShell("server", "exec sleep 1000").WithHttpEndpoint(name: "http").WithHttpHealthCheck("/"));
        server.OnResourceEndpointsAllocated((_, _, _) => Told($"server allocated {server.GetEndpoint("http").IsAllocated}"));
        Watch(app.AddShell("client", "echo done").WaitFor(server));
        app.Builder.Eventing.Subscribe<BeforeStartEvent>((e, _) => Told($"before start of {e.Model.Resources.Count}"));
        app.Builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => Told("all created"));
        await app.StartAsync();
        await using var http = new HealthServer(server.GetEndpoint("http").Port, 200);
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Finished);
        await app.EventuallyAsync(() => _events.Contains("client stopped") && _events.Contains("client ready"));
        await app.StopAsync();
        await app.EventuallyAsync(() => _events.Contains("server stopped"));

        Assert.Equal("before start of 2", _events.First());
        Assert.Contains("all created", _events);
        // The two resources run side by side: what the server alone goes through is in order, and so is what ties the client to it.
        Assert.Equal(["server allocated True", "server before started", "server ready", "server stopped"], _events.Where(e => e.StartsWith("server", StringComparison.Ordinal)));
        Assert.Equal(
            ["server before started", "server ready", "client before started", "client stopped", "server stopped"],
            // A job may be over before those who hear of its readiness are.
            _events.Where(e => e is not ("before start of 2" or "all created" or "server allocated True" or "client ready")));
    }

    [Fact]
    public async Task Who_waits_starts_after_the_subscribers_of_readiness_are_done()
    {
        await using var app = new TestApp();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = app.AddShell("server", "exec sleep 1000").OnResourceReady((_, _, _) =>
        {
            entered.SetResult();
            return release.Task;
        });
        Watch(app.AddShell("client", "echo done").WaitFor(server));
        await app.StartAsync();
        await app.WhenAsync("server", s => s.HealthStatus == HealthStatus.Healthy);
        await entered.Task.WaitAsync(app.Limit);
        Assert.DoesNotContain("client before started", _events);
        Assert.DoesNotContain(app.Console.Lines, l => l.StartsWith("client ", StringComparison.Ordinal));
        release.SetResult();
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Finished);
    }

    [Fact]
    public async Task A_subscriber_that_refuses_readiness_fails_who_waits_and_nobody_else()
    {
        await using var app = new TestApp();
        var server = app.AddShell("server", "exec sleep 1000").OnResourceReady((_, _, _) => throw new InvalidOperationException("not like this"));
        app.AddShell("client", "echo never").WaitFor(server);
        await app.StartAsync();
        var failed = await app.WhenAsync("client", s => s.State == KnownResourceStates.FailedToStart);
        Assert.Equal("waited for 'server', whose readiness a subscriber refused: not like this", failed.Snapshot.Message);
        Assert.Equal(KnownResourceStates.Running, app.Current("server").State);
    }

    [Fact]
    public async Task A_subscriber_that_refuses_the_start_fails_its_resource_alone()
    {
        await using var app = new TestApp();
        app.AddShell("server", "echo never").OnBeforeResourceStarted((_, _, _) => throw new InvalidOperationException("not today"));
        app.AddShell("other", "echo fine");
        await app.StartAsync();
        Assert.Equal("not today", (await app.WhenAsync("server", s => s.State == KnownResourceStates.FailedToStart)).Snapshot.Message);
        await app.WhenAsync("other", s => s.State == KnownResourceStates.Finished);
        Assert.DoesNotContain(app.Console.Lines, l => l.Contains("| never", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resource_that_is_restarted_is_ready_only_once()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        Watch(app.AddShell("server", "exec sleep 1000").WithHttpEndpoint(name: "http"));
        await app.StartAsync();
        await app.EventuallyAsync(() => _events.Contains("server ready"));
        var pid = app.Current("server").ProcessId;
        Assert.True((await app.Commands.ExecuteCommandAsync("server", KnownResourceCommands.RestartCommand, app.Limit)).Success);
        await app.WhenAsync("server", s => s.State == KnownResourceStates.Running && s.ProcessId != pid);
        await app.EventuallyAsync(() => _events.Count == 4);
        Assert.Equal(["server before started", "server ready", "server stopped", "server before started"], _events);
    }

    [Fact]
    public async Task Nobody_is_told_after_unsubscribing()
    {
        await using var app = new TestApp();
        app.AddShell("job", "echo done");
        app.Builder.Eventing.Unsubscribe(app.Builder.Eventing.Subscribe<BeforeStartEvent>((_, _) => Told("never")));
        app.Builder.Eventing.Subscribe<BeforeStartEvent>((_, _) => Told("told"));
        await app.StartAsync();
        Assert.Equal(["told"], _events);
    }

    private IResourceBuilder<T> Watch<T>(IResourceBuilder<T> resource)
        where T : IResource
    {
        var name = resource.Resource.Name;
        return resource
            .OnBeforeResourceStarted((_, _, _) => Told($"{name} before started"))
            .OnResourceReady((_, _, _) => Told($"{name} ready"))
            .OnResourceStopped((_, _, _) => Told($"{name} stopped"));
    }

    private Task Told(string what)
    {
        _events.Enqueue(what);
        return Task.CompletedTask;
    }
}
