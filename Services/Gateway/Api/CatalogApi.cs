using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Popularity;
using RecoAspire.Gateway.Ranking;
using RecoAspire.Gateway.Search;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Api;

/// <summary>The catalogue: ingest, one title, similar titles, search.</summary>
internal static class CatalogApi
{
    private const int MaxItems = 1_000;
    private static readonly HashSet<int> Nothing = [];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/catalog/items", PutAsync)
            .WithName("putItems").WithTags("catalogue").WithSummary("Adds or replaces 1-1,000 programmes")
            .WithDescription("All or none. Putting the same content again changes nothing.")
            .Accepts<CatalogRequestModel>("application/json").Produces<AcceptedModel>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/api/items/{id}", Get)
            .WithName("item").WithTags("catalogue").WithSummary("One programme")
            .Produces<ItemDetailsModel>().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddEndpointFilter<CatalogueReady>();
        routes.MapGet("/api/items/{id}/similar", SimilarAsync)
            .WithName("similar").WithTags("catalogue").WithSummary("Titles like this one")
            .WithDescription("Query: limit 1-100 (20), territory, language, maxAge, kids, kind.")
            .Produces<FoundModel>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddEndpointFilter<CatalogueReady>();
        routes.MapGet("/api/search", SearchAsync)
            .WithName("search").WithTags("catalogue").WithSummary("Search by title, person or meaning")
            .WithDescription("Query: q of 1-200 characters (accents and case do not matter), limit 1-100 (20), territory, language, maxAge, kids, kind.")
            .Produces<FoundModel>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddEndpointFilter<CatalogueReady>();
    }

    private static async Task<IResult> PutAsync(HttpContext http, LogWriter log)
    {
        var (body, error) = await JsonBody.ReadAsync(http.Request, GatewayJson.Default.CatalogRequestModel);
        if (error is not null) return error;
        if (body!.Items is not { Count: >= 1 and <= MaxItems } models) return Errors.One("items", $"must hold 1-{MaxItems} items");
        var errors = new Errors();
        var records = new List<Record>(models.Count);
        for (var i = 0; i < models.Count && !errors.Full; i++)
        {
            if (CatalogInputs.Read(models[i], $"items[{i}]", errors) is { } item) records.Add(ToRecord(item));
        }

        if (errors.Any) return errors.ToResult();
        try
        {
            var response = await log.AppendAsync(Topics.Catalog, records, http.RequestAborted);
            return Results.Json(new AcceptedModel(records.Count - response.Duplicates, response.Duplicates), GatewayJson.Default.AcceptedModel);
        }
        catch (RpcException e)
        {
            return LogFailures.ToResult(e, http);
        }
    }

    // The event id is the content: the same item again is the same event.
    private static Record ToRecord(Item item)
    {
        var change = new CatalogChange { Upsert = item };
        var digest = Convert.ToHexStringLower(SHA256.HashData(change.ToByteArray()));
        return LogWriter.ToRecord($"item-{digest}", item.Id, change);
    }

    private static IResult Get(string id, HttpContext http, CatalogView catalog, PopularityIndex popularity, SharedCaching caching)
    {
        if (catalog.Find(id) is not { } item) return NotFound(id);
        caching.Mark(http, [], "", degraded: false);
        return Results.Json(
            new ItemDetailsModel(
                item.Id, Inputs.NameOf(item.Kind), item.Title, item.OriginalTitle, item.Synopsis, item.Genres, item.Themes, item.People, item.Languages,
                item.Countries, Inputs.OrNull(item.Year), Inputs.OrNull(item.DurationSeconds), item.MinimumAgeYears, OrNull(item.SeriesId), OrNull(item.SeriesTitle),
                Inputs.OrNull(item.Season), Inputs.OrNull(item.Episode), item.Channel, popularity.WatchesOf(item.Ordinal)),
            GatewayJson.Default.ItemDetailsModel);
    }

    private static async Task<IResult> SimilarAsync(string id, HttpContext http, CatalogView catalog, SimilarItems similar, SharedCaching caching, TimeProvider time)
    {
        var errors = new Errors();
        var query = new QueryInputs(http.Request.Query, errors);
        var limit = query.Limit();
        var context = query.Context();
        if (errors.Any) return errors.ToResult();
        if (catalog.Find(id) is not { } item) return NotFound(id);
        var filter = HardFilter.Create(new(), context, Nothing, viewerUnknown: false, time.GetUtcNow());
        var (items, degraded) = await similar.FindAsync(item, limit, filter, http.RequestAborted);
        caching.Mark(http, items.Select(i => i.Item), filter.Territory, degraded.Count > 0);
        return Results.Json(ToModel(items, degraded), GatewayJson.Default.FoundModel);
    }

    private static async Task<IResult> SearchAsync(HttpContext http, ItemSearch search, SharedCaching caching, TimeProvider time)
    {
        var errors = new Errors();
        var query = new QueryInputs(http.Request.Query, errors);
        var text = query.Text("q", 200);
        if (string.IsNullOrWhiteSpace(text)) errors.Add("q", "must have 1-200 characters");
        var limit = query.Limit();
        var context = query.Context();
        if (errors.Any) return errors.ToResult();
        var filter = HardFilter.Create(new(), context, Nothing, viewerUnknown: false, time.GetUtcNow());
        var (items, degraded) = await search.FindAsync(text!, limit, filter, http.RequestAborted);
        caching.Mark(http, items.Select(i => i.Item), filter.Territory, degraded.Count > 0);
        return Results.Json(ToModel(items, degraded), GatewayJson.Default.FoundModel);
    }

    private static FoundModel ToModel(List<(CatalogItem Item, double Score)> items, List<string> degraded) => new(
        degraded,
        [.. items.Select(f => new FoundItemModel(
            f.Item.Id, f.Item.Title, Inputs.NameOf(f.Item.Kind), Inputs.OrNull(f.Item.Year), f.Item.Genres, Math.Round(f.Score, 5)))]);

    private static IResult NotFound(string id) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such item.", detail: $"The catalogue has no item '{(id.Length > 128 ? id[..128] : id)}'.");

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
