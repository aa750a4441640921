using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Log;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.EventLog.Stores;

/// <summary>One reading connection. One user at a time.</summary>
internal sealed class LogReader(string path) : IDisposable
{
    private const int CacheBytes = 2 * 1024 * 1024;
    private readonly SqliteDatabase _database = SqliteDatabase.OpenReader(path, CacheBytes);
    private readonly Dictionary<int, SqliteStatement> _ranges = [];

    /// <summary>Records from an offset in order, cut by number and at 1 MiB, one at least if there is one before <paramref name="endOffset"/>.</summary>
    /// <exception cref="InvalidDataException">A record is missing or altered.</exception>
    public TailBatch Read(TopicTable topic, long fromOffset, long endOffset, int maxRecords)
    {
        if (!_ranges.TryGetValue(topic.Id, out var range))
        {
            range = _database.Prepare(
                $"SELECT record_offset, appended_at_ms, checksum, record FROM records_{topic.Id} WHERE record_offset >= ?1 AND record_offset < ?2 ORDER BY record_offset");
            _ranges.Add(topic.Id, range);
        }

        var batch = new TailBatch { EndOffset = endOffset };
        var bytes = 0;
        try
        {
            range.Bind(1, fromOffset).Bind(2, Math.Min(endOffset, fromOffset + maxRecords));
            while (bytes < LogLimits.MaxBatchBytes && range.Step())
            {
                var record = range.GetBlob(3);
                if (bytes > 0 && bytes + record.Length > LogLimits.MaxBatchBytes) break;
                bytes += record.Length;
                batch.Records.Add(Check(topic, fromOffset + batch.Records.Count, range.GetInt64(0), range.GetInt64(1), range.GetInt64(2), record));
            }
        }
        finally
        {
            range.Reset();
        }

        if (batch.Records.Count == 0 && fromOffset < endOffset) throw Damaged(topic, fromOffset);
        return batch;
    }

    public long GroupOffset(string group, string topic)
    {
        using var find = _database.Prepare("SELECT next_offset FROM group_offsets WHERE consumer_group = ?1 AND topic = ?2");
        return find.Bind(1, group).Bind(2, topic).Scalar() ?? 0;
    }

    public void Dispose()
    {
        foreach (var range in _ranges.Values) range.Dispose();
        _database.Dispose();
    }

    private static StoredRecord Check(TopicTable topic, long expected, long offset, long appendedAtMs, long checksum, ReadOnlySpan<byte> record)
    {
        if (offset != expected || RecordChecksum.Of(offset, appendedAtMs, record) != checksum) throw Damaged(topic, expected);
        return new StoredRecord { Offset = offset, AppendedAtMs = appendedAtMs, Record = Record.Parser.ParseFrom(record) };
    }

    private static InvalidDataException Damaged(TopicTable topic, long offset) =>
        new($"the log is damaged: record {offset} of topic '{topic.Name}' is missing or altered");
}
