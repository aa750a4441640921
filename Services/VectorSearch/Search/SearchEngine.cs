using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Concurrency;
using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Search;

/// <summary>Answers validated requests from one published state: no locks, no waiting for writers.</summary>
internal sealed class SearchEngine(TimeProvider time) : ISearchEngine
{
    private static readonly Histogram<double> Latency = TelemetryExtensions.Meter.CreateHistogram<double>(MetricNames.VectorSearchLatency, "s");

    /// <inheritdoc/>
    public SearchResponse Search(
        SearchState state, IReadOnlyList<VectorQuery> queries, ItemConditions conditions, IReadOnlyList<string> excluded, int limit)
    {
        var resolved = new ResolvedQuery[queries.Count];
        for (var i = 0; i < resolved.Length; i++) resolved[i] = QueryResolver.Resolve(queries[i], state);
        var results = Array.ConvertAll(resolved, r => new SearchResult { Status = r.Status, ModelVersion = r.ModelVersion });
        var words = (state.ItemCount + 63) >> 6;
        var rented = ArrayPool<ulong>.Shared.Rent(Math.Max(1, words));
        try
        {
            var allowed = rented.AsSpan(0, words);
            state.Facts.Allowed(conditions, time.GetUtcNow().ToUnixTimeMilliseconds()).CopyTo(allowed);
            foreach (var id in excluded)
                if (state.Ids.TryGet(id, out var item) && item < state.ItemCount) allowed[item >> 6] &= ~(1UL << item);
            var group = new List<int>(resolved.Length);
            for (var first = 0; first < resolved.Length; first++)
            {
                // Queries on one table share one pass; the first of them stands for all.
                if (resolved[first].Version is not { } version || IndexOfTable(resolved, version) < first) continue;
                group.Clear();
                for (var i = first; i < resolved.Length; i++)
                    if (resolved[i].Version == version) group.Add(i);
                SearchTable(version.Table, allowed, group, resolved, results, state.Ids, limit, queries[first].Space);
            }
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }

        var response = new SearchResponse();
        response.Results.AddRange(results);
        return response;
    }

    /// <summary>The score of each item for each query; NaN where the item has no vector or has left the catalogue.</summary>
    public static ScoreResponse Score(SearchState state, IReadOnlyList<VectorQuery> queries, IReadOnlyList<string> itemIds)
    {
        var response = new ScoreResponse();
        foreach (var query in queries)
        {
            var resolved = QueryResolver.Resolve(query, state);
            var result = new ScoreResult { Status = resolved.Status, ModelVersion = resolved.ModelVersion };
            if (resolved.Version is { } version)
            {
                foreach (var id in itemIds)
                {
                    var vector = state.Ids.TryGet(id, out var item) && state.Facts[item] != ItemFacts.Removed ? version.Table.Find(item) : default;
                    result.Scores.Add(vector.IsEmpty ? float.NaN : Dot(vector, resolved.Vector));
                }
            }

            response.Results.Add(result);
        }

        return response;
    }

    private static void SearchTable(
        VectorTableSnapshot table, ReadOnlySpan<ulong> allowed, List<int> group, ResolvedQuery[] resolved, SearchResult[] results,
        ItemNumbers ids, int limit, string space)
    {
        var started = Stopwatch.GetTimestamp();
        var stride = table.Stride;
        // The zero vector has no direction: it ranks nothing, and answering with the first items by id would pretend it did.
        group.RemoveAll(i => VectorReader.IsZero(resolved[i].Vector));
        if (group.Count == 0 || table.Count == 0) return;
        var k = Math.Min(limit, table.Count);
        var packed = ArrayPool<float>.Shared.Rent(group.Count * stride);
        var best = new TopK[group.Count];
        try
        {
            packed.AsSpan(0, group.Count * stride).Clear();
            for (var g = 0; g < group.Count; g++)
            {
                resolved[group[g]].Vector.CopyTo(packed, g * stride);
                best[g] = new TopK(k, ids);
            }

            ExactScan.Run(table, allowed, packed.AsSpan(0, group.Count * stride), best);
            Span<int> items = k <= 256 ? stackalloc int[k] : new int[k];
            Span<float> scores = k <= 256 ? stackalloc float[k] : new float[k];
            for (var g = 0; g < group.Count; g++)
            {
                var count = best[g].Count;
                best[g].Drain(items, scores);
                var result = results[group[g]];
                result.ItemIds.Capacity = result.Scores.Capacity = count;
                for (var i = 0; i < count; i++)
                {
                    result.ItemIds.Add(ids.IdOf(items[i]));
                    result.Scores.Add(scores[i]);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(packed);
            foreach (var heap in best) heap?.Dispose();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var _ in group) Latency.Record(seconds, new KeyValuePair<string, object?>("space", space));
    }

    private static int IndexOfTable(ResolvedQuery[] resolved, VersionState version) => Array.FindIndex(resolved, r => r.Version == version);

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // In double: single items are few, and the sum then does not depend on the width of the machine's vectors.
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return (float)sum;
    }
}
