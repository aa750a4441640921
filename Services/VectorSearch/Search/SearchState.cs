using System.Collections.Frozen;
using RecoAspire.ServiceDefaults.Concurrency;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Search;

/// <summary>Everything a search reads, as of one moment. Published as a whole, so a search never sees half a change.</summary>
/// <param name="Spaces">By name.</param>
/// <param name="Facts">What the catalogue says.</param>
/// <param name="Ids">Ids of the item numbers.</param>
/// <param name="ItemCount">Item numbers in use are below this.</param>
internal sealed record SearchState(FrozenDictionary<string, SpaceState> Spaces, FactSnapshot Facts, ItemNumbers Ids, int ItemCount);

/// <summary>One space as of one moment.</summary>
internal sealed record SpaceState(
    string Name, Similarity Similarity, VersionState? Current, VersionState? Previous, IReadOnlyList<VersionState> Pending)
{
    /// <summary>The version to search: the current one, or by name the current or the previous one.</summary>
    public VersionState? Find(string version)
    {
        if (version.Length == 0 || version == Current?.Name) return Current;
        return version == Previous?.Name ? Previous : null;
    }
}

/// <summary>One version of a space as of one moment.</summary>
internal sealed record VersionState(string Name, VectorTableSnapshot Table);
