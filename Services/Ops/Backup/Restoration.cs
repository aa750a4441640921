using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Backup;

/// <summary>A verified backup goes into a log; a rehearsal then reads it back.</summary>
internal sealed class Restoration(BackupDirectory directory, LogConnection log, TimeProvider time)
{
    /// <summary>Verifies a chain, then restores it.</summary>
    /// <returns>One line about it.</returns>
    /// <exception cref="OpsException">The backup is damaged, or the log is not empty.</exception>
    public async Task<string> RestoreAsync(string? name, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var chain = await VerifiedAsync(name, cancellationToken);
        var (appended, found) = await new LogRestorer(log).RestoreAsync(chain, cancellationToken);
        return $"{chain.Last.Name}: restored, {appended:N0} records of {chain.Last.Topics.Count} topics in {time.GetElapsedTime(started).TotalSeconds:0.0} s{(found > 0 ? $"; {found:N0} had been there" : "")}";
    }

    /// <summary>Restores into an empty log, then compares number and digest of every topic's records as the log returns them.</summary>
    /// <returns>A line for each topic and one for the whole.</returns>
    /// <exception cref="OpsException">The backup cannot be restored, or what came out is not what went in.</exception>
    public async Task<IReadOnlyList<string>> RehearseAsync(string? name, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var chain = await VerifiedAsync(name, cancellationToken);
        var info = await log.GetInfoAsync(cancellationToken);
        if (info.LogId == chain.Last.LogId) throw new OpsException("a rehearsal goes into a log of its own: this is the one that the backup was made of");
        await new LogRestorer(log).RestoreAsync(chain, cancellationToken);
        var restoredIn = time.GetElapsedTime(started);
        var lines = await CompareAsync(chain, cancellationToken);
        return [.. lines, $"RESTORE OK: {chain.Last.Name}, {chain.Records:N0} records restored in {restoredIn.TotalSeconds:0.0} s, compared in {time.GetElapsedTime(started).TotalSeconds:0.0} s"];
    }

    private async Task<BackupChain> VerifiedAsync(string? name, CancellationToken cancellationToken)
    {
        var chain = new BackupChain(directory, directory.ChainOf(directory.Find(name)));
        await new BackupVerifier(directory).VerifyAsync(chain.Backups, cancellationToken);
        return chain;
    }

    private async Task<List<string>> CompareAsync(BackupChain chain, CancellationToken cancellationToken)
    {
        var ends = (await log.GetInfoAsync(cancellationToken)).Topics.ToDictionary(t => t.Topic, t => t.NextOffset, StringComparer.Ordinal);
        var lines = new List<string>();
        await Steps.RunAsync("comparing", async report =>
        {
            long done = 0;
            foreach (var topic in chain.Last.Topics)
            {
                if (ends.GetValueOrDefault(topic.Name) != topic.EndOffset)
                    throw new OpsException($"the restored '{topic.Name}' ends at {ends.GetValueOrDefault(topic.Name)}, the backup's at {topic.EndOffset}");
                using var expected = new RecordDigest();
                foreach (var stored in chain.Read(topic.Name)) expected.Add(stored);
                using var restored = new RecordDigest();
                await foreach (var records in log.ReadAsync(topic.Name, 0, topic.EndOffset, cancellationToken))
                {
                    foreach (var stored in records) restored.Add(stored);
                    report(done += records.Count, chain.Records);
                }

                var digest = expected.Finish();
                if (restored.Finish() != digest) throw new OpsException($"the restored '{topic.Name}' is not what the backup holds");
                lines.Add($"{digest}  {topic.Name}  {restored.Records} records");
            }
        });
        return lines;
    }
}
