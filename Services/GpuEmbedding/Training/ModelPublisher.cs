using System.Security.Cryptography;
using System.Text;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Training;

/// <summary>
/// Puts a trained model into the log: every item's vector, then the publication that makes the version current for all readers
/// at once. Repeating an interrupted publication is harmless: event ids follow from the version.
/// </summary>
public sealed class ModelPublisher(LogWriter log, TimeProvider time)
{
    private const int VectorsPerAppend = 500;

    /// <summary>Publishes the items' vectors and returns the new version: <c>ials-{UTC time}-{8 digits of the content's digest}</c>.</summary>
    public async Task<string> PublishAsync(Factors items, string[] itemIds, long interactions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var version = $"ials-{now:yyyyMMddHHmmss}-{Digest(items)}";
        var records = new List<Record>(VectorsPerAppend);
        for (var row = 0; row < itemIds.Length; row++)
        {
            var vector = new ItemVector { Space = ModelsView.Collaborative, ModelVersion = version, ItemId = itemIds[row], Vector = PackedVector.Pack(items.Row(row)) };
            records.Add(LogWriter.ToRecord(VectorEventId(version, itemIds[row]), itemIds[row], new EmbeddingChange { Upsert = vector }));
            if (records.Count < VectorsPerAppend) continue;
            await log.AppendAsync(Topics.Embeddings, records, cancellationToken);
            records.Clear();
        }

        var published = new ModelPublished
        {
            Space = ModelsView.Collaborative,
            ModelVersion = version,
            Dimensions = items.Dimensions,
            Items = itemIds.Length,
            Interactions = interactions,
            TrainedAtMs = now.ToUnixTimeMilliseconds(),
        };
        records.Add(LogWriter.ToRecord($"published-{version}", ModelsView.Collaborative, new EmbeddingChange { Published = published }));
        await log.AppendAsync(Topics.Embeddings, records, cancellationToken);
        return version;
    }

    // Item ids may be as long as an event id may be; a digest always fits.
    internal static string VectorEventId(string version, string itemId) =>
        $"{version}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(itemId)).AsSpan(0, 16))}";

    private static string Digest(Factors items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var row = 0; row < items.Rows; row++) hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(items.Row(row)));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 4));
    }
}
