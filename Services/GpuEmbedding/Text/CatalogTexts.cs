using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>The catalogue's items as of one offset of its topic, as they lie in the log. Not safe for several threads.</summary>
internal sealed class CatalogTexts
{
    private readonly Dictionary<string, (long Offset, ByteString Payload)> _items = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    /// <summary>The items' records, in the order of their ids.</summary>
    public IEnumerable<ByteString> Payloads => _items.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => i.Value.Payload);

    public void Clear() => _items.Clear();

    /// <summary>Applies one record.</summary>
    /// <exception cref="InvalidProtocolBufferException">It cannot be read; nothing has changed.</exception>
    public void Apply(StoredRecord stored)
    {
        var change = CatalogChange.Parser.ParseFrom(stored.Record.Payload);
        if (change.ChangeCase == CatalogChange.ChangeOneofCase.Upsert) _items[change.Upsert.Id] = (stored.Offset, stored.Record.Payload);
        else if (change.ChangeCase == CatalogChange.ChangeOneofCase.RemovedItemId) _items.Remove(change.RemovedItemId);
    }

    /// <summary>Items that changed at or after an offset, in the order of their ids.</summary>
    public List<Item> ChangedSince(long offset) =>
        [.. _items.Where(i => i.Value.Offset >= offset).OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => Parse(i.Value.Payload))];

    /// <summary>The model of these texts; <paramref name="offset"/> is the next record of the topic and names the version.</summary>
    public TextModel BuildModel(long offset)
    {
        var frequencies = new TextModel.Frequencies();
        foreach (var (_, item) in _items) frequencies.Add(ItemText.Features(Parse(item.Payload)));
        return frequencies.ToModel(TextModel.VersionAt(offset));
    }

    private static Item Parse(ByteString payload) => CatalogChange.Parser.ParseFrom(payload).Upsert;
}
