using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RecoAspire.Tests;

namespace RecoAspire.Integration;

/// <summary>A running suite in a data folder of its own. Everything a test knows about it comes from the run file and the public API.</summary>
internal abstract class RunningSuite(string dataRoot)
{
    protected static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";

    public string DataRoot { get; } = dataRoot;

    public abstract HttpClient Api { get; }

    public string RunFilePath => Path.Combine(DataRoot, "run.json");

    public RunFile Run => RunFile.TryRead(RunFilePath) ?? throw new InvalidOperationException("no run file");

    /// <summary>Last lines that the AppHost and its resources wrote.</summary>
    public abstract string Tail(int lines);

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

    private async Task<(int ExitCode, string Output)> RunAsync(string dll, string[] arguments, TimeSpan timeout)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = DataRoot };
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

    protected static string Dll(string folder, string name)
    {
        var path = Path.Combine(RealData.ProjectRoot, folder, "bin", Configuration, "net10.0", $"{name}.dll");
        Assert.True(File.Exists(path), $"build the solution first: {path} is missing");
        return path;
    }
}
