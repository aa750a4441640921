using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Catalog;

/// <summary>The catalogue in memory, by ordinal. Readers take a snapshot of the array and never wait.</summary>
public sealed class CatalogView(ItemOrdinals ordinals, ILogger<CatalogView> logger) : ILogView
{
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private volatile CatalogItem?[] _items = new CatalogItem?[1024];
    private long _position;
    private int _count;
    private int _version;

    /// <inheritdoc/>
    public string Name => "gateway-catalog";

    /// <inheritdoc/>
    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Catalog];

    /// <summary>How many items there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Moves with every change.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>The items by ordinal; null where an id is known from events only or was removed.</summary>
    public ReadOnlySpan<CatalogItem?> Items => _items;

    /// <summary>The item of an ordinal, or null.</summary>
    public CatalogItem? Find(int ordinal)
    {
        var items = _items;
        return (uint)ordinal < (uint)items.Length ? items[ordinal] : null;
    }

    /// <summary>The item of an id, or null.</summary>
    public CatalogItem? Find(string id) => ordinals.TryGet(id, out var ordinal) ? Find(ordinal) : null;

    /// <inheritdoc/>
    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(_position);

    /// <inheritdoc/>
    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        foreach (var stored in records) Apply(topic, stored);
        _position = records[^1].Offset + 1;
        Interlocked.Increment(ref _version);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        _items = new CatalogItem?[1024];
        _count = 0;
        _position = 0;
        Interlocked.Increment(ref _version);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var item in Items)
        {
            if (item is not null)
                lines.Add($"{item.Id}\t{(int)item.Kind}\t{item.Title}\t{item.MinimumAgeYears}\t{string.Join('|', item.Genres)}\t{string.Join('|', item.People)}");
        }

        lines.Sort(StringComparer.Ordinal);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(digest), lines.Count));
    }

    private void Apply(string topic, StoredRecord stored)
    {
        CatalogChange change;
        try
        {
            change = CatalogChange.Parser.ParseFrom(stored.Record.Payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            logger.LogWarning("record {Offset} of {Topic} is not a catalogue change: {Reason}", stored.Offset, topic, e.Message);
            ViewMetrics.Rejected(Name, topic);
            return;
        }

        if (change.ChangeCase == CatalogChange.ChangeOneofCase.Upsert)
            Set(ordinals.GetOrAdd(change.Upsert.Id), change.Upsert);
        else if (change.ChangeCase == CatalogChange.ChangeOneofCase.RemovedItemId && ordinals.TryGet(change.RemovedItemId, out var removed))
            Remove(removed);
        else
            ViewMetrics.Rejected(Name, topic);
    }

    private void Set(int ordinal, Item item)
    {
        var items = _items;
        if (ordinal >= items.Length) Array.Resize(ref items, Math.Max(ordinal + 1, items.Length * 2));
        if (items[ordinal] is null) _count++;
        items[ordinal] = new CatalogItem(ordinal, item, Share);
        _items = items;
    }

    private void Remove(int ordinal)
    {
        var items = _items;
        if (ordinal >= items.Length || items[ordinal] is null) return;
        items[ordinal] = null;
        _count--;
    }

    private string Share(string text)
    {
        if (text.Length == 0) return "";
        if (_shared.TryGetValue(text, out var shared)) return shared;
        _shared.Add(text, text);
        return text;
    }
}
