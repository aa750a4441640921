using System.Text.Json.Serialization;

namespace RecoAspire.Gateway.Api;

/// <summary>Answer of <c>GET /api/recommendations</c>.</summary>
public sealed record RecommendationsModel(
    string RequestId, string UserId, string Strategy, string ModelVersion, IReadOnlyList<string> Degraded, IReadOnlyList<RecommendedModel> Items);

/// <summary>One recommended title; <c>score</c> compares within one answer only.</summary>
public sealed record RecommendedModel(
    string ItemId, string Title, string Kind, int? Year, int? DurationSeconds, IReadOnlyList<string> Genres, double Score,
    IReadOnlyList<string> Sources, ReasonModel Reason, string? SeriesTitle = null, int? Season = null, int? Episode = null);

/// <summary>Why a title is there.</summary>
public sealed record ReasonModel(string Kind, string Text, string? SourceItemId, string? Via);

/// <summary>Body of <c>POST /api/rank</c>.</summary>
public sealed record RankRequestModel(string? UserId, IReadOnlyList<string?>? ItemIds, string? Strategy);

/// <summary>Answer of <c>POST /api/rank</c>.</summary>
public sealed record RankModel(
    string RequestId, string UserId, string Strategy, string ModelVersion, IReadOnlyList<string> Degraded, IReadOnlyList<RankedModel> Items);

/// <summary>One ranked title; <c>known</c> = the catalogue has it.</summary>
public sealed record RankedModel(string ItemId, double Score, bool Known);

/// <summary>Body of <c>POST /api/events</c>.</summary>
public sealed record EventsRequestModel(IReadOnlyList<EventModel?>? Events);

/// <summary>One event of a viewer's app.</summary>
public sealed record EventModel(
    string? EventId, string? UserId, string? ItemId, string? Type, string? Timestamp, double? PositionSeconds, double? DurationSeconds,
    double? Rating, string? Territory, string? RequestId);

/// <summary>Answer to a write: how many were new, how many had been there.</summary>
public sealed record AcceptedModel(int Accepted, int Duplicates);

/// <summary>Body of <c>PUT /api/catalog/items</c>.</summary>
public sealed record CatalogRequestModel(IReadOnlyList<ItemModel?>? Items);

/// <summary>A programme as it comes in and goes out.</summary>
public sealed record ItemModel(
    string? Id, string? Kind, string? Title, string? OriginalTitle, string? Synopsis, IReadOnlyList<string>? Genres, IReadOnlyList<string>? Themes,
    IReadOnlyList<CreditModel?>? Credits, IReadOnlyList<string>? AudioLanguages, IReadOnlyList<string>? SubtitleLanguages, IReadOnlyList<string>? Countries,
    int? Year, int? DurationSeconds, int? MinimumAgeYears, string? SeriesId, string? SeriesTitle, int? Season, int? Episode, string? Channel,
    IReadOnlyList<RightsModel?>? Rights);

/// <summary>A person and what they did: actor, director, writer, producer or presenter.</summary>
public sealed record CreditModel(string? Name, string? Role);

/// <summary>Where and when a title may be shown; ISO 8601 times, absent = unbounded; no territories = everywhere.</summary>
public sealed record RightsModel(IReadOnlyList<string>? Territories, string? Start, string? End);

/// <summary>Answer of <c>GET /api/items/{id}</c>.</summary>
public sealed record ItemDetailsModel(
    string Id, string Kind, string Title, string OriginalTitle, string Synopsis, IReadOnlyList<string> Genres, IReadOnlyList<string> Themes,
    IReadOnlyList<string> People, IReadOnlyList<string> Languages, IReadOnlyList<string> Countries, int? Year, int? DurationSeconds, int MinimumAgeYears,
    string? SeriesId, string? SeriesTitle, int? Season, int? Episode, string Channel, int Watches);

/// <summary>Answer of search and of similar titles.</summary>
public sealed record FoundModel(IReadOnlyList<string> Degraded, IReadOnlyList<FoundItemModel> Items);

/// <summary>One found title.</summary>
public sealed record FoundItemModel(string ItemId, string Title, string Kind, int? Year, IReadOnlyList<string> Genres, double Score);

/// <summary>Body of <c>PUT /api/users/{id}/profile</c>: replaces the preferences as a whole.</summary>
public sealed record PreferencesModel(IReadOnlyList<string?>? Languages, string? Territory, int? AgeLimitYears, bool? KidsMode);

/// <summary>Answer of <c>GET /api/users/{id}/profile</c>.</summary>
public sealed record ProfileModel(
    string UserId, IReadOnlyList<string> Languages, string Territory, int? AgeLimitYears, bool KidsMode, int HistoryTotal,
    IReadOnlyList<HistoryModel> History, IReadOnlyList<string> Liked, IReadOnlyList<string> Disliked, IReadOnlyList<string> Hidden);

/// <summary>One title of a viewer's history, most recent first.</summary>
public sealed record HistoryModel(
    string ItemId, string? Title, string Type, DateTimeOffset FirstAt, DateTimeOffset LastAt, int PositionSeconds, int DurationSeconds, double? Rating);

/// <summary>Answer of <c>GET /api/status</c>.</summary>
public sealed record StatusModel(
    string Version, string LogId, string Region, bool Ready, IReadOnlyList<string> Degraded, int CatalogItems, long Interactions, int Viewers,
    IReadOnlyList<ModelModel> Models);

/// <summary>A model that is being served.</summary>
public sealed record ModelModel(string Space, string Version, int Dimensions, int Items, long Interactions, bool Current);

/// <summary>Serialisation of the public API: camel case, nulls left out, duplicate names and trailing text refused.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(RecommendationsModel))]
[JsonSerializable(typeof(RankRequestModel))]
[JsonSerializable(typeof(RankModel))]
[JsonSerializable(typeof(EventsRequestModel))]
[JsonSerializable(typeof(AcceptedModel))]
[JsonSerializable(typeof(CatalogRequestModel))]
[JsonSerializable(typeof(ItemDetailsModel))]
[JsonSerializable(typeof(FoundModel))]
[JsonSerializable(typeof(PreferencesModel))]
[JsonSerializable(typeof(ProfileModel))]
[JsonSerializable(typeof(StatusModel))]
public sealed partial class GatewayJson : JsonSerializerContext;
