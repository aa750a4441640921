using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;

namespace RecoAspire.Gateway.Search;

/// <summary>
/// Vectors of the last queries: people type the same things. 2,000 entries, a minute each, since the text model may change. Where there
/// is a shared cache (connection string <c>cache</c>), what one gateway has asked for serves the others too; without an answer from it
/// within 50 ms the gateway goes on as if there were none.
/// </summary>
public sealed class QueryVectorCache(IDistributedCache? shared = null) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private readonly MemoryCache _own = new(new MemoryCacheOptions { SizeLimit = 2_000 });

    /// <summary>The vector of a query; null = nobody has asked for it lately.</summary>
    public async ValueTask<ByteString?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (_own.TryGetValue(text, out ByteString? known)) return known;
        if (shared is null) return null;
        try
        {
            var found = await shared.GetAsync(Key(text), cancellationToken).WaitAsync(Patience, cancellationToken);
            if (found is null) return null;
            var vector = ByteString.CopyFrom(found);
            Keep(text, vector);
            return vector;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            // A cache that fails, in whatever way, is a cache that knows nothing.
            return null;
        }
    }

    /// <summary>Keeps a vector here, and offers it to the other gateways without waiting for it to arrive.</summary>
    public void Add(string text, ByteString vector)
    {
        Keep(text, vector);
        if (shared is not null) _ = ShareAsync(text, vector);
    }

    public void Dispose() => _own.Dispose();

    private void Keep(string text, ByteString vector) => _own.Set(text, vector, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });

    private async Task ShareAsync(string text, ByteString vector)
    {
        try
        {
            await shared!.SetAsync(Key(text), vector.ToByteArray(), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The others ask by themselves.
        }
    }

    // What viewers type stays out of the shared store; version 1 = bytes of the vector as the embedding service gives it.
    private static string Key(string text) => $"query-vector:1:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
