using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>
/// What the cloud takes a service account for: IRSA on AWS, workload identity on GCP. No key is stored anywhere; the roles are made
/// with the cluster.
/// </summary>
public static class CloudIdentity
{
    /// <summary>The annotation that gives a service account its role.</summary>
    /// <param name="topology">Accounts.</param>
    /// <param name="region">Where.</param>
    /// <param name="account">The service account.</param>
    public static Map Annotation(DeploymentTopology topology, Region region, string account) => region.Provider switch
    {
        CloudProvider.Aws => Map(("eks.amazonaws.com/role-arn", AwsRole(topology, region, account))),
        _ => Map(("iam.gke.io/gcp-service-account", $"reco-{account}@{topology.Accounts.Gcp}.iam.gserviceaccount.com")),
    };

    /// <summary>What an overlay changes so that a workload's pods have their role: the account's annotation, and the way to where tokens come from.</summary>
    /// <param name="topology">Accounts.</param>
    /// <param name="region">Where.</param>
    /// <param name="workload">The workload: its account and its network policy have its name.</param>
    public static IEnumerable<Map> Patches(DeploymentTopology topology, Region region, string workload)
    {
        yield return OverlayPatch.Of("ServiceAccount", workload, OverlayPatch.Add("/metadata/annotations", Annotation(topology, region, workload)));
        if (region.Provider != CloudProvider.Gcp) yield break;
        yield return (Map)OverlayPatch.Of("NetworkPolicy", workload, OverlayPatch.Add("/spec/egress/-", GoogleMetadata))
            .Because("Workload identity hands out its tokens there; on AWS they come from the public STS.");
    }

    private static Map GoogleMetadata => Map(
        ("to", List(Map(("ipBlock", Map(("cidr", "169.254.169.254/32")))), Map(("ipBlock", Map(("cidr", "169.254.169.252/32")))))),
        ("ports", List(Map(("protocol", "TCP"), ("port", 80)), Map(("protocol", "TCP"), ("port", 988)))));

    /// <summary>Name of the AWS role of a service account.</summary>
    public static string AwsRole(DeploymentTopology topology, Region region, string account) =>
        $"arn:aws:iam::{topology.Accounts.Aws}:role/reco-{region.Name}-{account}";
}
