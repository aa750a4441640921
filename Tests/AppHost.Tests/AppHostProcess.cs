using System.Diagnostics;
using RecoAspire.Tests;

namespace RecoAspire.AppHost.Tests;

/// <summary>A built AppHost as a user starts it: a process of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Process _process;

    private AppHostProcess(ProcessStartInfo start)
    {
        // A test that hangs fails instead; nothing is asserted about time.
        _limit.CancelAfter(TimeSpan.FromMinutes(2));
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(Output, e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(Error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public LineWriter Output { get; } = new();

    public LineWriter Error { get; } = new();

    public int Pid => _process.Id;

    public CancellationToken Limit => _limit.Token;

    /// <summary>The suite's own AppHost.</summary>
    public static AppHostProcess StartSuite(IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        new(StartInfo(Dll("AppHost", "AppHost"), environment, arguments));

    /// <summary>A small AppHost of shells: one of the scenarios in Programs/SmallHost.cs.</summary>
    public static AppHostProcess StartSmall(string scenario, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        new(StartInfo(Dll("Tests/AppHost.Tests/Programs", "Programs"), environment, [$"--scenario={scenario}", .. arguments]));

    /// <summary>Waits for its end and for the last line of its output.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(Limit);
        return _process.ExitCode;
    }

    /// <summary>Waits for something that nobody announces.</summary>
    public async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition())
        {
            try
            {
                await Task.Delay(20, Limit);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within the limit; the AppHost wrote:\n{string.Join('\n', Output.Lines.TakeLast(40))}\n{string.Join('\n', Error.Lines.TakeLast(20))}");
            }
        }
    }

    /// <summary>SIGKILL to the AppHost alone.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM, as a service manager or Ctrl+C does.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync(Limit);
        return await ExitCodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _limit.Dispose();
    }

    private static ProcessStartInfo StartInfo(string dll, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }

    private static string Dll(string folder, string name)
    {
        var path = Path.Combine(RealData.ProjectRoot, folder, "bin", Configuration, "net10.0", $"{name}.dll");
        Assert.True(File.Exists(path), $"build the solution first: {path} is missing");
        return path;
    }

    private static void Keep(LineWriter lines, string? line)
    {
        if (line is not null) lines.WriteLine(line);
    }
}
