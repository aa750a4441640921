using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Models;

/// <summary>
/// The models that are being served, out of the log: a trained model is nothing but its vectors in the topic <c>embeddings</c>,
/// and it is current from its publication on. Empty disks therefore give back the same model, not a newly trained one. The
/// previous version stays, for calls that began with it.
/// </summary>
public sealed class ModelsView(AlsOptions options, ILogger<ModelsView> logger) : ILogView
{
    /// <summary>Space of the collaborative model.</summary>
    public const string Collaborative = "collaborative";

    /// <summary>Space of the text vectors.</summary>
    public const string Text = "text";

    private readonly Dictionary<string, Dictionary<string, float[]>> _arriving = new(StringComparer.Ordinal);
    private volatile CollaborativeModel? _current;
    private volatile CollaborativeModel? _previous;
    private volatile ModelPublished? _text;
    private long _position;

    /// <inheritdoc/>
    public string Name => "models";

    /// <inheritdoc/>
    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Embeddings];

    /// <summary>The collaborative model; null before the first was trained.</summary>
    public CollaborativeModel? Current => _current;

    /// <summary>The last publication of text vectors; null before the first.</summary>
    public ModelPublished? TextPublication => _text;

    /// <summary>A served version: empty = the current one.</summary>
    public CollaborativeModel? Find(string version)
    {
        if (version.Length == 0) return _current;
        if (_current?.Version == version) return _current;
        return _previous?.Version == version ? _previous : null;
    }

    /// <summary>Everything that is served.</summary>
    public IEnumerable<Model> List()
    {
        if (_current is { } current) yield return Describe(current, isCurrent: true);
        if (_previous is { } previous) yield return Describe(previous, isCurrent: false);
        if (_text is { } text)
            yield return new Model { Space = Text, Version = text.ModelVersion, Dimensions = text.Dimensions, Items = text.Items, TrainedAtMs = text.TrainedAtMs, Current = true };
    }

    /// <inheritdoc/>
    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(_position);

    /// <inheritdoc/>
    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        foreach (var stored in records) Apply(stored);
        _position = records[^1].Offset + 1;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        // What is being served goes on being served until the replay has brought it back.
        _arriving.Clear();
        _position = 0;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        var text = string.Join('\n', List().Select(m => $"{m.Space}\t{m.Version}\t{m.Dimensions}\t{m.Items}\t{m.Interactions}"));
        return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), List().Count()));
    }

    private static Model Describe(CollaborativeModel model, bool isCurrent) => new()
    {
        Space = Collaborative,
        Version = model.Version,
        Dimensions = model.Dimensions,
        TrainedAtMs = model.TrainedAtMs,
        Interactions = model.Interactions,
        Items = model.Items,
        Current = isCurrent,
    };

    private void Apply(StoredRecord stored)
    {
        EmbeddingChange change;
        try
        {
            change = EmbeddingChange.Parser.ParseFrom(stored.Record.Payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            logger.LogWarning("record {Offset} of {Topic} cannot be read: {Reason}", stored.Offset, Topics[0], e.Message);
            ViewMetrics.Rejected(Name, Topics[0]);
            return;
        }

        if (change.ChangeCase == EmbeddingChange.ChangeOneofCase.Upsert && change.Upsert.Space == Collaborative) Collect(change.Upsert);
        else if (change.ChangeCase == EmbeddingChange.ChangeOneofCase.Published && change.Published.Space == Collaborative) Publish(change.Published);
        else if (change.ChangeCase == EmbeddingChange.ChangeOneofCase.Published && change.Published.Space == Text) _text = change.Published;
    }

    private void Collect(ItemVector item)
    {
        if (PackedVector.Unpack(item.Vector) is not { } vector)
        {
            ViewMetrics.Rejected(Name, Topics[0]);
            return;
        }

        if (!_arriving.TryGetValue(item.ModelVersion, out var vectors)) _arriving.Add(item.ModelVersion, vectors = new(StringComparer.Ordinal));
        vectors[item.ItemId] = vector;
    }

    private void Publish(ModelPublished published)
    {
        if (!_arriving.Remove(published.ModelVersion, out var vectors)) return;
        if (vectors.Count != published.Items || vectors.Values.Any(v => v.Length != published.Dimensions))
        {
            logger.LogError(
                "model {Version} is incomplete ({Count} of {Items} vectors); the old one goes on", published.ModelVersion, vectors.Count, published.Items);
            ViewMetrics.Rejected(Name, Topics[0]);
            return;
        }

        var model = new CollaborativeModel(published.ModelVersion, vectors, options, published.TrainedAtMs, published.Interactions);
        _previous?.Dispose();
        _previous = _current;
        _current = model;
        // Whatever an interrupted publication left behind will not be finished any more.
        _arriving.Clear();
        logger.LogInformation("serving model {Version}: {Items} items x {Dimensions}", model.Version, model.Items, model.Dimensions);
    }
}
