using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Concurrency;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Search;

/// <summary>A query that knows what it searches, or why it cannot be answered.</summary>
/// <param name="Status">OK when <paramref name="Version"/> and <paramref name="Vector"/> are set.</param>
/// <param name="ModelVersion">The version searched, else the current one, else empty.</param>
/// <param name="Version">What to search.</param>
/// <param name="Vector">The query, without padding; of unit length where the space compares by cosine.</param>
internal sealed record ResolvedQuery(QueryStatus Status, string ModelVersion, VersionState? Version, float[] Vector);

/// <summary>Turns the queries of a request into vectors to search with.</summary>
internal static class QueryResolver
{
    public static ResolvedQuery Resolve(VectorQuery query, SearchState state)
    {
        if (!state.Spaces.TryGetValue(query.Space, out var space)) return Failed(QueryStatus.SpaceUnknown, "");
        var current = space.Current?.Name ?? "";
        var version = space.Find(query.ModelVersion);
        // A space whose first version is still being collected has nothing to search.
        if (version is null) return Failed(query.ModelVersion.Length == 0 ? QueryStatus.SpaceUnknown : QueryStatus.VersionUnknown, current);
        var vector = query.LikeItemIds.Count > 0 ? MeanOf(query, version, state.Ids) : Read(query, version);
        if (vector is null) return Failed(QueryStatus.Invalid, version.Name);
        if (space.Similarity == Similarity.Cosine) VectorReader.Normalise(vector);
        return new ResolvedQuery(QueryStatus.Ok, version.Name, version, vector);
    }

    private static ResolvedQuery Failed(QueryStatus status, string current) => new(status, current, null, []);

    private static float[]? Read(VectorQuery query, VersionState version) =>
        VectorReader.TryRead(query.Vector.Span, out var vector) is null && vector.Length == version.Table.Dimensions ? vector : null;

    private static float[]? MeanOf(VectorQuery query, VersionState version, ItemNumbers ids)
    {
        var mean = new float[version.Table.Dimensions];
        var total = 0.0;
        var known = 0;
        for (var i = 0; i < query.LikeItemIds.Count; i++)
        {
            if (!ids.TryGet(query.LikeItemIds[i], out var item)) continue;
            var vector = version.Table.Find(item);
            if (vector.IsEmpty) continue;
            var weight = query.LikeWeights.Count > 0 ? query.LikeWeights[i] : 1f;
            for (var d = 0; d < mean.Length; d++) mean[d] += weight * vector[d];
            total += Math.Abs(weight);
            known++;
        }

        if (known == 0 || total == 0) return null;
        for (var d = 0; d < mean.Length; d++) mean[d] = (float)(mean[d] / total);
        // Weights near the end of float32 can overflow the sum.
        return Array.TrueForAll(mean, float.IsFinite) ? mean : null;
    }
}
