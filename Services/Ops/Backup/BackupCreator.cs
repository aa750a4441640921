using System.Diagnostics;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Backup;

/// <summary>Writes a backup: what the log has gained since the last one, or all of it.</summary>
internal sealed class BackupCreator(BackupDirectory directory, LogConnection log, TimeProvider time)
{
    /// <summary>Which kind is wanted.</summary>
    internal enum Kind
    {
        /// <summary>Incremental where there is a complete chain of this log, else full.</summary>
        Automatic,
        Full,
        Incremental,
    }

    /// <param name="Kind">Which kind.</param>
    /// <param name="Topics">Only these; empty = all of the log.</param>
    /// <param name="Groups">Consumer groups whose positions are kept.</param>
    /// <param name="Gzip">Compress the parts.</param>
    /// <param name="Region">Where the log is, for people.</param>
    internal sealed record Options(Kind Kind, IReadOnlyList<string> Topics, IReadOnlyList<string> Groups, bool Gzip, string Region);

    /// <summary>Called with one line where the backup is not what it would be in an ordinary case.</summary>
    public Action<string> Notice { get; init; } = Console.WriteLine;

    /// <summary>Makes the backup. It exists, durable, when this returns; else there is none.</summary>
    /// <exception cref="OpsException">The log does not answer, has lost records, or there is no base for an incremental backup.</exception>
    public async Task<BackupManifest> CreateAsync(Options options, CancellationToken cancellationToken)
    {
        DurableFiles.CreateFolder(directory.Path);
        using var exclusive = directory.Lock();
        var now = time.GetUtcNow();
        CheckClock(now);
        var info = await log.GetInfoAsync(cancellationToken);
        var chosen = info.Topics.Where(t => options.Topics.Count == 0 || options.Topics.Contains(t.Topic)).Select(t => t.Topic).ToList();
        // Before the ends: what a group has done about a record is then in the backup, too.
        var groups = await GroupsAsync(options.Groups, chosen, cancellationToken);
        info = await log.GetInfoAsync(cancellationToken);
        var ends = info.Topics.Where(t => chosen.Contains(t.Topic)).ToDictionary(t => t.Topic, t => t.NextOffset, StringComparer.Ordinal);
        var before = await FindBaseAsync(options.Kind, info, cancellationToken);
        var name = BackupManifest.NameAt(now, full: before is null);
        var folder = directory.FolderOf(name);
        if (Directory.Exists(folder)) throw new OpsException($"'{folder}' exists already");
        try
        {
            DurableFiles.CreateFolder(folder);
            var topics = await WriteAsync(folder, options.Gzip, before, ends, cancellationToken);
            var manifest = new BackupManifest(
                BackupManifest.KnownVersion, name, info.LogId, options.Region, now, before?.Name, before?.Digest, options.Gzip, topics, groups, "").Seal();
            DurableFiles.SyncFolder(folder);
            DurableFiles.Replace(System.IO.Path.Combine(folder, BackupManifest.FileName), manifest.ToJson());
            DurableFiles.SyncFolder(directory.Path);
            return manifest;
        }
        catch
        {
            // As good as it can be done now; prune does it otherwise.
            TryRemove(folder);
            throw;
        }
    }

    // Backups are ordered by their times. A clock that went back would make the newest one an older one.
    private void CheckClock(DateTimeOffset now)
    {
        if (directory.List().LastOrDefault(e => !e.IsUnfinished) is { } newest && string.CompareOrdinal(newest.Name, BackupManifest.NameAt(now, full: true)) >= 0)
            throw new OpsException($"the clock says {now:yyyy-MM-ddTHH:mm:ssZ}, which is before {newest.Name}: set the clock, or move that backup away");
    }

    private async Task<List<BackupManifest.Group>> GroupsAsync(IReadOnlyList<string> names, List<string> topics, CancellationToken cancellationToken)
    {
        var groups = new List<BackupManifest.Group>();
        foreach (var name in names)
        {
            foreach (var topic in topics)
            {
                var offset = await log.GetGroupOffsetAsync(name, topic, cancellationToken);
                if (offset > 0) groups.Add(new BackupManifest.Group(name, topic, offset));
            }
        }

        return groups;
    }

    private async Task<BackupManifest?> FindBaseAsync(Kind kind, LogInfo info, CancellationToken cancellationToken)
    {
        if (kind == Kind.Full) return null;
        var newest = directory.List().LastOrDefault(e => e.Manifest?.LogId == info.LogId)?.Manifest;
        if (newest is null)
            return kind == Kind.Automatic ? null : throw new OpsException($"there is no backup of the log {info.LogId} in '{directory.Path}' to go on from: make a full one");
        try
        {
            foreach (var manifest in directory.ChainOf(newest))
            {
                foreach (var topic in manifest.Topics) PartReader.CheckFile(directory.FolderOf(manifest.Name), manifest, topic, hash: false, cancellationToken);
            }
        }
        catch (OpsException e) when (kind == Kind.Automatic)
        {
            Notice($"a full backup, because the last one cannot be gone on from: {e.Message}");
            return null;
        }

        await CheckSameAsync(newest, info, cancellationToken);
        return newest;
    }

    // A log whose file was put back to an older state keeps its identity; what is written to it then has offsets that the backup knows otherwise.
    private async Task CheckSameAsync(BackupManifest newest, LogInfo info, CancellationToken cancellationToken)
    {
        foreach (var topic in newest.Topics.Where(t => t.EndOffset > 0))
        {
            var end = info.Topics.FirstOrDefault(t => t.Topic == topic.Name)?.NextOffset ?? 0;
            if (end < topic.EndOffset)
                throw new OpsException($"the log has lost records: '{topic.Name}' ends at {end}, {newest.Name} has it up to {topic.EndOffset}; restore it, or begin anew with --full");
            await foreach (var records in log.ReadAsync(topic.Name, topic.EndOffset - 1, topic.EndOffset, cancellationToken))
            {
                if (records[0].Record.EventId != topic.LastEventId)
                    throw new OpsException($"the log is not the one that {newest.Name} has: record {topic.EndOffset - 1} of '{topic.Name}' differs; restore it, or begin anew with --full");
            }
        }
    }

    private async Task<List<BackupManifest.Topic>> WriteAsync(
        string folder, bool gzip, BackupManifest? before, Dictionary<string, long> ends, CancellationToken cancellationToken)
    {
        // Topics that were left out this time keep their place in the chain.
        var known = before?.Topics.ToDictionary(t => t.Name, StringComparer.Ordinal) ?? [];
        var starts = known.Keys.Union(ends.Keys).Order(StringComparer.Ordinal).Select(t => (Name: t, First: known.GetValueOrDefault(t)?.EndOffset ?? 0)).ToList();
        var total = starts.Sum(t => ends.GetValueOrDefault(t.Name, t.First) - t.First);
        var topics = new List<BackupManifest.Topic>();
        await Steps.RunAsync("backup", async report =>
        {
            long done = 0;
            report(0, total);
            foreach (var (name, first) in starts)
            {
                var end = ends.GetValueOrDefault(name, first);
                var empty = new BackupManifest.Topic(name, first, end, end - first, 0, "", known.GetValueOrDefault(name)?.LastEventId ?? "");
                topics.Add(end == first ? empty : await WritePartAsync(folder, gzip, empty, n => report(done += n, total), cancellationToken));
            }
        });
        return topics;
    }

    private async Task<BackupManifest.Topic> WritePartAsync(string folder, bool gzip, BackupManifest.Topic topic, Action<int> report, CancellationToken cancellationToken)
    {
        var last = "";
        using var part = new PartWriter(System.IO.Path.Combine(folder, topic.Name + (gzip ? ".records.gz" : ".records")), gzip);
        await foreach (var records in log.ReadAsync(topic.Name, topic.FirstOffset, topic.EndOffset, cancellationToken))
        {
            foreach (var record in records) part.Write(record);
            last = records[^1].Record.EventId;
            report(records.Count);
        }

        var (bytes, sha256) = part.Finish();
        return topic with { Bytes = bytes, Sha256 = sha256, LastEventId = last };
    }

    private static void TryRemove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e);
        }
    }
}
