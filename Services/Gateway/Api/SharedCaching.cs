using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Api;

/// <summary>
/// Says what a cache before the gateways may keep. Only answers that are the same for everybody, whole, and only as long as all that
/// stands in them may be shown. What a request says can forbid it, never allow it.
/// </summary>
internal sealed class SharedCaching(GatewayOptions options, TimeProvider time)
{
    /// <summary>Marks the answer of this request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="items">Everything that the answer shows.</param>
    /// <param name="territory">Where it is shown; empty = unknown.</param>
    /// <param name="degraded">A part is missing: the next answer may be better.</param>
    public void Mark(HttpContext http, IEnumerable<CatalogItem> items, string territory, bool degraded)
    {
        var seconds = degraded || IsPersonal(http.Request) ? 0 : Seconds(items, territory);
        http.Response.Headers.CacheControl = seconds > 0 ? $"public, s-maxage={seconds}" : "private, no-store";
    }

    private long Seconds(IEnumerable<CatalogItem> items, string territory)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        long seconds = options.SharedCacheSeconds;
        foreach (var item in items)
        {
            if (item.RightsUntilMs(territory, nowMs) is { } endMs) seconds = Math.Min(seconds, (endMs - nowMs) / 1000);
        }

        return seconds;
    }

    private static bool IsPersonal(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 || request.Query.ContainsKey("userId")
        || request.Headers["X-Personalized"].Any(v => string.Equals(v, "true", StringComparison.OrdinalIgnoreCase));
}
