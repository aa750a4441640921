using CsCheck;
using RecoAspire.Ops.Backup;

namespace RecoAspire.Ops.Tests.Backup;

/// <summary>A backup that is not what was written is refused, with one line that says where.</summary>
public sealed class BackupDamageTests : IAsyncLifetime
{
    private readonly Scratch _folder = new();
    private LiveLog _log = null!;

    private string Full => LiveLog.Names(_folder)[0];

    private string Incremental => LiveLog.Names(_folder)[1];

    public async ValueTask InitializeAsync()
    {
        _log = await LiveLog.StartAsync();
        await _log.AppendAsync("catalog", 0, 200);
        await _log.AppendAsync("interactions", 0, 3_000);
        Assert.Equal(0, (await _log.BackUpAsync(_folder)).ExitCode);
        await _log.AppendAsync("interactions", 3_000, 500);
        Assert.Equal(0, (await _log.BackUpAsync(_folder)).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    private string Of(string backup, string file) => Path.Combine(LiveLog.Folder(_folder), backup, file);

    // Verify says it, and restore says it before it has written anything.
    private async Task AssertRefusedAsync(string message)
    {
        var verify = await OpsProcess.RunAsync(_folder.Path, "backup", "verify", LiveLog.Folder(_folder), "--latest");
        Assert.Equal(1, verify.ExitCode);
        Assert.Contains(message, Assert.Single(verify.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await using var other = await LiveLog.StartAsync();
        var restore = await other.RestoreAsync(_folder);
        Assert.Equal((1, verify.Error), (restore.ExitCode, restore.Error));
        Assert.Empty(await other.ReadAllAsync());
    }

    private static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    [Fact]
    public async Task A_flipped_byte()
    {
        Change(Of(Full, "interactions.records.gz"), bytes =>
        {
            bytes[bytes.Length / 2] ^= 4;
            return bytes;
        });
        await AssertRefusedAsync($"{Full} is damaged: the part of 'interactions' was altered");
    }

    [Fact]
    public async Task A_truncated_part()
    {
        Change(Of(Full, "interactions.records.gz"), bytes => bytes[..^100]);
        await AssertRefusedAsync($"{Full} is damaged: the part of 'interactions' has ");
    }

    [Fact]
    public async Task A_missing_part()
    {
        File.Delete(Of(Full, "catalog.records.gz"));
        await AssertRefusedAsync($"{Full} is damaged: the part of 'catalog' is missing");
    }

    [Fact]
    public async Task A_missing_base()
    {
        var (full, incremental) = (Full, Incremental);
        Directory.Delete(Of(full, ""), recursive: true);
        await AssertRefusedAsync($"{incremental} needs {full}, which is missing");
    }

    [Fact]
    public async Task A_base_of_another_log()
    {
        var manifest = BackupManifest.Parse(await File.ReadAllBytesAsync(Of(Full, BackupManifest.FileName), TestContext.Current.CancellationToken), Full);
        Change(Of(Full, BackupManifest.FileName), _ => (manifest with { LogId = "foreign" }).Seal().ToJson());
        await AssertRefusedAsync($"its base {Full} of the log foreign");
    }

    [Fact]
    public async Task Another_base_than_the_one_that_was_there()
    {
        var manifest = BackupManifest.Parse(await File.ReadAllBytesAsync(Of(Full, BackupManifest.FileName), TestContext.Current.CancellationToken), Full);
        Change(Of(Full, BackupManifest.FileName), _ => (manifest with { Region = "elsewhere" }).Seal().ToJson());
        await AssertRefusedAsync($"{Incremental} was made after another {Full} than the one that is here");
    }

    [Fact]
    public async Task An_altered_manifest()
    {
        Change(Of(Incremental, BackupManifest.FileName), bytes => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(bytes).Replace("\"endOffset\": 3500", "\"endOffset\": 3400", StringComparison.Ordinal)));
        await AssertRefusedAsync($"{Incremental} is damaged: its manifest was altered");
    }

    [Fact]
    public async Task A_manifest_of_a_later_version()
    {
        Change(Of(Incremental, BackupManifest.FileName), bytes => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(bytes).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal)));
        await AssertRefusedAsync($"{Incremental} is of version 2; this tool knows version 1");
    }

    [Fact]
    public async Task After_damage_the_next_backup_is_a_full_one_and_prune_keeps_the_newest_chain_that_can_be_restored()
    {
        Change(Of(Incremental, "interactions.records.gz"), bytes => bytes[..^1]);
        // Everything is old enough, and yet the full one stays: it is the newest that can be restored.
        var pruner = new BackupPruner(new BackupDirectory(LiveLog.Folder(_folder)), new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(400)));
        var (full, incremental) = (Full, Incremental);
        await pruner.PruneAsync(TimeSpan.FromDays(30), dryRun: false, TestContext.Current.CancellationToken);
        Assert.Equal([full], LiveLog.Names(_folder));
        Assert.NotEqual(full, incremental);

        Change(Of(full, "interactions.records.gz"), bytes => bytes[..^1]);
        var refused = await Assert.ThrowsAsync<OpsException>(() => pruner.PruneAsync(TimeSpan.FromDays(30), dryRun: false, TestContext.Current.CancellationToken));
        Assert.Contains("can be restored, so none is removed", refused.Message, StringComparison.Ordinal);
        Assert.Equal([full], LiveLog.Names(_folder));

        var next = await _log.BackUpAsync(_folder);
        Assert.Equal(0, next.ExitCode);
        Assert.Contains("a full backup, because the last one cannot be gone on from:", next.Output, StringComparison.Ordinal);
        Assert.EndsWith("-full", LiveLog.Names(_folder)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void No_byte_of_a_chain_can_be_changed_unseen()
    {
        var directory = new BackupDirectory(LiveLog.Folder(_folder));
        var files = Directory.GetFiles(directory.Path, "*", SearchOption.AllDirectories).Where(f => f.Contains("backup-20", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(5, files.Length);
        (from file in Gen.Int[0, files.Length - 1].Select(i => files[i])
         from position in Gen.Double[0, 0.999999]
         from flip in Gen.Int[1, 255]
         select (file, position, flip)).Sample(
            change =>
            {
                var bytes = File.ReadAllBytes(change.file);
                var altered = (byte[])bytes.Clone();
                altered[(int)(change.position * bytes.Length)] ^= (byte)change.flip;
                File.WriteAllBytes(change.file, altered);
                try
                {
                    Assert.True(IsRefused(directory, change.file) || MeansTheSame(bytes, altered), $"{change}");
                }
                finally
                {
                    File.WriteAllBytes(change.file, bytes);
                }
            },
            iter: 300, threads: 1);
    }

    private static bool IsRefused(BackupDirectory directory, string changed)
    {
        try
        {
            foreach (var manifest in directory.ChainOf(directory.Find(null)))
            {
                foreach (var topic in manifest.Topics) PartReader.CheckFile(directory.FolderOf(manifest.Name), manifest, topic, hash: true, TestContext.Current.CancellationToken);
            }

            return false;
        }
        catch (OpsException)
        {
            // What reads the records refuses or returns; it never fails in another way.
            foreach (var entry in directory.List().Where(e => e.Manifest is not null && changed.Contains(e.Name, StringComparison.Ordinal)))
            {
                foreach (var topic in entry.Manifest!.Topics) ReadOrRefuse(directory, entry.Manifest, topic);
            }

            return true;
        }
    }

    private static void ReadOrRefuse(BackupDirectory directory, BackupManifest manifest, BackupManifest.Topic topic)
    {
        try
        {
            Assert.Equal(topic.Records, PartReader.Read(directory.FolderOf(manifest.Name), manifest, topic).Count());
        }
        catch (OpsException)
        {
        }
    }

    // A space that became a line feed.
    private static bool MeansTheSame(byte[] manifest, byte[] altered)
    {
        try
        {
            return System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(manifest), System.Text.Json.Nodes.JsonNode.Parse(altered));
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
