using System.Text.Json;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Ops.Backup;

namespace RecoAspire.Ops.Tests.Backup;

/// <summary>The commands as people and CronJobs start them, on real logs.</summary>
public sealed class BackupCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void AssertFails(string message, OpsProcess.Result run, int exitCode = 1)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, Assert.Single(Lines(run.Error)), StringComparison.Ordinal);
    }

    private static void AssertDone(OpsProcess.Result run) => Assert.Equal((0, ""), (run.ExitCode, run.Error));

    [Theory]
    [InlineData("gzip")]
    [InlineData("none")]
    public async Task A_full_and_two_incremental_backups_restore_to_an_equal_log(string compression)
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("interactions", 0, 12_000);
        await log.AppendAsync("catalog", 0, 300);
        AssertDone(await log.BackUpAsync(folder, "--compression", compression));
        await log.AppendAsync("interactions", 12_000, 1_500);
        await log.AppendAsync("embeddings", 0, 40);
        await log.Client.CommitOffsetAsync(new CommitOffsetRequest { Group = "text-model", Topic = "catalog", Offset = 250 }, cancellationToken: Cancellation);
        AssertDone(await log.BackUpAsync(folder, "--compression", compression));
        AssertDone(await log.BackUpAsync(folder, "--compression", compression));
        Assert.Equal(["full", "incr", "incr"], LiveLog.Names(folder).Select(n => n[^4..]));

        await using var other = await LiveLog.StartAsync();
        var run = await other.RestoreAsync(folder);
        AssertDone(run);
        Assert.Contains("restored, 13,840 records of 3 topics", run.Output, StringComparison.Ordinal);
        var (before, after) = (await log.ReadAllAsync(), await other.ReadAllAsync());
        Assert.Equal(["catalog", "embeddings", "interactions"], after.Keys.Order());
        foreach (var topic in before.Keys) Assert.Equal(before[topic], after[topic]);
        Assert.Equal(250, (await other.Client.GetOffsetAsync(new GetOffsetRequest { Group = "text-model", Topic = "catalog" }, cancellationToken: Cancellation)).Offset);

        var again = await other.RestoreAsync(folder);
        AssertDone(again);
        Assert.Contains("restored, 0 records of 3 topics", again.Output, StringComparison.Ordinal);
        Assert.Contains("13,840 had been there", again.Output, StringComparison.Ordinal);

        AssertDone(await OpsProcess.RunAsync(folder.Path, "backup", "verify", LiveLog.Folder(folder)));
        AssertDone(await OpsProcess.RunAsync(folder.Path, "backup", "verify", LiveLog.Folder(folder), "--latest"));
        AssertDone(await OpsProcess.RunAsync(folder.Path, "backup", "verify", LiveLog.Folder(folder), "--name", LiveLog.Names(folder)[0]));
    }

    [Fact]
    public async Task Backup_and_restore_of_200_MB_need_no_more_than_48_MB_of_heap()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        var payload = Google.Protobuf.ByteString.CopyFrom(new byte[100_000]);
        for (var chunk = 0; chunk < 67; chunk++)
        {
            var request = new AppendRequest { Topic = "interactions" };
            for (var n = 0; n < 30; n++) request.Records.Add(new Contracts.EventLog.V1.Record(LiveLog.Sample("interactions", (30 * chunk) + n)) { Payload = payload });
            await log.Client.AppendAsync(request, cancellationToken: Cancellation);
        }

        var bounded = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x3000000" };
        AssertDone(await OpsProcess.RunAsync(folder.Path, bounded, "backup", "create", "--to", LiveLog.Folder(folder), "--eventlog", log.Address, "--compression", "none"));
        await using var other = await LiveLog.StartAsync();
        AssertDone(await OpsProcess.RunAsync(folder.Path, bounded, "backup", "rehearse", LiveLog.Folder(folder), "--into", other.Address));
        Assert.Equal(2_010, await other.EndOfAsync("interactions"));
    }

    [Fact]
    public async Task A_clock_before_the_newest_backup_is_refused()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        using var connection = new LogConnection(log.Process.GrpcAddress, TimeProvider.System);
        var options = new BackupCreator.Options(BackupCreator.Kind.Automatic, [], [], true, "local");
        var at = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        BackupCreator Creator(DateTimeOffset now) => new(new BackupDirectory(LiveLog.Folder(folder)), connection, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now));
        Assert.Equal("backup-20260601T120000000Z-full", (await Creator(at).CreateAsync(options, Cancellation)).Name);
        var refused = await Assert.ThrowsAsync<OpsException>(() => Creator(at.AddMinutes(-1)).CreateAsync(options, Cancellation));
        Assert.Contains("which is before backup-20260601T120000000Z-full", refused.Message, StringComparison.Ordinal);
        Assert.Equal("backup-20260601T120000001Z-incr", (await Creator(at.AddMilliseconds(1)).CreateAsync(options, Cancellation)).Name);
    }

    [Fact]
    public async Task A_named_backup_restores_the_log_as_it_was_then()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 10);
        AssertDone(await log.BackUpAsync(folder));
        await log.AppendAsync("catalog", 10, 10);
        AssertDone(await log.BackUpAsync(folder));
        await using var other = await LiveLog.StartAsync();
        AssertDone(await other.RestoreAsync(folder, "--name", LiveLog.Names(folder)[0]));
        Assert.Equal(10, await other.EndOfAsync("catalog"));

        // What it has is the beginning of the newest one, so that goes on from there.
        AssertDone(await other.RestoreAsync(folder, "--latest"));
        Assert.Equal(20, await other.EndOfAsync("catalog"));
    }

    [Fact]
    public async Task Topics_that_are_left_out_follow_in_a_later_backup()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 10);
        await log.AppendAsync("interactions", 0, 20);
        AssertDone(await log.BackUpAsync(folder, "--topics", "catalog"));
        await log.AppendAsync("catalog", 10, 10);
        AssertDone(await log.BackUpAsync(folder, "--topics", "interactions"));
        AssertDone(await log.BackUpAsync(folder));
        await using var other = await LiveLog.StartAsync();
        AssertDone(await other.RestoreAsync(folder));
        Assert.Equal((20, 20), (await other.EndOfAsync("catalog"), await other.EndOfAsync("interactions")));
    }

    [Fact]
    public async Task A_log_with_other_records_is_refused_and_left_alone()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 10);
        AssertDone(await log.BackUpAsync(folder));

        await using var foreign = await LiveLog.StartAsync();
        await foreign.Client.AppendAsync(new AppendRequest { Topic = "catalog", Records = { LiveLog.Sample("catalog", 3) } }, cancellationToken: Cancellation);
        AssertFails("its record 0 of 'catalog' is not the backup's; nothing was written", await foreign.RestoreAsync(folder));
        Assert.Equal(1, await foreign.EndOfAsync("catalog"));

        await log.AppendAsync("catalog", 10, 1);
        AssertFails("its 'catalog' ends at 11, the backup's at 10", await log.RestoreAsync(folder));

        await using var stranger = await LiveLog.StartAsync();
        await stranger.AppendAsync("other", 0, 1);
        AssertFails("it has a topic 'other', which the backup has not", await stranger.RestoreAsync(folder));
        Assert.Equal(0, await stranger.EndOfAsync("catalog"));
    }

    [Fact]
    public async Task A_restore_notices_that_somebody_else_writes_to_the_log()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("a", 0, 150_000);
        await log.AppendAsync("z", 0, 10);
        AssertDone(await log.BackUpAsync(folder));
        await using var other = await LiveLog.StartAsync();
        var restoring = other.RestoreAsync(folder);
        // The log was looked at; the first topic, which is long, is on its way.
        while (await other.EndOfAsync("a") == 0 && !restoring.IsCompleted) await Task.Delay(1, Cancellation);
        await other.AppendAsync("z", 1_000, 1);
        AssertFails("somebody else writes to the log: a record of 'z' that has offset 0 in the backup got 1", await restoring);
    }

    [Fact]
    public async Task A_rehearsal_says_restore_ok_with_the_digest_of_every_topic()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 1_000);
        AssertDone(await log.BackUpAsync(folder));
        await using var scratch = await LiveLog.StartAsync();
        var run = await OpsProcess.RunAsync(folder.Path, "backup", "rehearse", LiveLog.Folder(folder), "--into", scratch.Address);
        AssertDone(run);
        var lines = Lines(run.Output);
        Assert.Matches("^[0-9a-f]{64}  catalog  1000 records$", lines[^2]);
        Assert.StartsWith($"RESTORE OK: {LiveLog.Names(folder)[0]}, 1,000 records restored in ", lines[^1], StringComparison.Ordinal);

        AssertFails("this is the one that the backup was made of", await OpsProcess.RunAsync(folder.Path, "backup", "rehearse", LiveLog.Folder(folder), "--into", log.Address));
    }

    [Fact]
    public async Task A_backup_of_another_log_is_a_full_one_and_never_an_incremental_one()
    {
        await using var first = await LiveLog.StartAsync();
        await using var second = await LiveLog.StartAsync();
        using var folder = new Scratch();
        AssertFails("to go on from: make a full one", await first.BackUpAsync(folder, "--incremental"));
        await first.AppendAsync("catalog", 0, 5);
        await second.AppendAsync("catalog", 100, 5);
        AssertDone(await first.BackUpAsync(folder));
        AssertFails("to go on from: make a full one", await second.BackUpAsync(folder, "--incremental"));
        AssertDone(await second.BackUpAsync(folder));
        AssertDone(await first.BackUpAsync(folder, "--incremental"));
        AssertDone(await first.BackUpAsync(folder, "--full"));
        Assert.Equal(["full", "full", "incr", "full"], LiveLog.Names(folder).Select(n => n[^4..]));
        AssertDone(await OpsProcess.RunAsync(folder.Path, "backup", "verify", LiveLog.Folder(folder)));
    }

    [Fact]
    public async Task A_log_that_was_put_back_to_an_older_state_is_not_gone_on_from()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 5);
        await log.Process.StopAsync();
        var file = Path.Combine(log.Process.DataDirectory, "log.db");
        var old = await File.ReadAllBytesAsync(file, Cancellation);
        await log.Process.StartAsync(Cancellation);
        await log.AppendAsync("catalog", 5, 5);
        AssertDone(await log.BackUpAsync(folder));
        await log.Process.StopAsync();
        foreach (var left in Directory.GetFiles(log.Process.DataDirectory, "log.db-*")) File.Delete(left);
        await File.WriteAllBytesAsync(file, old, Cancellation);
        await log.Process.StartAsync(Cancellation);
        AssertFails("the log has lost records: 'catalog' ends at 5,", await log.BackUpAsync(folder));
        await log.AppendAsync("catalog", 50, 5);
        AssertFails("record 9 of 'catalog' differs", await log.BackUpAsync(folder));
        Assert.Single(LiveLog.Names(folder));
        AssertDone(await log.BackUpAsync(folder, "--full"));
    }

    [Fact]
    public async Task List_and_gauges_tell_people_and_machines_what_is_there()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 5);
        AssertDone(await OpsProcess.RunAsync(
            folder.Path, new Dictionary<string, string> { ["services__eventlog__http__0"] = $"dns:///127.0.0.1:{log.Process.GrpcPort}", ["REGION"] = "montreal" },
            "backup", "create", "--to", LiveLog.Folder(folder)));
        var gauges = await File.ReadAllLinesAsync(Path.Combine(LiveLog.Folder(folder), "backup.prom"), Cancellation);
        Assert.Contains("reco_backup_records{store=\"log\"} 5", gauges);
        var at = double.Parse(gauges.Single(l => l.StartsWith("reco_backup_last_success_timestamp_seconds{", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(at, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);

        Directory.CreateDirectory(Path.Combine(LiveLog.Folder(folder), "backup-20200101T000000000Z-full"));
        using var json = JsonDocument.Parse((await OpsProcess.RunAsync(folder.Path, "backup", "list", LiveLog.Folder(folder), "--json")).Output);
        var entries = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(["unfinished", "complete"], entries.Select(e => e.GetProperty("state").GetString()));
        Assert.Equal(("montreal", 5), (entries[1].GetProperty("region").GetString(), entries[1].GetProperty("records").GetInt64()));
        Assert.Equal((await log.Client.GetInfoAsync(new GetInfoRequest(), cancellationToken: Cancellation)).LogId, entries[1].GetProperty("logId").GetString());
        var text = await OpsProcess.RunAsync(folder.Path, "backup", "list", LiveLog.Folder(folder));
        Assert.Equal("backup-20200101T000000000Z-full  never finished", Lines(text.Output)[0]);
    }

    [Fact]
    public async Task Prune_removes_what_is_old_and_unfinished_and_a_dry_run_only_says_so()
    {
        await using var log = await LiveLog.StartAsync();
        using var folder = new Scratch();
        await log.AppendAsync("catalog", 0, 5);
        AssertDone(await log.BackUpAsync(folder));
        Directory.CreateDirectory(Path.Combine(LiveLog.Folder(folder), "backup-20200101T000000000Z-full"));
        Directory.CreateDirectory(Path.Combine(LiveLog.Folder(folder), "not-a-backup"));
        var dry = await OpsProcess.RunAsync(folder.Path, "backup", "prune", LiveLog.Folder(folder), "--keep", "30d", "--dry-run");
        AssertDone(dry);
        Assert.Contains("backup-20200101T000000000Z-full: would be removed\n1 backups stay", dry.Output, StringComparison.Ordinal);
        Assert.Equal(3, LiveLog.Names(folder).Count);
        AssertDone(await OpsProcess.RunAsync(folder.Path, "backup", "prune", LiveLog.Folder(folder)));
        Assert.Equal(["full", "ckup"], LiveLog.Names(folder).Select(n => n[^4..]));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("create", "--to", "x", "--full", "--incremental", "--eventlog", "http://127.0.0.1:1")]
    [InlineData("create", "--to", "x", "--compression", "zip")]
    [InlineData("create", "--to", "x", "--eventlog", "127.0.0.1:1")]
    [InlineData("create", "--to", "x", "--eventlog", "http://127.0.0.1:1", "--topics", "Ünknown")]
    [InlineData("list", "nowhere")]
    [InlineData("verify", "nowhere")]
    [InlineData("verify", ".", "--name", "../x")]
    [InlineData("verify", ".", "--name", "backup-20200101T000000000Z-full", "--latest")]
    [InlineData("prune", ".", "--keep", "soon")]
    [InlineData("restore", ".")]
    [InlineData("rehearse", ".")]
    public async Task A_wrong_call_is_one_line_and_exit_code_2(params string[] command)
    {
        using var scratch = new Scratch();
        var run = await OpsProcess.RunAsync(scratch.Path, ["backup", .. command]);
        AssertFails("error: ", run, exitCode: 2);
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_one_line_and_nothing_is_made()
    {
        using var scratch = new Scratch();
        AssertFails("the log at http://127.0.0.1:1/ does not answer", await OpsProcess.RunAsync(scratch.Path, "backup", "create", "--to", "b", "--eventlog", "http://127.0.0.1:1"));
        Assert.Empty(Directory.GetDirectories(Path.Combine(scratch.Path, "b")));
        AssertFails("no event log was found", await OpsProcess.RunAsync(scratch.Path, "backup", "create", "--to", "b"));
        AssertFails("there is no backup in", await OpsProcess.RunAsync(scratch.Path, "backup", "verify", "b"));
    }
}
