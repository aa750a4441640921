using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Tests;

/// <summary>
/// The public API over a real socket, with its state in memory: the limits and the idempotency of the gateway's contract, and
/// failures on demand. What it holds is what a test looks at.
/// </summary>
internal sealed class LocalGateway : IAsyncDisposable
{
    private const int MaxBodyBytes = 1_048_576;
    private readonly WebApplication _app;
    private readonly HashSet<string> _contents = new(StringComparer.Ordinal);
    private int _requests;

    private LocalGateway(WebApplication app) => _app = app;

    public string LogId { get; set; } = "log-1";

    /// <summary>Items by id, the last one put.</summary>
    public ConcurrentDictionary<string, JsonElement> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Events in the order of arrival, each id once.</summary>
    public List<JsonElement> Events { get; } = [];

    public HashSet<string> EventIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes received, refused ones too.</summary>
    public int Requests => _requests;

    public int LargestBodyBytes { get; private set; }

    /// <summary>What happens to the n-th write, from 1, before anything is stored; null = nothing.</summary>
    public Func<int, HttpContext, Task<bool>>? Before { get; set; }

    /// <summary>What happens after the n-th write has been stored and before it is answered: true = no answer is given.</summary>
    public Func<int, HttpContext, bool>? After { get; set; }

    public IReadOnlyList<string> Degraded { get; set; } = [];

    /// <summary>Answers of <c>/api/rank</c>: the order of the items for a viewer and strategy.</summary>
    public Func<string, string, IReadOnlyList<string>, IReadOnlyList<string>> Rank { get; set; } = (_, _, items) => [.. items.Order(StringComparer.Ordinal)];

    public Func<string, IReadOnlyList<string>> History { get; set; } = _ => [];

    public bool HasModel { get; set; } = true;

    public Uri Address => new(_app.Urls.First());

    public GatewayClient Client() => GatewayClient.To(Address);

    public static async Task<LocalGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(System.Net.IPAddress.Loopback, 0);
            k.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var gateway = new LocalGateway(app);
        app.MapGet("/api/status", gateway.Status);
        app.MapPut("/api/catalog/items", (Delegate)((HttpContext http) => gateway.WriteAsync(http, "items", gateway.StoreItem)));
        app.MapPost("/api/events", (Delegate)((HttpContext http) => gateway.WriteAsync(http, "events", gateway.StoreEvent)));
        app.MapPost("/api/rank", (Delegate)gateway.RankAsync);
        app.MapGet("/api/users/{id}/profile", (string id) => Results.Json(new { userId = id, history = gateway.History(id).Select(i => new { itemId = i }) }));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Status() => Results.Json(new
    {
        version = "0.1.0",
        logId = LogId,
        region = "local",
        ready = true,
        degraded = Array.Empty<string>(),
        catalogItems = Items.Count,
        interactions = Events.Count,
        viewers = 0,
        models = HasModel ? new[] { new { space = "collaborative", version = "als-1", dimensions = 8, items = 10, interactions = 10, current = true } } : [],
    });

    private async Task<IResult> WriteAsync(HttpContext http, string name, Func<JsonElement, bool> store)
    {
        var number = Interlocked.Increment(ref _requests);
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory);
        if (Before is { } before && !await before(number, http)) return Results.Empty;
        lock (Events) LargestBodyBytes = Math.Max(LargestBodyBytes, (int)memory.Length);
        if (memory.Length > MaxBodyBytes) return Problem("body", "is larger than 1 MB");
        using var document = JsonDocument.Parse(memory.ToArray());
        var entries = document.RootElement.GetProperty(name).EnumerateArray().Select(e => e.Clone()).ToList();
        if (entries.Count is < 1 or > 1_000) return Problem(name, "must hold 1-1000");
        for (var i = 0; i < entries.Count; i++)
        {
            if (Fault(name, entries[i]) is { } fault) return Problem($"{name}[{i}]", $"{fault}: {entries[i]}");
        }

        var duplicates = 0;
        lock (Events) duplicates = entries.Count(e => !store(e));
        if (After?.Invoke(number, http) == true)
        {
            http.Abort();
            return Results.Empty;
        }

        return Results.Json(new { accepted = entries.Count - duplicates, duplicates });
    }

    private bool StoreItem(JsonElement item)
    {
        if (!_contents.Add(Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(item.GetRawText()))))) return false;
        Items[Text(item, "id")] = item;
        return true;
    }

    private bool StoreEvent(JsonElement e)
    {
        if (!EventIds.Add(Text(e, "eventId"))) return false;
        Events.Add(e);
        return true;
    }

    private async Task<IResult> RankAsync(HttpContext http)
    {
        using var document = await JsonDocument.ParseAsync(http.Request.Body);
        var strategy = Text(document.RootElement, "strategy");
        var user = Text(document.RootElement, "userId");
        var items = document.RootElement.GetProperty("itemIds").EnumerateArray().Select(i => i.GetString()!).Distinct().ToList();
        if (items.Count is < 1 or > 500) return Problem("itemIds", "must hold 1-500");
        return Results.Json(new
        {
            requestId = "r",
            userId = user,
            strategy,
            modelVersion = "als-1",
            degraded = Degraded,
            items = Rank(user, strategy, items).Select((id, i) => new { itemId = id, score = 1.0 / (i + 1), known = true }),
        });
    }

    // The gateway's limits, as its contract states them.
    private static string? Fault(string name, JsonElement e)
    {
        if (name == "items")
        {
            if (!IsItemId(Text(e, "id"))) return "id";
            if (Text(e, "kind") is not ("film" or "series" or "episode" or "documentary" or "news" or "magazine" or "short")) return "kind";
            if (string.IsNullOrWhiteSpace(Text(e, "title")) || Text(e, "title").Length > 500 || Text(e, "originalTitle").Length > 500) return "title";
            if (Text(e, "synopsis").Length > 10_000) return "synopsis";
            foreach (var list in (string[])["genres", "themes", "countries", "audioLanguages", "subtitleLanguages"])
            {
                if (!e.TryGetProperty(list, out var names)) continue;
                if (names.GetArrayLength() > 32 || names.EnumerateArray().Any(n => string.IsNullOrWhiteSpace(n.GetString()) || n.GetString()!.Length > 128)) return list;
            }

            if (e.TryGetProperty("credits", out var credits)
                && (credits.GetArrayLength() > 100 || credits.EnumerateArray().Any(c => Text(c, "name").Length is < 1 or > 200 || Text(c, "role") is not ("actor" or "director" or "writer" or "producer" or "presenter")))) return "credits";
            if (e.TryGetProperty("year", out var year) && year.GetInt32() is not (0 or (>= 1880 and <= 2100))) return "year";
            if (e.TryGetProperty("durationSeconds", out var length) && length.GetInt32() is < 0 or > 86_400) return "durationSeconds";
            if (e.TryGetProperty("minimumAgeYears", out var age) && age.GetInt32() is < 0 or > 18) return "minimumAgeYears";
            return Text(e, "channel").Length > 128 ? "channel" : null;
        }

        if (!IsId(Text(e, "eventId"))) return "eventId";
        if (!IsId(Text(e, "userId"))) return "userId";
        if (!IsItemId(Text(e, "itemId"))) return "itemId";
        if (Text(e, "type") is not ("impression" or "play" or "progress" or "complete" or "skip" or "like" or "dislike" or "rate" or "hide" or "clear")) return "type";
        if (Text(e, "type") == "rate" != e.TryGetProperty("rating", out var rating) || (rating.ValueKind == JsonValueKind.Number && rating.GetDouble() is < 0.5 or > 5)) return "rating";
        if (!e.TryGetProperty("timestamp", out var at)) return null;
        return DateTimeOffset.Parse(at.GetString()!, CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.AddMinutes(5) ? "timestamp" : null;
    }

    private static bool IsId(string id) => id.Length is >= 1 and <= 128 && id.All(c => c is >= '!' and <= '~');

    private static bool IsItemId(string id) => id.Length is >= 1 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    private static string Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static IResult Problem(string field, string reason) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [reason] });
}
