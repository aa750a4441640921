namespace RecoAspire.Graph.Structure;

/// <summary>Limits of what one item may bring into the graph; an item beyond them is rejected as a whole.</summary>
internal static class GraphLimits
{
    public const int MaxItemIdLength = 128;
    public const int MaxNameLength = 500;
    public const int MaxCredits = 100;
    public const int MaxValues = 32;

    public static bool IsItemId(string id) => id.Length is > 0 and <= MaxItemIdLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
