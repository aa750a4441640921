using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Graph.Stores;
using RecoAspire.Graph.Structure;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Graph.Views;

/// <summary>The view <c>graph</c> of the topic <c>catalog</c>: kept in SQLite, searched in memory.</summary>
internal sealed class GraphView : ILogView, IDisposable
{
    private readonly SqliteItemStore _store;
    private readonly ILogger<GraphView> _logger;
    private MediaGraph _graph;
    private GraphSnapshot _snapshot;
    private bool _inDoubt;

    public GraphView(SqliteItemStore store, ILogger<GraphView> logger)
    {
        (_store, _logger) = (store, logger);
        _graph = Load();
        _snapshot = _graph.Publish();
    }

    public string Name => "graph";

    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Catalog];

    /// <summary>What readers use.</summary>
    public GraphSnapshot Snapshot => Volatile.Read(ref _snapshot);

    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken)
    {
        ReloadIfInDoubt();
        return ValueTask.FromResult(_store.GetPosition(topic));
    }

    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        ReloadIfInDoubt();
        _inDoubt = true;
        _store.Begin();
        try
        {
            var position = _store.GetPosition(topic);
            foreach (var record in records)
            {
                if (record.Offset < position) continue;
                if (Apply(record.Record) is { } reason) Reject(topic, record, reason);
                position = record.Offset + 1;
            }

            SaveLabels();
            _store.SetPosition(topic, position);
            _store.Commit();
        }
        catch
        {
            _store.Rollback();
            throw;
        }

        Volatile.Write(ref _snapshot, _graph.Publish());
        _inDoubt = false;
        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        _store.Begin();
        try
        {
            _store.Clear();
            _store.Commit();
        }
        catch
        {
            _store.Rollback();
            throw;
        }

        _inDoubt = true;
        ReloadIfInDoubt();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Over the items in the order of their ids. Labels are left out: which spelling of a name came first depends on the
    /// order of arrival.
    /// </summary>
    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var entries = 0L;
        Span<byte> length = stackalloc byte[4];
        foreach (var (_, item) in _store.ReadItems())
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, item.Length);
            hash.AppendData(length);
            hash.AppendData(item);
            entries++;
        }

        return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), entries));
    }

    public void Dispose() => _store.Dispose();

    private string? Apply(Record record)
    {
        try
        {
            return Apply(CatalogChange.Parser.ParseFrom(record.Payload));
        }
        catch (InvalidProtocolBufferException)
        {
            return "is no readable message";
        }
    }

    private string? Apply(CatalogChange change)
    {
        if (change.ChangeCase == CatalogChange.ChangeOneofCase.RemovedItemId)
        {
            if (_graph.Remove(change.RemovedItemId)) _store.DeleteItem(change.RemovedItemId);
            return null;
        }

        if (change.ChangeCase != CatalogChange.ChangeOneofCase.Upsert) return "says nothing";
        if (ItemLinks.Check(change.Upsert) is { } problem) return problem;
        var item = ItemLinks.Trim(change.Upsert);
        _graph.Upsert(item);
        _store.PutItem(item.Id, item.ToByteArray());
        return null;
    }

    private void SaveLabels()
    {
        foreach (var (type, key, label) in _graph.TakeChangedNodes())
        {
            if (label is null) _store.DeleteNode(type, key);
            else _store.PutNode(type, key, label);
        }
    }

    private void Reject(string topic, StoredRecord record, string reason)
    {
        ViewMetrics.Rejected(Name, topic);
        _logger.LogWarning("skipped {Topic} {Offset}: {Reason}", topic, record.Offset, reason);
    }

    // A batch that failed half-way has left memory ahead of the file; the file is what counts.
    private void ReloadIfInDoubt()
    {
        if (!_inDoubt) return;
        _graph = Load();
        Volatile.Write(ref _snapshot, _graph.Publish());
        _inDoubt = false;
    }

    private MediaGraph Load()
    {
        var graph = new MediaGraph();
        foreach (var (type, key, label) in _store.ReadNodes()) graph.RestoreNode(type, key, label);
        foreach (var (_, item) in _store.ReadItems()) graph.Upsert(Item.Parser.ParseFrom(item));
        return graph;
    }
}
