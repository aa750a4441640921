namespace RecoAspire.Gateway.Ranking;

/// <summary>Weights of the blend, configuration section <c>Gateway:Ranking</c>. Each multiplies a feature scaled to about 0-1.</summary>
public sealed class RankingOptions
{
    /// <summary>Predicted preference of the collaborative model: it carries the list wherever it knows viewer and title.</summary>
    public double Collaborative { get; set; } = 1.0;

    /// <summary>Cosine of texts.</summary>
    public double Content { get; set; } = 0.20;

    /// <summary>Strength of the graph's paths, relative to the strongest of the request.</summary>
    public double Graph { get; set; } = 0.20;

    /// <summary>Position in the territory's trend.</summary>
    public double Trend { get; set; } = 0.08;

    /// <summary>Popularity for all time, logarithmic.</summary>
    public double Popularity { get; set; } = 0.08;

    /// <summary>The next episode of a series in progress.</summary>
    public double NextEpisode { get; set; } = 1.0;

    /// <summary>A title unknown to the collaborative model is taken to be liked by this part of its cosine of texts.</summary>
    public double ColdContent { get; set; } = 0.35;

    /// <summary>How much likeness to titles already chosen costs (maximal marginal relevance), 0 = nothing.</summary>
    public double Diversity { get; set; } = 0.15;

    /// <summary>Part of chance in the list of a viewer without history, so that not everybody gets the same.</summary>
    public double Exploration { get; set; } = 0.35;
}
