using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.VectorSearch.Filtering;

namespace RecoAspire.VectorSearch.Search;

/// <summary>Finds the nearest vectors. Its recall is measured from outside, so that an engine cannot judge itself.</summary>
internal interface ISearchEngine
{
    /// <summary>The best <paramref name="limit"/> allowed items per query, best first, in the order of the queries.</summary>
    /// <param name="state">What to search.</param>
    /// <param name="queries">Validated queries.</param>
    /// <param name="conditions">Which items are allowed.</param>
    /// <param name="excluded">Ids of items that are not.</param>
    /// <param name="limit">1-1,000.</param>
    SearchResponse Search(
        SearchState state, IReadOnlyList<VectorQuery> queries, ItemConditions conditions, IReadOnlyList<string> excluded, int limit);
}
