using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.ServiceDefaults.Signals;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Training;

/// <summary>
/// What the collaborative model learns from: one entry per viewer and item with the strongest weight, in memory (about 8 bytes an
/// entry). A title that was disliked or hidden is no evidence of taste, whatever was watched of it.
/// </summary>
public sealed class TrainingDataView(TimeProvider time, ILogger<TrainingDataView> logger) : ILogView
{
    private const float Refused = -1f;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _itemNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _viewerNumbers = new(StringComparer.Ordinal);
    private readonly List<string> _items = [];
    private readonly List<Row> _rows = [];
    private long _position;
    private long _lastChange;

    /// <inheritdoc/>
    public string Name => "training-data";

    /// <inheritdoc/>
    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Interactions];

    /// <summary>Entries that training would use.</summary>
    public long Entries { get; private set; }

    /// <summary>How long nothing has changed.</summary>
    public TimeSpan Quiet => time.GetElapsedTime(Interlocked.Read(ref _lastChange));

    /// <summary>A copy for training: viewers without entries and items without viewers are left out.</summary>
    public (Interactions ByViewer, string[] ItemIds) Snapshot()
    {
        lock (_gate)
        {
            var used = new int[_items.Count];
            Array.Fill(used, -1);
            var ids = new List<string>();
            var rows = new List<(ReadOnlyMemory<int>, ReadOnlyMemory<float>)>(_rows.Count);
            foreach (var row in _rows)
            {
                var columns = new List<int>(row.Count);
                var weights = new List<float>(row.Count);
                for (var e = 0; e < row.Count; e++)
                {
                    if (row.Weights[e] <= 0) continue;
                    var item = row.Items[e];
                    if (used[item] < 0)
                    {
                        used[item] = ids.Count;
                        ids.Add(_items[item]);
                    }

                    columns.Add(used[item]);
                    weights.Add(row.Weights[e]);
                }

                if (columns.Count > 0) rows.Add((columns.ToArray(), weights.ToArray()));
            }

            return (Interactions.FromRows(rows, ids.Count), [.. ids]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(_position);

    /// <inheritdoc/>
    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var stored in records) Apply(stored);
            _position = records[^1].Offset + 1;
        }

        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _itemNumbers.Clear();
            _viewerNumbers.Clear();
            _items.Clear();
            _rows.Clear();
            _position = 0;
            Entries = 0;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> number = stackalloc byte[4];
            foreach (var (viewer, at) in _viewerNumbers.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(viewer + "\n"));
                var row = _rows[at];
                foreach (var e in Enumerable.Range(0, row.Count).OrderBy(e => _items[row.Items[e]], StringComparer.Ordinal))
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(_items[row.Items[e]] + "\n"));
                    BinaryPrimitives.WriteSingleLittleEndian(number, row.Weights[e]);
                    hash.AppendData(number);
                }
            }

            return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), Entries));
        }
    }

    private void Apply(StoredRecord stored)
    {
        Interaction interaction;
        try
        {
            interaction = Interaction.Parser.ParseFrom(stored.Record.Payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            logger.LogWarning("record {Offset} of {Topic} cannot be read: {Reason}", stored.Offset, Topics[0], e.Message);
            ViewMetrics.Rejected(Name, Topics[0]);
            return;
        }

        var refuses = interaction.Kind is InteractionKind.Dislike or InteractionKind.Hide;
        var weight = refuses
            ? Refused
            : WatchWeights.Of(interaction.Kind, interaction.PositionSeconds, interaction.DurationSeconds, interaction.Rating);
        if (weight == 0 || interaction.ViewerId.Length == 0 || interaction.ItemId.Length == 0) return;

        var row = RowOf(interaction.ViewerId);
        var before = row.WeightOf(NumberOf(interaction.ItemId), out var at);
        if (before == Refused || (!refuses && before >= weight)) return;
        row.Set(at, NumberOf(interaction.ItemId), weight);
        Entries += (weight > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
    }

    private Row RowOf(string viewerId)
    {
        if (_viewerNumbers.TryGetValue(viewerId, out var at)) return _rows[at];
        _viewerNumbers.Add(viewerId, _rows.Count);
        var row = new Row();
        _rows.Add(row);
        return row;
    }

    private int NumberOf(string itemId)
    {
        if (_itemNumbers.TryGetValue(itemId, out var number)) return number;
        number = _items.Count;
        _itemNumbers.Add(itemId, number);
        _items.Add(itemId);
        return number;
    }

    private sealed class Row
    {
        public int[] Items { get; private set; } = [];

        public float[] Weights { get; private set; } = [];

        public int Count { get; private set; }

        public float WeightOf(int item, out int at)
        {
            at = Items.AsSpan(0, Count).IndexOf(item);
            return at < 0 ? 0 : Weights[at];
        }

        public void Set(int at, int item, float weight)
        {
            if (at < 0)
            {
                if (Count == Items.Length)
                {
                    var size = Math.Max(4, Count + (Count / 4) + 1);
                    var (items, weights) = (Items, Weights);
                    Array.Resize(ref items, size);
                    Array.Resize(ref weights, size);
                    (Items, Weights) = (items, weights);
                }

                at = Count++;
            }

            Items[at] = item;
            Weights[at] = weight;
        }
    }
}
