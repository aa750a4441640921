using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Tests;

/// <summary>Records as the log delivers them.</summary>
internal static class LogRecords
{
    public static EmbeddingChange Vector(string space, string version, string item, params float[] vector) => new()
    {
        Upsert = new ItemVector { Space = space, ModelVersion = version, ItemId = item, Vector = Bytes(vector) },
    };

    public static EmbeddingChange Removed(string space, string item) => new() { Removed = new RemovedVector { Space = space, ItemId = item } };

    public static EmbeddingChange Published(string space, string version, int dimensions) => new()
    {
        Published = new ModelPublished { Space = space, ModelVersion = version, Dimensions = dimensions },
    };

    public static CatalogChange Upsert(Item item) => new() { Upsert = item };

    public static CatalogChange RemovedItem(string id) => new() { RemovedItemId = id };

    public static ByteString Bytes(params float[] vector) => ByteString.CopyFrom(VectorReader.ToBytes(vector));

    public static StoredRecord Stored(long offset, IMessage payload) => new()
    {
        Offset = offset,
        Record = new Contracts.EventLog.V1.Record { EventId = $"e{offset}", Key = "k", Type = payload.Descriptor.FullName, Payload = payload.ToByteString() },
    };
}
