using System.Net;
using System.Net.Sockets;

namespace RecoAspire.AppHost.Tests;

/// <summary>What cannot run says so in one line of a process of its own, with the exit code that scripts look at: 1, or 2 for the command line.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apphost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_port_in_use()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await DemandOneErrorAsync(
            Small("fixed-port", $"--port={port}"), 1, $"error: 'web' needs port {port} (http), which is in use: stop the program that has it, or choose another port.");
    }

    [Fact]
    public Task A_circle_of_waits() => DemandOneErrorAsync(
        Small("circle"), 1, "error: Resources wait for each other in a circle: one -> two -> one. Remove one WaitFor.");

    [Fact]
    public Task A_description_that_names_two_resources_alike() => DemandOneErrorAsync(Small("same-name-twice"), 1, "error: There is already a resource 'Web'.");

    [Fact]
    public Task An_unknown_engine() => DemandOneErrorAsync(Suite("--engines", "foo"), 2, "error: --engines must be embedded, local or containers, not 'foo'.");

    [Fact]
    public Task An_unknown_operation() => DemandOneErrorAsync(Suite("--operation", "fly"), 2, "error: --operation must be run or publish, not 'fly'.");

    [Fact]
    public Task An_unknown_publisher() => DemandOneErrorAsync(
        Suite("--publisher", "helm", "--output-path", _folder), 2, "error: There is no publisher 'helm'; the one there is: manifest.");

    [Fact]
    public Task A_manifest_without_a_place() => DemandOneErrorAsync(
        Suite("--publisher", "manifest"), 2, "error: --publisher manifest needs --output-path: a file that ends in .json, or a folder.");

    [Fact]
    public async Task A_data_folder_that_cannot_be_made()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");
        var line = await OneErrorAsync(AppHostProcess.StartSmall("shells", null, $"--Data:Root={file}/data"), 1);
        Assert.StartsWith($"error: The data folder '{file}/data' cannot be made (", line, StringComparison.Ordinal);
        Assert.EndsWith("): give another one with --Data:Root=DIR.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_data_folder()
    {
        await using var first = Small("shells");
        await first.EventuallyAsync(() => File.Exists(Path.Combine(_folder, "run.json")));
        await DemandOneErrorAsync(Small("shells"), 1, $"error: Another AppHost runs on '{_folder}': stop it, or give this one a folder of its own with --Data:Root=DIR.");
        Assert.True(File.Exists(Path.Combine(_folder, "run.json")));
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task A_missing_program_when_nothing_else_can_run()
    {
        await using var appHost = Small("missing-program");
        Assert.Equal(1, await appHost.ExitCodeAsync());
        var lines = appHost.Output.Lines;
        Assert.Equal("tool     | 'tool': the program 'no-such-program' was not found; install it or put it on the PATH.", Assert.Single(lines, l => l.Contains("no-such-program", StringComparison.Ordinal)));
        Assert.Equal("after    | waited for 'tool', which could not start", Assert.Single(lines, l => l.StartsWith("after    |", StringComparison.Ordinal)));
        Assert.Equal("error: nothing runs: tool, after could not start; the lines above say why.", Assert.Single(lines, l => l.StartsWith("error:", StringComparison.Ordinal)));
        Assert.Empty(appHost.Error.Lines);
        Assert.False(File.Exists(Path.Combine(_folder, "run.json")));
    }

    private AppHostProcess Small(string scenario, params string[] arguments) => AppHostProcess.StartSmall(scenario, null, [$"--Data:Root={_folder}", .. arguments]);

    private AppHostProcess Suite(params string[] arguments) => AppHostProcess.StartSuite(null, [$"--Data:Root={_folder}", .. arguments]);

    private static async Task DemandOneErrorAsync(AppHostProcess appHost, int exitCode, string expected) => Assert.Equal(expected, await OneErrorAsync(appHost, exitCode));

    private static async Task<string> OneErrorAsync(AppHostProcess appHost, int exitCode)
    {
        await using (appHost)
        {
            Assert.Equal(exitCode, await appHost.ExitCodeAsync());
            Assert.DoesNotContain(appHost.Output.Lines, l => l.Contains("error", StringComparison.OrdinalIgnoreCase));
            return Assert.Single(appHost.Error.Lines);
        }
    }
}
