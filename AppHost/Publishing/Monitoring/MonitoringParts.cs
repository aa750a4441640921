using RecoAspire.Publishing.Monitoring.Rules;

namespace RecoAspire.Publishing.Monitoring;

/// <summary>What watches.</summary>
public static class MonitoringParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } = [new RulesPart()];
}
