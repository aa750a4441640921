using System.Text.Json;

namespace RecoAspire.AppHost.Tests;

/// <summary>However early or late an AppHost is killed, nothing of what it started lives on.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Mark = "RECO_TEST_MARK";
    private const int Kills = 17;

    [Fact]
    public async Task A_small_AppHost_that_is_killed_at_any_moment_leaves_no_process_behind()
    {
        var living = new List<int>();
        for (var i = 0; i < Kills; i++)
        {
            // From the very start (not a line yet) to the last child's first word: 4 lines of the host, 6 of its children.
            var lines = i * 10 / (Kills - 1);
            living.Add(await KillAsync((environment, folder) => AppHostProcess.StartSmall("shells", environment, $"--Data:Root={folder}"), (a, _) => a.Output.Lines.Count >= lines));
        }

        output.WriteLine($"processes alive at the moment of each kill: {string.Join(' ', living)}");
        // Not a test of nothing: at the last moment each shell has its wrapper, its watcher and a child of its own.
        Assert.True(living[^1] > 6 * 3, $"only {living[^1]} processes");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task The_suite_that_is_killed_leaves_no_process_behind(int services)
    {
        var living = await KillAsync(
            (environment, folder) => AppHostProcess.StartSuite(
                environment, $"--Data:Root={folder}", "--DcpPublisher:RandomizePorts=true", "--Demo:Enabled=false", "--Dashboard:Enabled=false"),
            (_, folder) => Started(folder) >= services);
        output.WriteLine($"{living} processes alive at the moment of the kill");
        Assert.True(living >= services, $"only {living} processes");
    }

    // How many services the run file names with a process; less than none before there is one.
    private static int Started(string folder)
    {
        var path = Path.Combine(folder, "run.json");
        if (!File.Exists(path)) return -1;
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.GetProperty("resources").EnumerateArray().Count(r => r.GetProperty("pid").ValueKind == JsonValueKind.Number);
    }

    private static async Task<int> KillAsync(Func<Dictionary<string, string>, string, AppHostProcess> start, Func<AppHostProcess, string, bool> moment)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs /proc");
        await using var folder = new TestFolder();
        var mark = Guid.NewGuid().ToString("N");
        await using var appHost = start(new() { [Mark] = mark }, folder.Path);
        await appHost.EventuallyAsync(() => moment(appHost, folder.Path));
        // Before the kill: after it they may be gone sooner than one can look.
        var living = ProcessList.With(Mark, mark).Count;
        appHost.Kill();
        // One look could miss a process that is being started by one that is ending.
        var empty = 0;
        await appHost.EventuallyAsync(() => (empty = ProcessList.With(Mark, mark).Count == 0 ? empty + 1 : 0) == 3);
        return living;
    }
}
