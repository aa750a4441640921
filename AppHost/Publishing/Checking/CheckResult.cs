namespace RecoAspire.Publishing.Checking;

/// <summary>What the NetworkPolicies of one region allow.</summary>
/// <param name="Region">The region's folder name.</param>
/// <param name="Edges">Between workloads of the set, in order of their text.</param>
/// <param name="External">To and from addresses.</param>
public sealed record RegionTraffic(string Region, IReadOnlyList<TrafficEdge> Edges, IReadOnlyList<ExternalEdge> External);

/// <summary>What a check came to.</summary>
/// <param name="Findings">What is wrong, in order of path and line; empty for a set that is right.</param>
/// <param name="Notes">What was not checked, and why.</param>
/// <param name="Objects">How many rendered objects were looked at, over all regions.</param>
/// <param name="Traffic">One entry a region.</param>
public sealed record CheckResult(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes, int Objects, IReadOnlyList<RegionTraffic> Traffic)
{
    /// <summary>Writes one line for each finding and note, and one that counts.</summary>
    /// <returns>The process's exit code: 0 without findings, 1 with.</returns>
    public int WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var finding in Findings) writer.WriteLine(finding);
        foreach (var note in Notes) writer.WriteLine($"note: {note}");
        writer.WriteLine(FormattableString.Invariant($"{Findings.Count} findings in {Objects} objects of {Traffic.Count} regions"));
        return Findings.Count == 0 ? 0 : 1;
    }
}
