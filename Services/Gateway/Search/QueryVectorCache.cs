using Google.Protobuf;
using Microsoft.Extensions.Caching.Memory;

namespace RecoAspire.Gateway.Search;

/// <summary>Vectors of the last queries: people type the same things. 2,000 entries, a minute each, since the text model may change.</summary>
public sealed class QueryVectorCache : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 2_000 });

    public bool TryGet(string text, out ByteString? vector) => _cache.TryGetValue(text, out vector);

    public void Add(string text, ByteString vector) =>
        _cache.Set(text, vector, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) });

    public void Dispose() => _cache.Dispose();
}
