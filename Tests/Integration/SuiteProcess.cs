using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using RecoAspire.Tests;

namespace RecoAspire.Integration;

/// <summary>The suite as a user starts it: one AppHost process, for what only a process shows (its memory, its end).</summary>
internal sealed class SuiteProcess : RunningSuite, IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string[] _arguments;
    private Process? _appHost;
    private HttpClient? _api;

    private SuiteProcess(string dataRoot, string[] arguments)
        : base(dataRoot) => _arguments = arguments;

    public override HttpClient Api => _api ?? throw new InvalidOperationException("the suite is not running");

    public int AppHostPid => _appHost!.Id;

    public override string Tail(int lines) => string.Join('\n', _output.TakeLast(lines));

    public static async Task<SuiteProcess> StartAsync(params string[] arguments)
    {
        var suite = new SuiteProcess(Directory.CreateTempSubdirectory("reco-suite-").FullName, ["--Demo:Enabled=false", .. arguments]);
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

    /// <summary>SIGTERM, as Ctrl+C does; returns how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        if (_appHost is null) return TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        using (Process.Start("kill", ["-TERM", _appHost.Id.ToString(CultureInfo.InvariantCulture)])) { }
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

    public async ValueTask DisposeAsync()
    {
        if (_appHost is { HasExited: false }) await StopAsync();
        _appHost?.Dispose();
        _api?.Dispose();
        if (Directory.Exists(DataRoot)) Directory.Delete(DataRoot, recursive: true);
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
        foreach (var argument in (string[])[Dll("AppHost", "AppHost"), $"--Data:Root={DataRoot}", "--DcpPublisher:RandomizePorts=true", .. _arguments])
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
}
