namespace RecoAspire.Gateway.Popularity;

/// <summary>Configuration section <c>Gateway:Popularity</c>.</summary>
public sealed class PopularityOptions
{
    /// <summary>After this long a watch counts half for trends.</summary>
    public TimeSpan TrendingHalfLife { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Watches older than this at the start of the process do not enter trends.</summary>
    public TimeSpan TrendingWindow { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Titles kept per territory's trend. 100-1,000,000.</summary>
    public int MaxTrendingItems { get; set; } = 20_000;

    /// <summary>Length of the prepared lists. 100-100,000.</summary>
    public int ListLength { get; set; } = 2_000;
}
