using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Candidates;

/// <summary>Where candidates come from.</summary>
[Flags]
public enum Sources
{
    None = 0,
    Collaborative = 1,
    Content = 2,
    Graph = 4,
    NextEpisode = 8,
    Trending = 16,
    Popular = 32,
}

/// <summary>One title under consideration, with everything the sources said about it.</summary>
public sealed class Candidate(CatalogItem item)
{
    public CatalogItem Item { get; } = item;

    public Sources Sources { get; set; }

    /// <summary>Predicted preference by the collaborative model; NaN = the model does not know the title.</summary>
    public float Collaborative { get; set; } = float.NaN;

    /// <summary>Cosine of the title's text and the viewer's recent titles; NaN = no text vector.</summary>
    public float Content { get; set; } = float.NaN;

    /// <summary>Score of the graph's expansion; 0 = not reached.</summary>
    public double Graph { get; set; }

    /// <summary>The strongest path, when the graph reached it.</summary>
    public Contracts.Graph.V1.Path? Path { get; set; }

    /// <summary>0-1, 1 = first of the trend.</summary>
    public double Trend { get; set; }

    /// <summary>Territory of that trend; empty = everywhere.</summary>
    public string TrendTerritory { get; set; } = "";

    /// <summary>The watched episode that this one follows.</summary>
    public CatalogItem? NextAfter { get; set; }

    /// <summary>Recent title that the collaborative model ties to it most closely, and the text that is nearest to its text.</summary>
    public CatalogItem? CoWatched { get; set; }

    /// <inheritdoc cref="CoWatched"/>
    public CatalogItem? SimilarTo { get; set; }

    /// <summary>Cosine with <see cref="SimilarTo"/>.</summary>
    public float Similarity { get; set; }

    /// <summary>Final score, the higher the better.</summary>
    public double Score { get; set; }
}

/// <summary>The candidates of one request, one per title, filled by sources that run side by side.</summary>
public sealed class CandidatePool
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Candidate> _candidates = [];

    /// <summary>Adds what a source says about a title.</summary>
    public void Add(CatalogItem item, Sources source, Action<Candidate>? set = null)
    {
        lock (_gate)
        {
            if (!_candidates.TryGetValue(item.Ordinal, out var candidate)) _candidates.Add(item.Ordinal, candidate = new Candidate(item));
            candidate.Sources |= source;
            set?.Invoke(candidate);
        }
    }

    /// <summary>All candidates; call it when the sources are done.</summary>
    public List<Candidate> ToList()
    {
        lock (_gate) return [.. _candidates.Values];
    }
}
