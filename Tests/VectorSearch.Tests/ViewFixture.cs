using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Stores;
using RecoAspire.VectorSearch.Views;

namespace RecoAspire.VectorSearch.Tests;

/// <summary>A view on a folder of its own, fed with records directly, and searched as the service does it.</summary>
internal sealed class ViewFixture : IDisposable
{
    private readonly Dictionary<string, long> _next = [];
    private readonly SearchEngine _engine;

    public ViewFixture()
    {
        _engine = new SearchEngine(Time);
        View = Open();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("vectors-").FullName;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public VectorsView View { get; private set; }

    public void Apply(params EmbeddingChange[] changes) => Apply(Topics.Embeddings, changes);

    public void Apply(params CatalogChange[] changes) => Apply(Topics.Catalog, changes);

    public void Apply(string topic, IReadOnlyList<IMessage> changes)
    {
        var offset = _next.GetValueOrDefault(topic);
        Deliver(topic, [.. changes.Select((c, i) => LogRecords.Stored(offset + i, c))]);
        _next[topic] = offset + changes.Count;
    }

    /// <summary>Applies records as they are, whatever their offsets.</summary>
    public void Deliver(string topic, IReadOnlyList<Contracts.EventLog.V1.StoredRecord> records) =>
        Wait(View.ApplyAsync(topic, records, CancellationToken.None));

    public void Restart()
    {
        View.Dispose();
        View = Open();
    }

    public void Reset()
    {
        Wait(View.ResetAsync(CancellationToken.None));
        _next.Clear();
    }

    public ViewDigest Digest() => Result(View.GetDigestAsync(CancellationToken.None));

    public long Position(string topic) => Result(View.GetPositionAsync(topic, CancellationToken.None));

    public SearchResult Search(string space, float[] vector, int limit = 10, Filter? filter = null, string version = "") =>
        Search(new VectorQuery { Space = space, ModelVersion = version, Vector = LogRecords.Bytes(vector) }, limit, filter);

    public SearchResult Search(VectorQuery query, int limit = 10, Filter? filter = null) => Search([query], limit, filter).Results[0];

    public SearchResponse Search(IReadOnlyList<VectorQuery> queries, int limit, Filter? filter = null) =>
        _engine.Search(View.State, queries, ItemConditions.From(filter), filter?.ExcludeItemIds ?? [], limit);

    public void Dispose()
    {
        View.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private VectorsView Open() => new(new SqliteVectorStore(Folder), NullLogger<VectorsView>.Instance);

    // The view works synchronously; tests that need the tasks themselves await them.
    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private static T Result<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
