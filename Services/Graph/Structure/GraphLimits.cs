namespace RecoAspire.Graph.Structure;

/// <summary>Limits of what one item may bring into the graph.</summary>
internal static class GraphLimits
{
    public const int MaxItemIdLength = 128;

    /// <summary>Longer names are left out of the graph.</summary>
    public const int MaxNameLength = 500;

    /// <summary>An item with longer lists is rejected as a whole.</summary>
    public const int MaxCredits = 100;
    public const int MaxValues = 32;

    public static bool IsItemId(string id) => id.Length is > 0 and <= MaxItemIdLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
