using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Api;

/// <summary>Limits of the requests; violations are <see cref="ArgumentException"/>s that name the field.</summary>
internal static class SearchLimits
{
    public const int MaxQueries = 16;
    public const int MaxResults = 1_000;
    public const int MaxLikeItems = 200;
    public const int MaxExcluded = 10_000;
    public const int MaxScoredItems = 1_000;
    public const int MaxPoints = 1_000;

    /// <summary>One append carries the whole write, and an append carries at most 4 MiB.</summary>
    public const int MaxWriteBytes = 3 * 1024 * 1024 + 512 * 1024;

    public static void Check(IReadOnlyCollection<VectorQuery> queries)
    {
        Demand(queries.Count is >= 1 and <= MaxQueries, "queries", $"{queries.Count} queries, allowed are 1-{MaxQueries}");
        var i = 0;
        foreach (var query in queries) Check(query, $"queries[{i++}]");
    }

    public static void CheckLimit(int limit) => Demand(limit is >= 1 and <= MaxResults, "limit", $"{limit} is not in 1-{MaxResults}");

    public static void CheckIds(IReadOnlyCollection<string> ids, int least, int most, string field)
    {
        Demand(ids.Count >= least && ids.Count <= most, field, $"{ids.Count} ids, allowed are {least}-{most}");
        foreach (var id in ids) CheckItemId(id, field);
    }

    public static void CheckItemId(string id, string field) => Demand(
        SpaceLimits.IsItemId(id), field, $"item ids have 1-{SpaceLimits.MaxItemIdLength} printable characters without spaces");

    public static void CheckSpace(string space, string field) => Demand(
        SpaceLimits.IsName(space), field, $"space names have 1-{SpaceLimits.MaxNameLength} characters of a-z, 0-9 and -");

    public static void CheckVersion(string version, string field) => Demand(
        SpaceLimits.IsVersion(version), field, $"versions have 1-{SpaceLimits.MaxVersionLength} printable characters without spaces");

    /// <summary>The platform's own spaces are written by its models only.</summary>
    public static void CheckOwnSpace(string space)
    {
        CheckSpace(space, "space");
        Demand(!WellKnownSpaces.IsOwnedByModels(space), "space", $"'{space}' is written by the embedding service only");
    }

    public static void Demand(bool condition, string field, string message)
    {
        if (!condition) throw new ArgumentException($"{field}: {message}");
    }

    private static void Check(VectorQuery query, string field)
    {
        CheckSpace(query.Space, $"{field}.space");
        if (query.ModelVersion.Length > 0) CheckVersion(query.ModelVersion, $"{field}.model_version");
        Demand(query.Vector.IsEmpty != (query.LikeItemIds.Count == 0), $"{field}.vector", "give either vector or like_item_ids");
        if (query.LikeItemIds.Count > 0) CheckIds(query.LikeItemIds, 1, MaxLikeItems, $"{field}.like_item_ids");
        Demand(
            query.LikeWeights.Count == 0 || query.LikeWeights.Count == query.LikeItemIds.Count,
            $"{field}.like_weights", "give none, or one per like_item_ids");
        foreach (var weight in query.LikeWeights) Demand(float.IsFinite(weight), $"{field}.like_weights", "weights are finite");
    }
}
