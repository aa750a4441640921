namespace RecoAspire.Publishing.Kubernetes.Engines;

/// <summary>The stores that others publish.</summary>
public static class EngineParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } = [];
}
