using System.Diagnostics;

namespace RecoAspire.Integration;

/// <summary>The suite ends completely, however it ends.</summary>
[Collection("suite")]
public sealed class LifecycleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ctrl_C_stops_everything_within_5_seconds_and_leaves_no_process_behind()
    {
        await using var suite = await SuiteProcess.StartAsync();
        var pids = Pids(suite);

        var took = await suite.StopAsync();

        output.WriteLine($"stopped in {took.TotalMilliseconds:0} ms");
        Assert.True(took < TimeSpan.FromSeconds(5), $"stopping took {took}");
        Assert.DoesNotContain(pids, IsAlive);
        Assert.False(File.Exists(suite.RunFilePath));
    }

    [Fact]
    public async Task Killing_the_AppHost_leaves_no_service_behind()
    {
        await using var suite = await SuiteProcess.StartAsync();
        var pids = Pids(suite);

        using (var appHost = Process.GetProcessById(suite.AppHostPid)) appHost.Kill();

        await suite.EventuallyAsync(() => Task.FromResult(pids.Count(IsAlive)), alive => alive == 0, TimeSpan.FromSeconds(5), "no service alive");
    }

    private static List<int> Pids(SuiteProcess suite)
    {
        List<int> pids = [.. suite.Run.Resources.Where(r => r.Pid is not null).Select(r => r.Pid!.Value)];
        Assert.True(pids.Count >= 6, $"only {pids.Count} processes");
        return pids;
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            // A zombie has been killed and only waits for its parent to notice.
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ");
        }
        catch (IOException)
        {
            return false;
        }
    }
}
