using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RecoAspire.Tests;

namespace RecoAspire.Integration;

/// <summary>
/// The whole suite as a user starts it: one AppHost process with its services, on random ports, in a data folder of its
/// own. Everything a test knows about it comes from the run file and the public API.
/// </summary>
internal sealed class Suite : IAsyncDisposable
{
    private static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";

    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _dataRoot;
    private readonly bool _ownsData;
    private readonly string[] _arguments;
    private Process? _appHost;
    private HttpClient? _api;

    private Suite(string dataRoot, bool ownsData, string[] arguments) => (_dataRoot, _ownsData, _arguments) = (dataRoot, ownsData, arguments);

    public string DataRoot => _dataRoot;

    public HttpClient Api => _api ?? throw new InvalidOperationException("the suite is not running");

    public int AppHostPid => _appHost!.Id;

    public string Output => string.Join('\n', _output);

    public string RunFilePath => Path.Combine(_dataRoot, "run.json");

    public RunFile Run => RunFile.TryRead(RunFilePath) ?? throw new InvalidOperationException("no run file");

    /// <summary>Starts a suite. With <paramref name="demo"/>, the AppHost imports the demo catalogue by itself.</summary>
    public static async Task<Suite> StartAsync(bool demo, string? dataRoot = null, params string[] arguments)
    {
        var root = dataRoot ?? Directory.CreateTempSubdirectory("reco-suite-").FullName;
        var suite = new Suite(root, dataRoot is null, [$"--Demo:Enabled={(demo ? "true" : "false")}", .. arguments]);
        try
        {
            await suite.StartAppHostAsync();
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }

        return suite;
    }

    /// <summary>Stops the suite in an orderly way and starts it again on the same data.</summary>
    public async Task RestartAsync(Action? whileStopped = null)
    {
        await StopAsync();
        whileStopped?.Invoke();
        await StartAppHostAsync();
    }

    /// <summary>SIGTERM, as Ctrl+C does; returns how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        if (_appHost is null) return TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        using (Process.Start("kill", ["-TERM", _appHost.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) { }
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _appHost.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _appHost.Kill(entireProcessTree: true);
            Assert.Fail($"the AppHost did not stop within 20 s:\n{Tail(40)}");
        }

        _appHost.Dispose();
        _appHost = null;
        _api?.Dispose();
        _api = null;
        return clock.Elapsed;
    }

    /// <summary>Process of a resource, by the run file.</summary>
    public int PidOf(string resource) => Run.Find(resource)?.Pid ?? throw new InvalidOperationException($"'{resource}' has no process");

    /// <summary><c>kill -9</c> of a resource's process; returns its pid.</summary>
    public int Kill(string resource)
    {
        var pid = PidOf(resource);
        using var process = Process.GetProcessById(pid);
        process.Kill();
        process.WaitForExit(5_000);
        return pid;
    }

    /// <summary>Runs an Ops command against this suite and returns what it wrote; fails the test on another exit code.</summary>
    public async Task<string> OpsAsync(string command, int expectedExitCode = 0, TimeSpan? timeout = null)
    {
        var (exitCode, output) = await RunAsync(Dll("Services/Ops", "Ops"), command.Split(' '), timeout ?? TimeSpan.FromMinutes(8));
        Assert.True(exitCode == expectedExitCode, $"ops {command}: exit code {exitCode}\n{output}\n--- suite:\n{Tail(30)}");
        return output;
    }

    /// <summary>Repeats a question until it holds; fails with what was last seen.</summary>
    public async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> holds, TimeSpan timeout, string what)
    {
        var clock = Stopwatch.StartNew();
        string last = "nothing";
        while (clock.Elapsed < timeout)
        {
            try
            {
                var answer = await ask();
                if (holds(answer)) return answer;
                last = answer?.ToString() ?? "null";
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException or TaskCanceledException or JsonException)
            {
                last = e.Message;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"{what}: not within {timeout.TotalSeconds:0} s; last seen: {last}\n--- suite:\n{Tail(40)}");
        throw new UnreachableException();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Api.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)response.StatusCode} {body}\n--- suite:\n{Tail(30)}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async Task<JsonElement> PostEventsAsync(params object[] events)
    {
        using var response = await Api.PostAsJsonAsync("/api/events", new { events });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"POST /api/events: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Last lines that the AppHost wrote.</summary>
    public string Tail(int lines) => string.Join('\n', _output.TakeLast(lines));

    public async ValueTask DisposeAsync()
    {
        if (_appHost is { HasExited: false }) await StopAsync();
        _appHost?.Dispose();
        _api?.Dispose();
        if (_ownsData && Directory.Exists(_dataRoot)) Directory.Delete(_dataRoot, recursive: true);
    }

    private async Task StartAppHostAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.Combine(RealData.ProjectRoot, "AppHost"),
        };
        foreach (var argument in (string[])[Dll("AppHost", "AppHost"), $"--Data:Root={_dataRoot}", "--DcpPublisher:RandomizePorts=true", .. _arguments])
            start.ArgumentList.Add(argument);
        _appHost = new Process { StartInfo = start };
        _appHost.OutputDataReceived += (_, e) => Remember(e.Data);
        _appHost.ErrorDataReceived += (_, e) => Remember(e.Data);
        _appHost.Start();
        _appHost.BeginOutputReadLine();
        _appHost.BeginErrorReadLine();

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(90))
        {
            if (_appHost.HasExited) Assert.Fail($"the AppHost ended with code {_appHost.ExitCode}:\n{Tail(60)}");
            if (await TryConnectAsync()) return;
            await Task.Delay(100);
        }

        Assert.Fail($"the suite was not ready within 90 s:\n{Tail(80)}");
    }

    private async Task<bool> TryConnectAsync()
    {
        if (RunFile.TryRead(RunFilePath) is not { } run || run.AppHostPid != _appHost!.Id) return false;
        if (run.Find("gateway")?.Endpoints is not { } endpoints || !endpoints.TryGetValue("http", out var url)) return false;
        var api = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            using var response = await api.GetAsync("/health/ready");
            if (response.StatusCode == HttpStatusCode.OK)
            {
                _api = api;
                return true;
            }
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
        }

        api.Dispose();
        return false;
    }

    private void Remember(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        while (_output.Count > 5_000) _output.TryDequeue(out _);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string dll, string[] arguments, TimeSpan timeout)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _dataRoot };
        start.ArgumentList.Add(dll);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        start.ArgumentList.Add("--run-file");
        start.ArgumentList.Add(RunFilePath);
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Append($"(killed after {timeout.TotalSeconds:0} s)");
            return (-1, output.ToString());
        }

        return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            if (line is null) return;
            lock (output) output.AppendLine(line);
        }
    }

    private static string Dll(string folder, string name)
    {
        var path = Path.Combine(RealData.ProjectRoot, folder, "bin", Configuration, "net10.0", $"{name}.dll");
        Assert.True(File.Exists(path), $"build the solution first: {path} is missing");
        return path;
    }
}
