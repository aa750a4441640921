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

    /// <summary>Name of the AWS role of a service account.</summary>
    public static string AwsRole(DeploymentTopology topology, Region region, string account) =>
        $"arn:aws:iam::{topology.Accounts.Aws}:role/reco-{region.Name}-{account}";
}
