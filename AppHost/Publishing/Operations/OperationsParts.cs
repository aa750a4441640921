using RecoAspire.Publishing.Operations.Backup;

namespace RecoAspire.Publishing.Operations;

/// <summary>Growing, copying, and the instructions.</summary>
public static class OperationsParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } = [new ScalingPart(), new BackupPart()];
}
