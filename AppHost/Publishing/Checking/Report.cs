namespace RecoAspire.Publishing.Checking;

/// <summary>What a rule found, where in the rendered object.</summary>
internal sealed record ObjectFinding(KubernetesObject Object, YamlNode Node, string Message);

/// <summary>The one list that all rules write to.</summary>
internal sealed class Report
{
    private readonly List<ObjectFinding> findings = [];

    public IReadOnlyList<ObjectFinding> Findings => findings;

    public void Add(KubernetesObject o, YamlNode node, string message) => findings.Add(new ObjectFinding(o, node, message));
}

/// <summary>One family of rules over the objects of a region.</summary>
internal interface IRule
{
    void Check(ObjectSet set, Report report);
}
