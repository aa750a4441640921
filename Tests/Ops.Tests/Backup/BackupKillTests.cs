namespace RecoAspire.Ops.Tests.Backup;

/// <summary>
/// `kill -9` at moments that chance chose. What was not finished is no backup for anyone; what was finished is a whole one.
/// <c>RECO_KILL_SEED</c> repeats a run's moments, <c>RECO_KILL_POINTS</c> sets their number.
/// </summary>
public sealed class BackupKillTests(ITestOutputHelper output)
{
    private const int Records = 200_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<OpsProcess.Result> RunAsync(Scratch folder, params string[] command) => OpsProcess.RunAsync(folder.Path, ["backup", .. command]);

    [Fact]
    public async Task A_backup_that_is_killed_is_none_and_the_next_one_is_whole()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("RECO_KILL_SEED"), out var given) ? given : Random.Shared.Next();
        var kills = int.TryParse(Environment.GetEnvironmentVariable("RECO_KILL_POINTS"), out var points) ? points : 6;
        output.WriteLine($"seed {seed}, {kills} kill points");
        var random = new Random(seed);
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("interactions", 0, Records);
        for (var kill = 0; kill < kills; kill++)
        {
            var before = LiveLog.Names(folder).Count;
            using var process = OpsProcess.Start(folder.Path, "backup", "create", "--full", "--to", LiveLog.Folder(folder), "--eventlog", log.Address);
            while (LiveLog.Names(folder).Count == before && !process.HasExited) await Task.Delay(1, Cancellation);
            // The moment of death is the random input of this test, not a race that is waited out.
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 300), Cancellation);
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }

        var unfinished = LiveLog.Names(folder).Where(n => !File.Exists(Path.Combine(LiveLog.Folder(folder), n, "manifest.json"))).ToList();
        output.WriteLine($"{unfinished.Count} of {kills} were never finished");
        Assert.True(unfinished.Count > kills / 2, "the kills hit no backup: the test proves nothing");
        var list = await RunAsync(folder, "list", LiveLog.Folder(folder));
        Assert.Equal(unfinished.Count, list.Output.Split("never finished").Length - 1);
        var refused = await RunAsync(folder, "verify", LiveLog.Folder(folder), "--name", unfinished[0]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"there is no backup '{unfinished[0]}'", refused.Error, StringComparison.Ordinal);
        await using (var empty = await LiveLog.StartAsync())
        {
            Assert.Equal(1, (await empty.RestoreAsync(folder, "--name", unfinished[0])).ExitCode);
            Assert.Empty(await empty.ReadAllAsync());
        }

        // The lock died with its owner.
        Assert.Equal(0, (await log.BackUpAsync(folder, "--full")).ExitCode);
        Assert.Equal(0, (await RunAsync(folder, "verify", LiveLog.Folder(folder))).ExitCode);
        Assert.Equal(0, (await RunAsync(folder, "prune", LiveLog.Folder(folder))).ExitCode);
        Assert.Empty(LiveLog.Names(folder).Intersect(unfinished));
        await using var other = await LiveLog.StartAsync();
        Assert.Equal(0, (await other.RestoreAsync(folder)).ExitCode);
        Assert.Equal(Records, await other.EndOfAsync("interactions"));
    }

    [Fact]
    public async Task Two_at_once_are_one_and_a_line()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("interactions", 0, Records);
        var first = log.BackUpAsync(folder);
        while (LiveLog.Names(folder).Count == 0 && !first.IsCompleted) await Task.Delay(1, Cancellation);
        var second = await RunAsync(folder, "prune", LiveLog.Folder(folder));
        Assert.Equal((1, 0), (second.ExitCode, (await first).ExitCode));
        Assert.StartsWith("error: another create or prune works in ", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(folder, "verify", LiveLog.Folder(folder))).ExitCode);
    }

    [Fact]
    public async Task A_log_that_dies_and_comes_back_costs_a_backup_nothing()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("interactions", 0, Records);
        var running = log.BackUpAsync(folder);
        while (LiveLog.Names(folder).Count == 0 && !running.IsCompleted) await Task.Delay(1, Cancellation);
        await log.Process.KillAsync();
        await log.Process.StartAsync(Cancellation);
        var run = await running;
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("200,000 records of 1 topics", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(folder, "verify", LiveLog.Folder(folder))).ExitCode);
    }

    [Fact]
    public async Task A_restore_that_is_killed_with_its_log_goes_on_where_it_was()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("interactions", 0, Records);
        Assert.Equal(0, (await log.BackUpAsync(folder)).ExitCode);
        await using var other = await LiveLog.StartAsync();
        using (var restore = OpsProcess.Start(folder.Path, "backup", "restore", LiveLog.Folder(folder), "--into", other.Address))
        {
            while (await other.EndOfAsync("interactions") == 0 && !restore.HasExited) await Task.Delay(1, Cancellation);
            restore.Kill();
            await other.Process.KillAsync();
            await restore.WaitForExitAsync(Cancellation);
        }

        await other.Process.StartAsync(Cancellation);
        var half = await other.EndOfAsync("interactions");
        Assert.InRange(half, 1, Records - 1);
        var second = other.RestoreAsync(folder);
        // And a log that dies under it is waited for.
        while (await other.EndOfAsync("interactions") == half && !second.IsCompleted) await Task.Delay(1, Cancellation);
        await other.Process.KillAsync();
        await other.Process.StartAsync(Cancellation);
        var run = await second;
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"{half:N0} had been there", run.Output, StringComparison.Ordinal);
        Assert.Equal((await log.ReadAllAsync())["interactions"], (await other.ReadAllAsync())["interactions"]);
    }
}
