using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace RecoAspire.AppHost.Tests;

/// <summary>Real processes: small shell scripts under the host in this process, and the real AppHost as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reco-apphost-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_ends_well_is_finished_and_its_waiter_starts_after_it()
    {
        DemandUnix();
        var builder = Builder();
        var order = Path.Combine(_root, "order");
        var job = builder.AddExecutable("job", "sh", ".", "-c", $"echo job >> {order}");
        builder.AddExecutable("next", "sh", ".", "-c", $"echo next >> {order}").WaitForCompletion(job);
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.Finished, Cancelled);
        await app.StopAsync(Cancelled);
        Assert.Equal(["job", "next"], await File.ReadAllLinesAsync(order, Cancelled));
    }

    [Fact]
    public async Task A_job_that_fails_once_is_started_again_and_its_waiter_goes_on_waiting()
    {
        DemandUnix();
        var builder = Builder();
        var mark = Path.Combine(_root, "mark");
        var job = builder.AddExecutable("job", "sh", ".", "-c", $"[ -e {mark} ] && exit 0; touch {mark}; exit 3");
        builder.AddExecutable("next", "true", ".").WaitForCompletion(job);
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        var done = await app.ResourceNotifications.WaitForResourceAsync("next", e => e.Snapshot.State is KnownResourceStates.Finished or KnownResourceStates.FailedToStart, Cancelled);
        Assert.Equal(KnownResourceStates.Finished, done.Snapshot.State);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("job", out var job1));
        Assert.Equal(1, job1.Snapshot.Restarts);
        await app.StopAsync(Cancelled);
    }

    [Fact]
    public async Task What_cannot_be_started_does_not_take_the_others_with_it()
    {
        DemandUnix();
        var builder = Builder();
        var other = builder.AddExecutable("other", "true", ".");
        builder.AddExecutable("broken", "true", ".").WithEnvironment("URL", other.GetEndpoint("none"));
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("broken", KnownResourceStates.FailedToStart, Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("other", KnownResourceStates.Finished, Cancelled);
        await app.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_killed_process_returns_on_its_port_and_the_run_file_follows()
    {
        DemandUnix();
        var builder = Builder();
        builder.AddExecutable("svc", "sh", ".", "-c", $"echo $PORT >> {_root}/ports; exec sleep 600").WithHttpEndpoint(name: "http", env: "PORT");
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        var first = await RunningAsync(app, "svc", 0);
        Process.GetProcessById(first).Kill();
        var second = await RunningAsync(app, "svc", 1);
        var ports = await LinesAsync(Path.Combine(_root, "ports"), 2);
        var runFile = Path.Combine(_root, "run.json");

        Assert.NotEqual(first, second);
        Assert.Equal(ports[0], ports[1]);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(runFile));
        while (Pids(runFile).Single() != second) await Task.Delay(20, Cancelled);
        await app.StopAsync(Cancelled);
        Assert.False(File.Exists(runFile));
        Assert.False(Alive(second));
    }

    [Fact]
    public async Task A_waiter_starts_only_when_the_other_one_is_healthy()
    {
        DemandUnix();
        var builder = Builder();
        var svc = builder.AddExecutable("svc", "sleep", ".", "600").WithHttpEndpoint(name: "http").WithHttpHealthCheck("/health");
        builder.AddExecutable("next", "true", ".").WaitFor(svc);
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        await RunningAsync(app, "svc", 0);
        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.Waiting, Cancelled);

        // The test itself answers for the service: first that it is not ready, then that it is.
        using var listener = new System.Net.HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{svc.GetEndpoint("http").Port}/");
        listener.Start();
        await AnswerAsync(listener, 503);
        await AnswerAsync(listener, 503);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("next", out var next));
        Assert.Equal(KnownResourceStates.Waiting, next.Snapshot.State);
        await AnswerAsync(listener, 200);
        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.Finished, Cancelled);
        await app.StopAsync(Cancelled);
    }

    [Fact]
    public async Task An_AppHost_whose_port_is_taken_says_so_in_one_line_and_fails()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var errors = new List<string>();
        using var host = StartAppHost(errors, $"--Gateway:Port={port}", "--DcpPublisher:RandomizePorts=false");
        await host.WaitForExitAsync(Cancelled);
        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"'gateway' needs port {port}", Assert.Single(errors));
    }

    [Fact]
    public async Task A_second_host_on_the_same_folder_is_refused()
    {
        await using var first = Builder().Build();
        await first.StartAsync(Cancelled);
        await using var second = Builder().Build();
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => second.StartAsync(Cancelled));
        Assert.Contains(_root, error.Message);
        await first.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_process_that_ignores_SIGTERM_goes_with_its_children()
    {
        DemandUnix();
        var builder = Builder();
        builder.AddExecutable("stubborn", "sh", ".", "-c", $"trap '' TERM; sleep 600 & echo $! > {_root}/grandchild; while :; do wait; done");
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        var grandchild = int.Parse((await LinesAsync(Path.Combine(_root, "grandchild"), 1))[0], System.Globalization.CultureInfo.InvariantCulture);
        await app.StopAsync(Cancelled);
        await GoneAsync();
        Assert.False(Alive(grandchild));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(6000)]
    public async Task A_killed_AppHost_leaves_no_process_whenever_it_dies(int afterMs)
    {
        DemandLinux();
        using var host = StartAppHost();
        while (!File.Exists(Path.Combine(_root, "run.json"))) await Task.Delay(5, Cancelled);
        await Task.Delay(afterMs, Cancelled);
        host.Kill();
        await host.WaitForExitAsync(Cancelled);
        await GoneAsync();
    }

    [Fact]
    public async Task SIGINT_ends_the_AppHost_orderly_and_completely()
    {
        DemandLinux();
        using var host = StartAppHost();
        while (!File.Exists(Path.Combine(_root, "run.json")) || !Pids(Path.Combine(_root, "run.json")).Any()) await Task.Delay(20, Cancelled);
        using (var kill = Process.Start("kill", ["-INT", $"{host.Id}"])) await kill.WaitForExitAsync(Cancelled);
        await host.WaitForExitAsync(Cancelled);
        Assert.Equal(0, host.ExitCode);
        Assert.False(File.Exists(Path.Combine(_root, "run.json")));
        await GoneAsync();
    }

    public void Dispose()
    {
        foreach (var pid in Owned()) Process.GetProcessById(pid).Kill();
        Directory.Delete(_root, recursive: true);
    }

    private IDistributedApplicationBuilder Builder()
    {
        var builder = DistributedApplication.CreateBuilder([$"--Data:Root={_root}"]);
        builder.Services.AddSingleton(_ => new RecoAspire.Hosting.Running.ConsoleLog(TextWriter.Null, false));
        return builder;
    }

    private static async Task AnswerAsync(System.Net.HttpListener listener, int status)
    {
        var request = await listener.GetContextAsync().WaitAsync(Cancelled);
        request.Response.StatusCode = status;
        request.Response.Close();
    }

    private Process StartAppHost(List<string>? errors = null, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(RecoAspire.Tests.RealData.ProjectRoot, "AppHost", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "AppHost.dll"));
        start.ArgumentList.Add($"--Data:Root={_root}");
        start.ArgumentList.Add("--Demo:Enabled=false");
        start.ArgumentList.Add("--DcpPublisher:RandomizePorts=true");
        foreach (var argument in more) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is { } line) errors?.Add(line);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<int> RunningAsync(DistributedApplication app, string name, int restarts)
    {
        var change = await app.ResourceNotifications.WaitForResourceAsync(
            name, e => e.Snapshot is { State: KnownResourceStates.Running, ProcessId: > 0 } && e.Snapshot.Restarts == restarts, Cancelled);
        return change.Snapshot.ProcessId!.Value;
    }

    private static async Task<string[]> LinesAsync(string file, int count)
    {
        while (true)
        {
            if (File.Exists(file) && await File.ReadAllLinesAsync(file, Cancelled) is { } lines && lines.Length >= count) return lines;
            await Task.Delay(20, Cancelled);
        }
    }

    private static IEnumerable<int> Pids(string runFile)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(runFile));
        return [.. json.RootElement.GetProperty("resources").EnumerateArray().Select(r => r.GetProperty("pid")).Where(p => p.ValueKind == JsonValueKind.Number).Select(p => p.GetInt32())];
    }

    // A process that survives keeps the test from ending: the limit makes it a failure that names what is left.
    private async Task GoneAsync()
    {
        for (var i = 0; i < 200 && Owned().Any(); i++) await Task.Delay(50, Cancelled);
        Assert.Empty(Owned());
    }

    // Processes whose command line or environment names this test's own folder.
    private IEnumerable<int> Owned()
    {
        if (!OperatingSystem.IsLinux()) return [];
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Where(Names).Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture))];

        bool Names(string? pid)
        {
            try
            {
                return pid != $"{Environment.ProcessId}"
                    && (File.ReadAllText($"/proc/{pid}/environ").Contains(_root, StringComparison.Ordinal) || File.ReadAllText($"/proc/{pid}/cmdline").Contains(_root, StringComparison.Ordinal));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private static bool Alive(int pid) => Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static void DemandUnix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "runs shell scripts");

    private static void DemandLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "looks into /proc");
}
