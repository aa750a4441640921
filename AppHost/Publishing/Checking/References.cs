using RecoAspire.Publishing.Checking.Rules;

namespace RecoAspire.Publishing.Checking;

/// <summary>Runs every family of rules over the objects of one region.</summary>
internal sealed class References(CheckOptions options)
{
    private readonly IRule[] rules =
    [
        new NamingRules(options), new SelectorRules(), new ServiceRules(), new RouteRules(options), new ScalingRules(), new VolumeRules(),
        new ConfigRules(), new StoreRules(), new IdentityRules(options), new MonitoringRules(), new HostNameRules(options), new NetworkRules(options),
        new SecurityRules(options), new ResourceRules(), new ProbeRules(options), new DisruptionRules(),
    ];

    public IReadOnlyList<ObjectFinding> Check(ObjectSet set)
    {
        var report = new Report();
        foreach (var rule in rules) rule.Check(set, report);
        return report.Findings;
    }
}
