using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Graph.Expansion;
using RecoAspire.Graph.Stores;
using RecoAspire.Graph.Structure;
using RecoAspire.Graph.Views;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Graph.Tests;

/// <summary>A view on a folder of its own, fed with records directly.</summary>
internal sealed class GraphFixture : IDisposable
{
    private readonly Expander _expander;
    private long _next;

    public GraphFixture(int maxFanOut = Expander.DefaultMaxFanOut)
    {
        _expander = new Expander(maxFanOut);
        View = Open();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("graph-").FullName;

    public GraphView View { get; private set; }

    public GraphSnapshot Graph => View.Snapshot;

    public void Put(params Item[] items) => Apply([.. items.Select(Catalogue.Upsert)]);

    public void Remove(params string[] ids) => Apply([.. ids.Select(Catalogue.Removed)]);

    public void Apply(IReadOnlyList<IMessage> changes)
    {
        Deliver([.. changes.Select((c, i) => Catalogue.Stored(_next + i, c))]);
        _next += changes.Count;
    }

    /// <summary>Applies records as they are, whatever their offsets.</summary>
    public void Deliver(params Contracts.EventLog.V1.StoredRecord[] records) =>
        View.ApplyAsync(Topics.Catalog, records, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public long Position() => View.GetPositionAsync(Topics.Catalog, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public void Restart()
    {
        View.Dispose();
        View = Open();
    }

    public void Reset()
    {
        View.ResetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        _next = 0;
    }

    public ViewDigest Digest() => View.GetDigestAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public IReadOnlyList<RelatedItem> Expand(IReadOnlyList<(string, float)> seeds, int limit = 20, params string[] excluded) =>
        _expander.Expand(Graph, seeds, excluded, limit);

    /// <summary>Ids of what is related to one item.</summary>
    public string[] Related(string seed, int limit = 20) => [.. Expand([(seed, 1)], limit).Select(r => Graph.IdOf(r.Item))];

    public void Dispose()
    {
        View.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private GraphView Open() => new(new SqliteItemStore(Folder), NullLogger<GraphView>.Instance);
}
