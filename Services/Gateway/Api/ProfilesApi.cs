using Grpc.Core;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Resilience;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Api;

/// <summary>What a viewer has told and shown us.</summary>
internal static class ProfilesApi
{
    private const int HistoryShown = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/users/{id}/profile", GetAsync)
            .WithName("profile").WithTags("profiles").WithSummary("Preferences and the last 100 titles of a viewer")
            .Produces<ProfileModel>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapPut("/api/users/{id}/profile", PutAsync)
            .WithName("putProfile").WithTags("profiles").WithSummary("Replaces a viewer's preferences")
            .Accepts<PreferencesModel>("application/json").Produces<ProfileModel>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, Resilience.Services services, CatalogView catalog, GatewayOptions options)
    {
        if (!Inputs.IsId(id)) return Errors.One("id", "must have 1-128 printable characters without spaces");
        var call = new GetProfileRequest { ViewerId = id, HistoryLimit = HistoryShown };
        var reply = await services.Profile.CallAsync(
            o => services.ProfileClient.GetProfileAsync(call, o), http.RequestAborted, TimeSpan.FromMilliseconds(options.LongDeadlineMs));
        return Answer(id, reply, http, catalog);
    }

    private static async Task<IResult> PutAsync(
        string id, HttpContext http, Resilience.Services services, CatalogView catalog, AcknowledgedEvents acknowledged, GatewayOptions options)
    {
        var (body, error) = await JsonBody.ReadAsync(http.Request, GatewayJson.Default.PreferencesModel);
        if (error is not null) return error;
        var errors = new Errors();
        if (!Inputs.IsId(id)) errors.Add("id", "must have 1-128 printable characters without spaces");
        if (body!.Languages?.Count > 16) errors.Add("languages", "must hold at most 16");
        for (var i = 0; i < body.Languages?.Count && !errors.Full; i++)
        {
            if (body.Languages[i] is not { } language || !Inputs.IsLanguage(language)) errors.Add($"languages[{i}]", "must be a BCP 47 language tag, such as fr or fr-CA");
        }

        if (!string.IsNullOrEmpty(body.Territory) && !Inputs.IsTerritory(body.Territory)) errors.Add("territory", "must be an ISO 3166-1 alpha-2 code in capitals, such as FR");
        if (body.AgeLimitYears is < 0 or > 18) errors.Add("ageLimitYears", "must be from 0 to 18");
        if (errors.Any) return errors.ToResult();

        var preferences = new Preferences { Territory = body.Territory ?? "", KidsMode = body.KidsMode ?? false };
        preferences.Languages.AddRange(body.Languages ?? []);
        if (body.AgeLimitYears is { } age) preferences.AgeLimitYears = age;
        var call = new UpdatePreferencesRequest { ViewerId = id, EventId = $"preferences-{Guid.NewGuid():N}", Preferences = preferences };
        var reply = await services.Profile.CallAsync(
            o => services.ProfileClient.UpdatePreferencesAsync(call, o), http.RequestAborted, TimeSpan.FromMilliseconds(options.LongDeadlineMs));
        if (reply.Ok) acknowledged.AddPreferences(id, preferences, reply.Value!.ProfileOpsOffset);
        return Answer(id, reply, http, catalog);
    }

    private static IResult Answer(string id, Reply<ViewerProfile> reply, HttpContext http, CatalogView catalog)
    {
        if (reply.Ok)
        {
            http.Response.Headers.CacheControl = "private, no-store";
            return Results.Json(ToModel(id, reply.Value!, catalog), GatewayJson.Default.ProfileModel);
        }

        if (reply.Status == StatusCode.InvalidArgument) return Errors.One("body", "the profile service refused these preferences");
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Profiles are not available.", detail: "Try again in a moment.");
    }

    private static ProfileModel ToModel(string id, ViewerProfile profile, CatalogView catalog)
    {
        var preferences = profile.Preferences ?? new Preferences();
        return new ProfileModel(
            id, preferences.Languages, preferences.Territory, preferences.HasAgeLimitYears ? preferences.AgeLimitYears : null, preferences.KidsMode,
            profile.HistoryTotal, [.. profile.History.Select(e => ToModel(e, catalog))], profile.LikedItemIds, profile.DislikedItemIds, profile.HiddenItemIds);
    }

    private static HistoryModel ToModel(HistoryEntry entry, CatalogView catalog) => new(
        entry.ItemId, catalog.Find(entry.ItemId)?.Title, entry.Kind.ToString().ToLowerInvariant(), DateTimeOffset.FromUnixTimeMilliseconds(entry.FirstAtMs),
        DateTimeOffset.FromUnixTimeMilliseconds(entry.LastAtMs), entry.PositionSeconds, entry.DurationSeconds, entry.Rating > 0 ? entry.Rating : null);
}
