using System.Text.RegularExpressions;
using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>The forms of names.</summary>
internal static partial class NameRules
{
    public static void CheckVersion(DeploymentTopology topology, TopologyErrors errors) =>
        errors.Demand(topology.Version == 1, "version", $"must be 1, is {topology.Version}: the only format there is");

    public static void CheckNames(DeploymentTopology topology, TopologyErrors errors)
    {
        DemandDomain(errors, "domain", topology.Domain);
        DemandLabel(errors, "host", topology.Host);
    }

    public static void DemandLabel(TopologyErrors errors, string path, string value) =>
        errors.Demand(value.Length <= 63 && Label().IsMatch(value), path, $"must be a DNS label (a-z, 0-9, -; at most 63), is '{value}'");

    public static void DemandDomain(TopologyErrors errors, string path, string value)
    {
        var labels = value.Split('.');
        errors.Demand(
            value.Length <= 253 && labels.Length > 1 && labels.All(l => l.Length <= 63 && Label().IsMatch(l)),
            path,
            $"must be a domain name, such as example.org, is '{value}'");
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Label();
}
