using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>The store of a region's secrets: the cloud's own, entered by workload identity, so that there is no first secret.</summary>
internal static class RegionSecrets
{
    private const string Account = "secrets-reader";

    public static IEnumerable<Map> Of(DeploymentTopology topology, Region region)
    {
        var account = Objects.ServiceAccount(Account);
        yield return account.With("metadata", ((Map)account["metadata"]!).With("annotations", CloudIdentity.Annotation(topology, region, Account)));
        yield return Objects.In("", "external-secrets.io/v1", "ClusterSecretStore", ExternalSecrets.Store, "platform", ("spec", Map(
            ("conditions", List(Map(("namespaces", List(Deployment.Namespace, Deployment.Monitoring))))),
            ("provider", Provider(topology, region)))));
    }

    private static Map Provider(DeploymentTopology topology, Region region) => region.Provider switch
    {
        CloudProvider.Aws => Map(("aws", Map(
            ("service", "SecretsManager"),
            ("region", region.Location),
            ("auth", Map(("jwt", Map(("serviceAccountRef", Identity)))))))),
        _ => Map(("gcpsm", Map(
            ("projectID", topology.Accounts.Gcp),
            ("auth", Map(("workloadIdentity", Map(("serviceAccountRef", Identity)))))))),
    };

    private static Map Identity => Map(("name", Account), ("namespace", Deployment.Namespace));
}
