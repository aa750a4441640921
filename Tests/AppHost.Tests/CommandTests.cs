using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.AppHost.Tests;

/// <summary>What a person can have resources do while they run.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task What_starts_by_hand_stays_down_until_the_command()
    {
        await using var app = new TestApp();
        app.AddShell("tool", "echo by hand; exec sleep 1000").WithExplicitStart();
        app.AddShell("other", "echo fine");
        await app.StartAsync();
        await app.WhenAsync("other", s => s.State == KnownResourceStates.Finished);
        Assert.Equal(KnownResourceStates.NotStarted, app.Current("tool").State);
        Assert.False((await app.Commands.ExecuteCommandAsync("tool", KnownResourceCommands.StopCommand, app.Limit)).Success);

        Assert.True((await app.Commands.ExecuteCommandAsync("tool", KnownResourceCommands.StartCommand, app.Limit)).Success);
        await app.WhenRunningAsync("tool");
        await app.EventuallyAsync(() => app.Console.Lines.Contains("tool     | by hand"));
    }

    [Fact]
    public async Task A_start_skips_the_wait()
    {
        await using var app = new TestApp();
        var never = app.AddShell("never", "exec sleep 1000").WithExplicitStart();
        app.AddShell("client", "echo started").WaitFor(never);
        await app.StartAsync();
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Waiting);
        Assert.True((await app.Commands.ExecuteCommandAsync("client", KnownResourceCommands.StartCommand, app.Limit)).Success);
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Finished);
        Assert.Contains("client   | started", app.Console.Lines);
        Assert.Equal(KnownResourceStates.NotStarted, app.Current("never").State);
    }

    [Fact]
    public async Task What_was_stopped_stays_down_and_starts_again_on_its_port()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        app.AddShell("server", "echo on $PORT; exec sleep 1000").WithHttpEndpoint(name: "http", env: "PORT");
        await app.StartAsync();
        await app.WhenRunningAsync("server");
        await app.EventuallyAsync(() => app.Console.Lines.Any(l => l.Contains("| on ", StringComparison.Ordinal)));
        Assert.True((await app.Commands.ExecuteCommandAsync("server", KnownResourceCommands.StopCommand, app.Limit)).Success);
        Assert.Equal(KnownResourceStates.Exited, app.Current("server").State);
        Assert.Null(app.Current("server").ProcessId);

        Assert.True((await app.Commands.ExecuteCommandAsync("server", KnownResourceCommands.StartCommand, app.Limit)).Success);
        await app.EventuallyAsync(() => app.Console.Lines.Count(l => l.Contains("| on ", StringComparison.Ordinal)) == 2);
        Assert.Single(app.Console.Lines.Where(l => l.Contains("| on ", StringComparison.Ordinal)).Distinct());
        // Had it come back by itself, that would have been announced.
        Assert.DoesNotContain(app.Console.Lines, l => l.Contains("starting again", StringComparison.Ordinal));
        Assert.Equal(0, app.Current("server").Restarts);
    }

    [Fact]
    public async Task A_process_that_keeps_crashing_can_be_stopped()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        app.AddShell("server", "exit 3").WithHttpEndpoint(name: "http");
        app.AddShell("other", "exec sleep 1000");
        await app.StartAsync();
        await app.WhenAsync("server", s => s.State == KnownResourceStates.Exited);
        var stopped = await app.Commands.ExecuteCommandAsync("server", KnownResourceCommands.StopCommand, app.Limit);
        Assert.True(stopped.Success, stopped.ErrorMessage);
        var crashes = app.Current("server").Restarts;
        // Its process is over: only a command starts another one.
        Assert.True((await app.Commands.ExecuteCommandAsync("server", KnownResourceCommands.StartCommand, app.Limit)).Success);
        await app.WhenAsync("server", s => s.Restarts > crashes);
    }

    [Fact]
    public async Task A_resource_that_waits_can_be_stopped()
    {
        await using var app = new TestApp();
        var never = app.AddShell("never", "exec sleep 1000").WithExplicitStart();
        app.AddShell("client", "echo started").WaitFor(never);
        await app.StartAsync();
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Waiting);
        var stopped = await app.Commands.ExecuteCommandAsync("client", KnownResourceCommands.StopCommand, app.Limit);
        Assert.True(stopped.Success, stopped.ErrorMessage);
        Assert.True((await app.Commands.ExecuteCommandAsync("never", KnownResourceCommands.StartCommand, app.Limit)).Success);
        await app.WhenRunningAsync("never");
        Assert.Equal(KnownResourceStates.Exited, app.Current("client").State);
    }

    [Fact]
    public async Task What_cannot_be_done_is_an_answer_in_words()
    {
        await using var app = new TestApp();
        app.AddShell("tool", "exec sleep 1000");
        await app.StartAsync();
        await app.WhenRunningAsync("tool");
        Assert.Equal("There is no resource 'nobody'.", (await app.Commands.ExecuteCommandAsync("nobody", "start", app.Limit)).ErrorMessage);
        Assert.Equal("'tool' has no command 'fly'.", (await app.Commands.ExecuteCommandAsync("tool", "fly", app.Limit)).ErrorMessage);
        Assert.Equal("'start' is not possible while 'tool' is Running.", (await app.Commands.ExecuteCommandAsync("tool", "start", app.Limit)).ErrorMessage);
    }

    [Fact]
    public async Task An_own_command_runs_while_the_resource_runs_and_its_failure_is_an_answer()
    {
        await using var app = new TestApp();
        string? given = null;
        app.AddShell("tool", "exec sleep 1000").WithExplicitStart()
            .WithCommand("greet", "Greet", c =>
            {
                given = c.ResourceName;
                return Task.FromResult(CommandResults.Success());
            })
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("no way"))
            .WithCommand("always", "Always", _ => Task.FromResult(CommandResults.Canceled()), new CommandOptions { UpdateState = _ => ResourceCommandState.Enabled });
        await app.StartAsync();
        Assert.Equal("'greet' is not possible while 'tool' is NotStarted.", (await app.Commands.ExecuteCommandAsync("tool", "greet", app.Limit)).ErrorMessage);
        Assert.True((await app.Commands.ExecuteCommandAsync("tool", "always", app.Limit)).Canceled);
        await app.Commands.ExecuteCommandAsync("tool", KnownResourceCommands.StartCommand, app.Limit);
        await app.WhenRunningAsync("tool");

        Assert.True((await app.Commands.ExecuteCommandAsync("tool", "greet", app.Limit)).Success);
        Assert.Equal("tool", given);
        var failure = await app.Commands.ExecuteCommandAsync("tool", "fail", app.Limit);
        Assert.False(failure.Success);
        Assert.Equal("no way", failure.ErrorMessage);
    }

    [Fact]
    public async Task A_command_over_HTTP_is_a_request_to_the_resource()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        var web = app.AddServer("web")
            .WithHttpCommand("/order", "Order", commandName: "order", commandOptions: new HttpCommandOptions
            {
                PrepareRequest = c =>
                {
                    c.Request.Headers.Add("key", "open");
                    return Task.CompletedTask;
                },
            })
            .WithHttpCommand("/order", "Order without key");
        await app.StartAsync();
        await app.WhenAsync("web", s => s.HealthStatus == HealthStatus.Healthy);

        Assert.True((await app.Commands.ExecuteCommandAsync("web", "order", app.Limit)).Success);
        var url = web.GetEndpoint("http").Url;
        Assert.Equal($"POST {url}/order answered 403.", (await app.Commands.ExecuteCommandAsync("web", "web-http-http-post-/order", app.Limit)).ErrorMessage);
        using var http = new HttpClient();
        Assert.Equal("1", await http.GetStringAsync(new Uri($"{url}/orders"), app.Limit));
    }
}
