using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Api;

/// <summary>Limits of the requests; violations are <see cref="ArgumentException"/>s that name the field.</summary>
internal static class ExpandLimits
{
    public const int MaxSeeds = 200;
    public const int MaxResults = 1_000;
    public const int MaxExcluded = 10_000;

    /// <summary>Largest weight of a seed: the sum of 200 of them stays exact in float64.</summary>
    public const float MaxWeight = 1e9f;

    public static void Check(ExpandRequest request)
    {
        Demand(request.Seeds.Count is >= 1 and <= MaxSeeds, "seeds", $"{request.Seeds.Count} seeds, allowed are 1-{MaxSeeds}");
        Demand(request.Limit is >= 1 and <= MaxResults, "limit", $"{request.Limit} is not in 1-{MaxResults}");
        Demand(request.ExcludeItemIds.Count <= MaxExcluded, "exclude_item_ids", $"{request.ExcludeItemIds.Count} ids, allowed are 0-{MaxExcluded}");
        for (var i = 0; i < request.Seeds.Count; i++)
        {
            CheckId(request.Seeds[i].ItemId, $"seeds[{i}].item_id");
            Demand(request.Seeds[i].Weight is > 0 and <= MaxWeight, $"seeds[{i}].weight", $"weights are above 0 and at most {MaxWeight:0e0}");
        }

        foreach (var id in request.ExcludeItemIds) CheckId(id, "exclude_item_ids");
    }

    public static void CheckId(string id, string field) => Demand(
        GraphLimits.IsItemId(id), field, $"item ids have 1-{GraphLimits.MaxItemIdLength} printable characters without spaces");

    private static void Demand(bool condition, string field, string message)
    {
        if (!condition) throw new ArgumentException($"{field}: {message}");
    }
}
