using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>
/// The catalogue's texts in memory, and the text model. The model is a snapshot of word frequencies taken at one offset of the
/// topic; the log remembers that offset for the group <c>text-model</c>, so that a replay takes the very same snapshot.
/// </summary>
public sealed class TextCatalogView(EventLogService.EventLogServiceClient log, TimeProvider time, ILogger<TextCatalogView> logger) : ILogView
{
    /// <summary>Group whose offset is where the model's snapshot was taken.</summary>
    public const string ModelGroup = "text-model";

    private readonly Lock _gate = new();
    private readonly CatalogTexts _texts = new();
    private volatile TextModel _model = TextModel.Uniform;
    private long _snapshotOffset = -1;
    private long _position;
    private long _lastChange;

    /// <inheritdoc/>
    public string Name => "text-catalog";

    /// <inheritdoc/>
    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Catalog];

    /// <summary>The model in force.</summary>
    public TextModel Model => _model;

    /// <summary>Documents the model was made from; 0 = there is none yet.</summary>
    public int ModelDocuments { get; private set; }

    /// <summary>How long the catalogue has not changed.</summary>
    public TimeSpan Quiet => time.GetElapsedTime(Interlocked.Read(ref _lastChange));

    /// <summary>Next offset to apply, and how many items there are.</summary>
    public (long Position, int Items) State
    {
        get
        {
            lock (_gate) return (_position, _texts.Count);
        }
    }

    /// <summary>Takes a new snapshot of the frequencies, as of now; the caller publishes it before it counts.</summary>
    public (TextModel Model, long Offset, int Documents) TakeSnapshot()
    {
        lock (_gate) return (_texts.BuildModel(_position), _position, _texts.Count);
    }

    /// <summary>Puts the snapshot at an offset in force, where the view stands just there; false otherwise.</summary>
    public bool UseSnapshotAt(long offset)
    {
        lock (_gate)
        {
            if (_position != offset) return false;
            Use(_texts.BuildModel(offset), offset, _texts.Count);
            return true;
        }
    }

    /// <summary>Puts a published snapshot in force.</summary>
    public void Use(TextModel model, long offset, int documents)
    {
        lock (_gate)
        {
            _model = model;
            _snapshotOffset = offset;
            ModelDocuments = documents;
        }
    }

    /// <summary>Items that changed at or after an offset, in the order of their ids, and the position up to which that is complete.</summary>
    public (List<Item> Items, long Position) ChangedSince(long offset)
    {
        lock (_gate)
        {
            return (_texts.ChangedSince(offset), _position);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken)
    {
        if (_snapshotOffset < 0)
        {
            var known = await log.GetOffsetAsync(new GetOffsetRequest { Group = ModelGroup, Topic = topic }, cancellationToken: cancellationToken);
            _snapshotOffset = known.Offset;
        }

        return _position;
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var stored in records)
            {
                Apply(stored);
                _position = stored.Offset + 1;
                if (_position == _snapshotOffset && ModelDocuments == 0) Use(_texts.BuildModel(_position), _position, _texts.Count);
            }
        }

        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _texts.Clear();
            _position = 0;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(_model.Version));
            foreach (var payload in _texts.Payloads) hash.AppendData(payload.Span);
            return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), _texts.Count));
        }
    }

    private void Apply(StoredRecord stored)
    {
        try
        {
            _texts.Apply(stored);
        }
        catch (InvalidProtocolBufferException e)
        {
            logger.LogWarning("record {Offset} of {Topic} cannot be read: {Reason}", stored.Offset, Topics[0], e.Message);
            ViewMetrics.Rejected(Name, Topics[0]);
        }
    }
}
