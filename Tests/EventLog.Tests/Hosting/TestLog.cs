using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Log;
using RecoAspire.EventLog.Stores;

namespace RecoAspire.EventLog.Tests;

/// <summary>The log without its gRPC face, in a folder of its own. It can be closed and opened again.</summary>
internal sealed class TestLog : IDisposable
{
    private readonly int _freezeIdsAt;
    private readonly TimeProvider _time;

    public TestLog(int freezeIdsAt = 65_536, TimeProvider? time = null, long maxBytes = 0)
    {
        MaxBytes = maxBytes;
        _freezeIdsAt = freezeIdsAt;
        _time = time ?? TimeProvider.System;
        Open();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("reco-log-").FullName;

    /// <summary>Bound of the file from the next opening on: a disk that fills and is emptied.</summary>
    public long MaxBytes { get; set; }

    public LogFile File { get; private set; } = null!;

    public GroupCommit Writer { get; private set; } = null!;

    public CommitSignal Signal { get; } = new();

    public void Reopen()
    {
        Close();
        Open();
    }

    public void Close()
    {
        Writer.Dispose();
        File.Dispose();
    }

    public Task<AppendResponse> AppendAsync(string topic, params IEnumerable<string> ids) =>
        Writer.WriteAsync(new PendingAppend(topic, EncodedRecords.Encode(TestRecords.Append(topic, ids).Records)));

    public List<StoredRecord> ReadAll(string topic, int maxRecords = 1_000)
    {
        using var reader = new LogReader(File.Path);
        var records = new List<StoredRecord>();
        if (File.Find(topic) is not { } table) return records;
        while (records.Count < table.NextOffset) records.AddRange(reader.Read(table, records.Count, table.NextOffset, maxRecords).Records);
        return records;
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(Folder, recursive: true);
    }

    private void Open()
    {
        File = LogFile.Open(Folder, _time, _freezeIdsAt, MaxBytes);
        Writer = new GroupCommit(File, Signal, _time, NullLogger<GroupCommit>.Instance);
    }
}
