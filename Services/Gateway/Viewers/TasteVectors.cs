using Google.Protobuf;
using Microsoft.Extensions.Caching.Memory;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Ranking;

namespace RecoAspire.Gateway.Viewers;

/// <summary>
/// The viewer's vector, asked of the embedding service once per state of the history. Kept for half a minute, so that a new
/// model is taken up soon.
/// </summary>
public sealed class TasteVectors(Resilience.Services services, GatewayOptions options) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Math.Max(1, options.TasteCacheEntries) });

    /// <summary>Folds the history in. Null = no model, none of the titles known to it, or no answer (which the request notes).</summary>
    /// <param name="request">Viewer and history.</param>
    /// <param name="version">Model version; empty = the current one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TasteVector?> FoldInAsync(RecommendationRequest request, string version, CancellationToken cancellationToken)
    {
        var call = new FoldInRequest { ModelVersion = version };
        var state = new HashCode();
        foreach (var watched in request.History)
        {
            if (watched.Weight <= 0) continue;
            call.History.Add(new WeightedItem { ItemId = watched.ItemId, Weight = watched.Weight });
            state.Add(watched.Ordinal);
            state.Add(watched.Weight);
        }

        if (call.History.Count == 0) return null;
        var key = new Key(request.Viewer.ViewerId, version, call.History.Count, state.ToHashCode());
        if (options.TasteCacheEntries > 0)
        {
            var isCached = _cache.TryGetValue(key, out TasteVector? cached);
            RecommendationMetrics.Cache("taste", isCached);
            if (isCached) return cached;
        }

        var reply = await services.Embedding.CallAsync(o => services.EmbeddingClient.FoldInAsync(call, o), request.Budget, cancellationToken);
        if (reply.Failed) request.Degrade(services.Embedding.Name);
        if (!reply.Ok) return null;
        var taste = reply.Value!.KnownItems > 0 ? new TasteVector(reply.Value.Vector, reply.Value.ModelVersion) : null;
        if (options.TasteCacheEntries > 0) _cache.Set(key, taste, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });
        return taste;
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>A state of a history: viewer, model asked for, and the titles with their weights in order.</summary>
    private readonly record struct Key(string ViewerId, string Version, int Titles, int State);
}

/// <summary>A viewer's vector in the collaborative space.</summary>
public sealed record TasteVector(ByteString Vector, string ModelVersion);
