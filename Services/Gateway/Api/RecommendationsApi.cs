using System.Diagnostics;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Ranking;

namespace RecoAspire.Gateway.Api;

/// <summary>What should this viewer watch now, and in which order does this viewer like a given shelf?</summary>
internal static class RecommendationsApi
{
    private const int MaxShelf = 500;
    private static readonly Sources[] AllSources = [.. Enum.GetValues<Sources>().Where(s => s != Sources.None)];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/recommendations", RecommendAsync)
            .WithName("recommendations").WithTags("recommendations")
            .WithSummary("What should this viewer watch now?")
            .WithDescription("Query: userId (required), limit 1-100 (20), territory (ISO 3166-1 alpha-2), language (BCP 47), maxAge 0-18, kids, kind. "
                + "Reasons are in French, or in English with Accept-Language: en. A viewer nobody knows gets a cold start, never an error.")
            .Produces<RecommendationsModel>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddEndpointFilter<CatalogueReady>();
        routes.MapPost("/api/rank", RankAsync)
            .WithName("rank").WithTags("recommendations")
            .WithSummary("Orders 1-500 titles for one viewer")
            .WithDescription("The same titles come back, each once, scored and in order. Strategy: personalised (default) or popular.")
            .Accepts<RankRequestModel>("application/json").Produces<RankModel>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddEndpointFilter<CatalogueReady>();
    }

    private static async Task<IResult> RecommendAsync(HttpContext http, Recommender recommender, TimeProvider time)
    {
        var errors = new Errors();
        var query = new QueryInputs(http.Request.Query, errors);
        var userId = query.UserId();
        var limit = query.Limit();
        var context = query.Context();
        if (errors.Any) return errors.ToResult();

        var start = time.GetTimestamp();
        var answer = await recommender.RecommendAsync(userId, context, limit, PrefersFrench(http.Request), http.RequestAborted);
        RecommendationMetrics.Answered(answer.Strategy, time.GetElapsedTime(start).TotalSeconds);
        // A personal answer: no shared cache may keep it, whatever a client asked for.
        http.Response.Headers.CacheControl = "private, no-store";
        var items = answer.Items.Select(ToModel).ToList();
        return Results.Json(
            new RecommendationsModel(RequestId(), userId, answer.Strategy, answer.ModelVersion, answer.Degraded, items), GatewayJson.Default.RecommendationsModel);
    }

    private static async Task<IResult> RankAsync(HttpContext http, ShelfRanker ranker)
    {
        var (body, error) = await JsonBody.ReadAsync(http.Request, GatewayJson.Default.RankRequestModel);
        if (error is not null) return error;
        var errors = new Errors();
        if (!Inputs.IsId(body!.UserId)) errors.Add("userId", "must have 1-128 printable characters without spaces");
        if (body.Strategy is not (null or Strategies.Personalised or Strategies.Popular)) errors.Add("strategy", "must be personalised or popular");
        if (body.ItemIds is not { Count: >= 1 and <= MaxShelf }) errors.Add("itemIds", $"must hold 1-{MaxShelf} ids");
        for (var i = 0; i < body.ItemIds?.Count && !errors.Full; i++)
        {
            if (!Inputs.IsItemId(body.ItemIds[i])) errors.Add($"itemIds[{i}]", "must have 1-128 characters of [A-Za-z0-9._:-]");
        }

        if (errors.Any) return errors.ToResult();
        var shelf = await ranker.RankAsync(
            body.UserId!, [.. body.ItemIds!.Distinct().Select(id => id!)], body.Strategy == Strategies.Popular, http.RequestAborted);
        http.Response.Headers.CacheControl = "private, no-store";
        var items = shelf.Items.Select(i => new RankedModel(i.ItemId, i.Score, i.Known)).ToList();
        return Results.Json(new RankModel(RequestId(), body.UserId!, shelf.Strategy, shelf.ModelVersion, shelf.Degraded, items), GatewayJson.Default.RankModel);
    }

    private static RecommendedModel ToModel(Recommended recommended)
    {
        var (candidate, reason) = recommended;
        var item = candidate.Item;
        return new RecommendedModel(
            item.Id, item.Title, Inputs.NameOf(item.Kind), Inputs.OrNull(item.Year), Inputs.OrNull(item.DurationSeconds), item.Genres,
            Math.Round(candidate.Score, 5), [.. AllSources.Where(s => candidate.Sources.HasFlag(s)).Select(NameOf)],
            new ReasonModel(reason.Kind, reason.Text, reason.SourceItemId, reason.Via),
            item.SeriesTitle.Length > 0 ? item.SeriesTitle : null, Inputs.OrNull(item.Season), Inputs.OrNull(item.Episode));
    }

    private static string NameOf(Sources source) => source switch
    {
        Sources.NextEpisode => "nextEpisode",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>French unless English is preferred: the house speaks French.</summary>
    internal static bool PrefersFrench(HttpRequest request)
    {
        var best = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.ToString())
            .FirstOrDefault(l => l.StartsWith("fr", StringComparison.OrdinalIgnoreCase) || l.StartsWith("en", StringComparison.OrdinalIgnoreCase));
        return best is null || best.StartsWith("fr", StringComparison.OrdinalIgnoreCase);
    }

    private static string RequestId() => Activity.Current?.TraceId.ToHexString() ?? Guid.NewGuid().ToString("N");
}
