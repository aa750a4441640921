using System.Collections.Concurrent;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Resilience;
using RecoAspire.Gateway.Viewers;

namespace RecoAspire.Gateway.Candidates;

/// <summary>One title of a viewer's history, as far as it says something about taste.</summary>
/// <param name="ItemId">Id; the catalogue may no longer have it.</param>
/// <param name="Ordinal">Its ordinal.</param>
/// <param name="Weight">Evidence of liking, 1 = one ordinary watch.</param>
/// <param name="Poor">Rated poorly: it counts as watched, and explains nothing.</param>
public readonly record struct Watched(string ItemId, int Ordinal, float Weight, bool Poor);

/// <summary>Everything one request knows while it is answered.</summary>
public sealed class RecommendationRequest(
    ViewerSnapshot viewer, IReadOnlyList<Watched> history, HardFilter filter, int limit, bool french, RequestBudget budget)
{
    private const int MaxExcluded = 10_000;
    private readonly ConcurrentDictionary<string, byte> _degraded = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Watched> _seeds = [.. history.Where(w => !w.Poor).Take(50)];

    public ViewerSnapshot Viewer { get; } = viewer;

    /// <summary>Most recent first.</summary>
    public IReadOnlyList<Watched> History { get; } = history;

    /// <summary>The part of the history that may lead to more of the same: at most 50, most recent first.</summary>
    public IReadOnlyList<Watched> Seeds => _seeds;

    public HardFilter Filter { get; } = filter;

    public int Limit { get; } = limit;

    /// <summary>Time left for calls.</summary>
    public RequestBudget Budget { get; } = budget;

    /// <summary>Explain in French, else in English.</summary>
    public bool French { get; } = french;

    /// <summary>The viewer's vector and the model it belongs to; null without a model.</summary>
    public TasteVector? Taste { get; set; }

    /// <summary>Services that the answer had to do without, in alphabetical order.</summary>
    public IReadOnlyList<string> Degraded => [.. _degraded.Keys.Order(StringComparer.Ordinal)];

    public void Degrade(string dependency) => _degraded.TryAdd(dependency, 0);

    /// <summary>Ids that no service need return: the filter would drop them. As many as the contracts allow.</summary>
    public IEnumerable<string> ExcludedIds(ItemOrdinals ordinals) => Viewer.Forbidden.Take(MaxExcluded).Select(ordinals.IdOf);

    /// <summary>Weight of a seed: evidence, fading by 4 % per newer title.</summary>
    public float SeedWeight(int index) => Math.Max(0.05f, Seeds[index].Weight) * MathF.Pow(0.96f, index);
}
