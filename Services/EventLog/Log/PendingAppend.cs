using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Stores;

namespace RecoAspire.EventLog.Log;

/// <summary>Records that wait to be appended to one topic.</summary>
internal sealed class PendingAppend(string topic, EncodedRecords records) : PendingWrite<AppendResponse>
{
    private readonly AppendResponse _response = new();

    public string Topic => topic;

    public override int Records => records.Count;

    /// <summary>Records that had not been there before; known after <see cref="Apply"/>.</summary>
    public int NewRecords => _response.Offsets.Count - _response.Duplicates;

    public override int Bytes => records.Length;

    protected override AppendResponse Answer => _response;

    public override void Apply(LogFile file, long nowMs)
    {
        var table = file.FindOrCreate(topic)
            ?? throw new WriteRefusedException($"the log has {LogLimits.MaxTopics} topics and takes no more", retryable: false);
        for (var i = 0; i < records.Count; i++)
        {
            var (offset, duplicate) = table.Append(records.Hash(i), records.Bytes(i), nowMs);
            _response.Offsets.Add(offset);
            if (duplicate) _response.Duplicates++;
        }

        _response.NextOffset = table.UncommittedNextOffset;
    }
}
