using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.AppHost.Tests;

/// <summary>Real processes under the real host.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Who_waits_starts_when_the_other_is_healthy()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        var server = app.AddShell("server", "exec sleep 1000").WithHttpEndpoint(name: "http").WithHttpHealthCheck("/health");
        app.AddShell("client", "echo started").WaitFor(server);
        await app.StartAsync();
        await using var http = new HealthServer(server.GetEndpoint("http").Port, 503);
        await app.WhenRunningAsync("server");
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Waiting);
        Assert.DoesNotContain("client   | started", app.Console.Lines);
        http.Status = 200;
        await app.WhenAsync("client", s => s.State == KnownResourceStates.Finished);
        await app.WhenAsync("server", s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Contains("client   | started", app.Console.Lines);
    }

    [Fact]
    public async Task A_job_that_ends_with_0_is_finished()
    {
        await using var app = new TestApp();
        app.AddShell("job", "echo done");
        await app.StartAsync();
        var end = await app.WhenAsync("job", s => s.State == KnownResourceStates.Finished);
        Assert.Equal(0, end.Snapshot.ExitCode);
        Assert.Equal(0, end.Snapshot.Restarts);
    }

    [Fact]
    public async Task A_job_that_fails_three_times_stays_down_and_so_does_who_waits_for_its_success()
    {
        await using var app = new TestApp();
        var job = app.AddShell("job", "echo attempt; exit 7");
        app.AddShell("after", "echo never").WaitForCompletion(job);
        await app.StartAsync();
        await app.WhenAsync("after", s => s.State == KnownResourceStates.FailedToStart);
        var end = await app.WhenAsync("job", s => s.State == KnownResourceStates.Finished);
        Assert.Equal(7, end.Snapshot.ExitCode);
        Assert.Equal(3, app.Console.Lines.Count(l => l == "job      | attempt"));
        Assert.DoesNotContain("after    | never", app.Console.Lines);
    }

    [Fact]
    public async Task Who_waits_for_a_job_outlasts_its_first_failure()
    {
        await using var app = new TestApp();
        var job = app.AddShell("job", "mkdir \"$MARK\" 2>/dev/null && exit 1; exit 0").WithEnvironment("MARK", Path.Combine(app.DataRoot, "tried"));
        app.AddShell("after", "echo at last").WaitForCompletion(job);
        await app.StartAsync();
        await app.WhenAsync("after", s => s.State == KnownResourceStates.Finished);
        Assert.Contains("after    | at last", app.Console.Lines);
    }

    [Fact]
    public async Task What_cannot_start_takes_down_who_waits_for_it_and_nobody_else()
    {
        await using var app = new TestApp();
        var missing = app.Builder.AddExecutable("missing", "no-such-program", ".");
        app.AddShell("waiting", "echo never").WaitFor(missing);
        var lost = app.AddShell("lost", "echo never").WithEnvironment("URL", missing.GetEndpoint("nowhere"));
        app.AddShell("other", "echo fine");
        await app.StartAsync();
        foreach (var name in (string[])["missing", "waiting", lost.Resource.Name]) await app.WhenAsync(name, s => s.State == KnownResourceStates.FailedToStart);
        await app.WhenAsync("other", s => s.State == KnownResourceStates.Finished);
        Assert.Contains(app.Console.Lines, l => l.StartsWith("missing  | 'missing': the program 'no-such-program' was not found", StringComparison.Ordinal));
        await app.StopAsync();
        Assert.False(File.Exists(app.RunFilePath));
    }

    [Fact]
    public async Task A_crash_is_reported_with_its_last_lines_and_restarted_on_the_same_port()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        app.AddShell("server", "mkdir \"$MARK\" 2>/dev/null || { echo again on $PORT; exec sleep 1000; }; for i in $(seq 20); do echo line $i; done; echo first on $PORT >&2; exit 3")
            .WithHttpEndpoint(name: "http", env: "PORT").WithEnvironment("MARK", Path.Combine(app.DataRoot, "tried"));
        await app.StartAsync();
        await app.EventuallyAsync(() => app.Console.Lines.Any(l => l.Contains("again on", StringComparison.Ordinal)));
        var lines = app.Console.Lines;
        Assert.Contains(lines, l => l.Contains("with exit code 3; its last 15 lines:", StringComparison.Ordinal));
        Assert.Equal(15, lines.Count(l => l.StartsWith("server   |   > ", StringComparison.Ordinal)));
        Assert.Contains("server   |   > line 20", lines);
        Assert.Equal(lines.Single(l => l.StartsWith("server   | first on ", StringComparison.Ordinal)).Split(' ')[^1], lines.Single(l => l.Contains("again on", StringComparison.Ordinal)).Split(' ')[^1]);
    }

    [Fact]
    public async Task A_killed_child_is_started_again_and_the_run_file_follows()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        app.AddShell("server", "exec sleep 1000").WithHttpEndpoint(name: "http");
        await app.StartAsync();
        var first = (await app.WhenRunningAsync("server")).Snapshot.ProcessId!.Value;
        Kill(first);
        var second = (await app.WhenAsync("server", s => s.State == KnownResourceStates.Running && s.Restarts > 0)).Snapshot;
        Assert.Contains(app.Console.Lines, l => l.Contains("with exit code 137 (killed)", StringComparison.Ordinal));
        Assert.NotEqual(first, second.ProcessId);
        Assert.Equal(1, second.Restarts);
        await app.EventuallyAsync(() => File.ReadAllText(app.RunFilePath).Contains($"\"pid\": {second.ProcessId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_kills_a_child_that_ignores_SIGTERM_with_its_own_children()
    {
        await using var app = new TestApp();
        app.AddShell("deaf", "trap '' TERM; sleep 1000 & echo child $!; while :; do sleep 1000; done");
        await app.StartAsync();
        var pid = (await app.WhenRunningAsync("deaf")).Snapshot.ProcessId!.Value;
        var grandchild = await PrintedAsync(app, "deaf     | child ");
        await app.StopAsync();
        await app.EventuallyAsync(() => IsGone(pid) && IsGone(grandchild));
        Assert.False(File.Exists(app.RunFilePath));
    }

    [Fact]
    public async Task Stopping_lets_a_child_end_in_order()
    {
        await using var app = new TestApp();
        app.AddShell("polite", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await app.StartAsync();
        await app.EventuallyAsync(() => app.Console.Lines.Contains("polite   | ready"));
        await app.StopAsync();
        Assert.Contains("polite   | bye", app.Console.Lines);
    }

    [Fact]
    public async Task Killing_the_wrapping_shell_leaves_no_child()
    {
        await using var app = new TestApp("--DcpPublisher:RandomizePorts=true");
        app.AddShell("server", "sleep 1000 & echo child $!; wait").WithHttpEndpoint(name: "http");
        await app.StartAsync();
        var pid = (await app.WhenRunningAsync("server")).Snapshot.ProcessId!.Value;
        var grandchild = await PrintedAsync(app, "server   | child ");
        var wrapper = int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.NotEqual(Environment.ProcessId, wrapper);
        Kill(wrapper);
        await app.EventuallyAsync(() => IsGone(pid) && IsGone(grandchild));
        var again = await app.WhenAsync("server", s => s.State == KnownResourceStates.Running && s.ProcessId != pid);
        Assert.Equal(1, again.Snapshot.Restarts);
    }

    [Fact]
    public async Task A_stop_right_after_the_start_leaves_nothing_running()
    {
        await using var app = new TestApp();
        for (var i = 0; i < 5; i++) app.AddShell($"job{i}", "exec sleep 1000");
        await app.StartAsync();
        await app.StopAsync();
        for (var i = 0; i < 5; i++)
        {
            if (app.Notifications.TryGetCurrentState($"job{i}", out var state)) Assert.Null(state.Snapshot.ProcessId);
        }
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_folder_is_refused_and_leaves_the_first_ones_run_file()
    {
        await using var app = new TestApp();
        app.AddShell("job", "exec sleep 1000");
        await app.StartAsync();
        using var second = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [$"--Data:Root={app.DataRoot}"], DisableDashboard = true }).Build();
        await Assert.ThrowsAsync<DistributedApplicationException>(() => second.StartAsync(app.Limit));
        Assert.True(File.Exists(app.RunFilePath));
    }

    private static async Task<int> PrintedAsync(TestApp app, string prefix)
    {
        await app.EventuallyAsync(() => app.Console.Lines.Any(l => l.StartsWith(prefix, StringComparison.Ordinal)));
        return int.Parse(app.Console.Lines.Last(l => l.StartsWith(prefix, StringComparison.Ordinal))[prefix.Length..], CultureInfo.InvariantCulture);
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    // A zombie is gone too: nobody has collected it yet.
    private static bool IsGone(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }
}
