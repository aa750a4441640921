using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Backup;

/// <summary>
/// Puts a backup into an empty log. A restore that was interrupted goes on: what the log has must be the beginning of the backup, record for
/// record, and is left as it is.
/// </summary>
internal sealed class LogRestorer(LogConnection log)
{
    private const int MaxAppendRecords = 1_000;
    private const int MaxAppendBytes = 1024 * 1024;

    /// <returns>How many records were appended, and how many had been there.</returns>
    /// <exception cref="OpsException">The log has other records, or somebody else writes to it.</exception>
    public async Task<(long Appended, long Found)> RestoreAsync(BackupChain chain, CancellationToken cancellationToken)
    {
        var info = await log.GetInfoAsync(cancellationToken);
        // Everything is looked at before anything is written.
        foreach (var topic in info.Topics) await CheckIsBeginningAsync(chain, topic, cancellationToken);
        var found = info.Topics.ToDictionary(t => t.Topic, t => t.NextOffset, StringComparer.Ordinal);
        long appended = 0;
        await Steps.RunAsync("restoring", async report =>
        {
            var total = chain.Records - found.Values.Sum();
            report(0, total);
            foreach (var topic in chain.Last.Topics)
            {
                await AppendAsync(chain, topic.Name, found.GetValueOrDefault(topic.Name), n => report(appended += n, total), cancellationToken);
            }
        });
        foreach (var group in chain.Last.Groups) await log.CommitGroupOffsetAsync(group.Name, group.Topic, group.Offset, cancellationToken);
        return (appended, found.Values.Sum());
    }

    private async Task CheckIsBeginningAsync(BackupChain chain, TopicInfo topic, CancellationToken cancellationToken)
    {
        if (topic.NextOffset == 0) return;
        var backup = chain.Last.Topics.FirstOrDefault(t => t.Name == topic.Topic);
        if (backup is null) throw NotEmpty($"it has a topic '{topic.Topic}', which the backup has not");
        if (topic.NextOffset > backup.EndOffset) throw NotEmpty($"its '{topic.Topic}' ends at {topic.NextOffset}, the backup's at {backup.EndOffset}");
        using var expected = chain.Read(topic.Topic).GetEnumerator();
        await foreach (var records in log.ReadAsync(topic.Topic, 0, topic.NextOffset, cancellationToken))
        {
            foreach (var stored in records)
            {
                if (!expected.MoveNext() || !expected.Current.Record.Equals(stored.Record)) throw NotEmpty($"its record {stored.Offset} of '{topic.Topic}' is not the backup's");
            }
        }
    }

    private async Task AppendAsync(BackupChain chain, string topic, long from, Action<int> report, CancellationToken cancellationToken)
    {
        var request = new AppendRequest { Topic = topic };
        var (next, bytes) = (from, 0);
        foreach (var stored in chain.Read(topic).SkipWhile(r => r.Offset < from))
        {
            var size = stored.Record.CalculateSize();
            if (request.Records.Count == MaxAppendRecords || (request.Records.Count > 0 && bytes + size > MaxAppendBytes))
            {
                next = await SendAsync(request, next, report, cancellationToken);
                bytes = 0;
            }

            request.Records.Add(stored.Record);
            bytes += size;
        }

        if (request.Records.Count > 0) await SendAsync(request, next, report, cancellationToken);
    }

    private async Task<long> SendAsync(AppendRequest request, long expected, Action<int> report, CancellationToken cancellationToken)
    {
        var response = await log.AppendAsync(request, cancellationToken);
        foreach (var offset in response.Offsets)
        {
            if (offset != expected++)
                throw new OpsException($"somebody else writes to the log: a record of '{request.Topic}' that has offset {expected - 1} in the backup got {offset}; stop the services, empty the log and restore again");
        }

        report(request.Records.Count);
        request.Records.Clear();
        return expected;
    }

    private static OpsException NotEmpty(string reason) => new($"the log is not empty, and not this backup half restored: {reason}; nothing was written");
}
