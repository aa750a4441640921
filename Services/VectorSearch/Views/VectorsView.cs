using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Stores;

namespace RecoAspire.VectorSearch.Views;

/// <summary>
/// The view <c>vectors</c> of the topics <c>embeddings</c> and <c>catalog</c>. The state of each topic depends on that
/// topic alone, so it does not matter how their batches interleave.
/// </summary>
internal sealed class VectorsView : ILogView, IDisposable
{
    private readonly SqliteVectorStore _store;
    private readonly ILogger<VectorsView> _logger;
    private VectorContent _content;
    private SearchState _state;
    private bool _inDoubt;

    public VectorsView(SqliteVectorStore store, ILogger<VectorsView> logger)
    {
        (_store, _logger) = (store, logger);
        _content = VectorContent.Load(store);
        _state = _content.Publish();
    }

    public string Name => "vectors";

    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Embeddings, ServiceDefaults.Views.Topics.Catalog];

    /// <summary>What searches read.</summary>
    public SearchState State => Volatile.Read(ref _state);

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
                if (Apply(topic, record.Record) is { } reason) Reject(topic, record, reason);
                position = record.Offset + 1;
            }

            _content.SaveVersions();
            _store.SetPosition(topic, position);
            _store.Commit();
        }
        catch
        {
            _store.Rollback();
            throw;
        }

        Volatile.Write(ref _state, _content.Publish());
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

    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        ReloadIfInDoubt();
        return ValueTask.FromResult(ContentDigest.Of(State, _store));
    }

    public void Dispose() => _store.Dispose();

    private string? Apply(string topic, Record record)
    {
        try
        {
            return topic == ServiceDefaults.Views.Topics.Embeddings
                ? _content.Apply(EmbeddingChange.Parser.ParseFrom(record.Payload))
                : _content.Apply(CatalogChange.Parser.ParseFrom(record.Payload));
        }
        catch (InvalidProtocolBufferException)
        {
            return "is no readable message";
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
        _content = VectorContent.Load(_store);
        Volatile.Write(ref _state, _content.Publish());
        _inDoubt = false;
    }
}
