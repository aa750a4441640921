using System.Runtime.InteropServices;
using System.Text.Json;

namespace RecoAspire.Ops.Tests;

/// <summary>The tool as a process: what it says, to which stream, and its exit code.</summary>
public sealed class CommandLineTests
{
    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task An_import_says_what_it_did_and_the_next_one_that_it_has_been_done()
    {
        using var layout = MovieLensReaderTests.Layout100K();
        await using var gateway = await LocalGateway.StartAsync();
        string[] command = ["import", "movielens", layout.Path, "--gateway", $"{gateway.Address}"];
        var first = await OpsProcess.RunAsync(layout.Path, command);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Contains("MovieLens 100K: 2 items and 3 events of 2 viewers in ", first.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(layout.Path, ".data", "imports")));
        Assert.Equal(["ml100k-7-1", "ml100k-7-2", "ml100k-8-1"], gateway.EventIds.Order());

        var second = await OpsProcess.RunAsync(layout.Path, command);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("already imported", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, gateway.Requests);
    }

    [Fact]
    public async Task Broken_input_is_one_line_exit_code_2_and_nothing_is_sent()
    {
        using var layout = MovieLensReaderTests.Layout100K("7\t1\t5\t900000100\n7\t2\t9\t900000100\n");
        await using var gateway = await LocalGateway.StartAsync();
        var run = await OpsProcess.RunAsync(layout.Path, "import", "movielens", layout.Path, "--gateway", $"{gateway.Address}");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: u.data:2: '9' is no rating from 0.5 to 5", Assert.Single(Lines(run.Error)));
        Assert.Equal("", run.Output);
        Assert.Equal(0, gateway.Requests);
    }

    [Theory]
    [InlineData("import", "movielens", "nowhere")]
    [InlineData("import", "films", "nowhere")]
    [InlineData("import", "demo", "--viewers", "0")]
    [InlineData("import", "demo", "--gateway", "ftp://x")]
    [InlineData("import", "oops")]
    [InlineData("evaluate", "leave-one-out", "nowhere")]
    [InlineData("train", "--epochs", "many")]
    public async Task A_wrong_call_is_one_line_and_exit_code_2(params string[] command)
    {
        using var scratch = new Scratch();
        var run = await OpsProcess.RunAsync(scratch.Path, command);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: ", Assert.Single(Lines(run.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_gateway_is_one_line_and_exit_code_1_and_verbose_shows_where_it_came_from()
    {
        using var layout = MovieLensReaderTests.Layout100K();
        string[] command = ["import", "movielens", layout.Path, "--gateway", "http://127.0.0.1:1"];
        var run = await OpsProcess.RunAsync(layout.Path, command);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: the gateway at http://127.0.0.1:1/ cannot be reached", Assert.Single(Lines(run.Error)), StringComparison.Ordinal);

        var verbose = await OpsProcess.RunAsync(layout.Path, [.. command, "--verbose"]);
        Assert.Equal(1, verbose.ExitCode);
        Assert.Contains("   at RecoAspire.Ops.", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_is_found_by_the_run_file_above_the_working_directory()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var scratch = new Scratch().Write(".data/run.json", JsonSerializer.Serialize(new
        {
            version = 1,
            appHostPid = 1,
            startedAt = "2026-03-01T00:00:00Z",
            adminKey = "k",
            resources = new[] { new { name = "gateway", type = "Project", pid = 2, endpoints = new { http = $"{gateway.Address}" } } },
        }));
        var below = Directory.CreateDirectory(Path.Combine(scratch.Path, "a", "b"));
        var run = await OpsProcess.RunAsync(below.FullName, "import", "demo", "--viewers", "3");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"curl '{gateway.Address}api/recommendations?userId=demo-0001&limit=10'", run.Output, StringComparison.Ordinal);
        Assert.NotEmpty(gateway.Events);

        var again = await OpsProcess.RunAsync(below.FullName, "import", "demo", "--if-empty");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("the demonstration is not needed", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"version\":2,\"resources\":[]}", "is a run file of version 2; this tool knows version 1")]
    [InlineData("{\"version\":1}", "names no resources")]
    [InlineData("{", "cannot be read")]
    public async Task A_run_file_that_is_not_understood_is_refused(string text, string message)
    {
        using var scratch = new Scratch().Write("run.json", text);
        var run = await OpsProcess.RunAsync(scratch.Path, "status", "--run-file", Path.Combine(scratch.Path, "run.json"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, Assert.Single(Lines(run.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_killed_at_the_worst_moment_goes_on_without_loss_or_doubles()
    {
        var rows = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i}\t{(i % 2) + 1}\t4\t{900_000_000 + i}\n"));
        using var layout = MovieLensReaderTests.Layout100K(rows);
        await using var gateway = await LocalGateway.StartAsync();
        var stored = new TaskCompletionSource();
        var released = new TaskCompletionSource();
        // The third write (items, 1,000 events, 1,000 events) is in the log; its answer never comes.
        gateway.After = (number, _) =>
        {
            if (number != 3) return false;
            stored.SetResult();
            released.Task.Wait();
            return true;
        };
        using (var process = OpsProcess.Start(layout.Path, "import", "movielens", layout.Path, "--gateway", $"{gateway.Address}"))
        {
            await stored.Task.WaitAsync(TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            released.SetResult();
        }

        gateway.After = null;
        var run = await OpsProcess.RunAsync(layout.Path, "import", "movielens", layout.Path, "--gateway", $"{gateway.Address}");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(5_000, gateway.EventIds.Count);
        Assert.Equal(gateway.EventIds.Count, gateway.Events.Count);
    }

    [Fact]
    public async Task Ctrl_c_keeps_what_was_acknowledged_and_the_next_run_goes_on_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "sends SIGINT");
        var rows = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i}\t1\t4\t{900_000_000 + i}\n"));
        using var layout = MovieLensReaderTests.Layout100K(rows);
        await using var gateway = await LocalGateway.StartAsync();
        var reached = new TaskCompletionSource();
        gateway.Before = async (number, http) =>
        {
            if (number != 3) return true;
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return false;
        };
        using (var process = OpsProcess.Start(layout.Path, "import", "movielens", layout.Path, "--gateway", $"{gateway.Address}"))
        {
            await reached.Task.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, Kill(process.Id, IsInterruptIgnored() ? 15 : 2));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, process.ExitCode);
        }

        gateway.Before = null;
        var before = gateway.Requests;
        var run = await OpsProcess.RunAsync(layout.Path, "import", "movielens", layout.Path, "--gateway", $"{gateway.Address}");
        Assert.Contains("going on after 2 items and 1,000 events", run.Output, StringComparison.Ordinal);
        Assert.Equal(before + 2, gateway.Requests);
        Assert.Equal(3_000, gateway.Events.Count);
    }

    // A shell hands SIGINT on as ignored to what it runs in the background; SIGTERM then ends the import in the same way.
    private static bool IsInterruptIgnored()
    {
        if (!OperatingSystem.IsLinux()) return false;
        var mask = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        return (Convert.ToUInt64(mask, 16) & 2) != 0;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
