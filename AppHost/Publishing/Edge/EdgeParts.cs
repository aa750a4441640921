namespace RecoAspire.Publishing.Edge;

/// <summary>Names and caches before the regions.</summary>
public static class EdgeParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } = [new DnsPart(), new CdnPart()];
}
