using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>A region's backups: those of the stores that it has, and where they go.</summary>
internal static class BackupOverlay
{
    // The identity service of GKE's machines, without which a pod has no role.
    private const string GcpIdentity = "169.254.169.252/32";

    public static KustomizeFolder Folder(Region region, Deployment deployment)
    {
        var graph = region.Offers(RegionService.KnowledgeGraph) && BackupPart.IsEnterprise(deployment);
        var aws = region.Provider == CloudProvider.Aws;
        var names = new List<string> { "ops" };
        var folder = new KustomizeFolder($"backup/regions/{region.Name}", $"Backups of {region.Name}.").Include("../../base/log");
        if (region.Offers(RegionService.VectorSearch))
        {
            folder.Include("../../base/vector-db");
            names.Add(VectorDbBackup.Name);
        }

        if (graph)
        {
            folder.Include("../../base/knowledge-graph");
            names.Add(KnowledgeGraphBackup.Name);
        }

        if (!aws) folder.Add("identity.yaml", "Pods get their role in the cloud from the machine's identity service.", [.. names.Select(Identity)]);
        folder.Set("configMapGenerator", List(Map(
            ("name", "backup-target"),
            ("namespace", Deployment.Namespace),
            ("literals", ListOf((IEnumerable<string>)[
                $"region={region.Name}",
                $"bucket={BucketTerraform.BucketName(region, deployment.Topology)}",
                $"type={(aws ? "s3" : "google cloud storage")}",
                $"provider={(aws ? "AWS" : "")}",
                $"location={region.Location}",
                "identity_of_the_pod=true",
                .. region.Offers(RegionService.VectorSearch) ? [$"vector_nodes={Hosts("qdrant", "qdrant", region.Capacity.VectorNodes)}"] : (string[])[],
                .. graph ? [$"graph_servers={GraphServers(region)}"] : (string[])[]])))));
        // Accounts that ship are given the role that may write to the bucket, and nothing else.
        folder.Set("patches", ListOf(names.Skip(1).Select(name => Map(
            ("target", Map(("kind", "ServiceAccount"), ("name", name))),
            ("patch", YamlWriter.Write("The role in the cloud.", Map(
                ("apiVersion", "v1"),
                ("kind", "ServiceAccount"),
                ("metadata", Map(
                    ("name", name),
                    ("namespace", Deployment.Namespace),
                    ("annotations", CloudRole(region, deployment.Topology)))))))))));
        return folder;
    }

    private static Map CloudRole(Region region, DeploymentTopology topology) => region.Provider == CloudProvider.Aws
        ? Map(("eks.amazonaws.com/role-arn", $"arn:aws:iam::{topology.Accounts.Aws}:role/recoaspire-{region.Name}-backup"))
        : Map(("iam.gke.io/gcp-service-account", $"recoaspire-backup@{topology.Accounts.Gcp}.iam.gserviceaccount.com"));

    private static Map Identity(string workload) => Objects.Of("networking.k8s.io/v1", "NetworkPolicy", $"{workload}-identity", workload, ("spec", Map(
        ("podSelector", Objects.Selector(workload)),
        ("policyTypes", List("Egress")),
        ("egress", List(Map(
            ("to", List(Map(("ipBlock", Map(("cidr", GcpIdentity)))))),
            ("ports", List(Map(("protocol", "TCP"), ("port", 987)), Map(("protocol", "TCP"), ("port", 988))))))))));

    private static string Hosts(string pod, string service, int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"{pod}-{i}.{service}"));

    // A reader is asked first: a copy costs it, and no writer.
    private static string GraphServers(Region region) => string.Join(',',
        Enumerable.Range(0, region.Capacity.GraphSecondaries).Select(i => $"neo4j-secondary-{i}.neo4j:{KnowledgeGraphBackup.Port}")
            .Concat(Enumerable.Range(0, region.Capacity.GraphPrimaries).Select(i => $"neo4j-primary-{i}.neo4j:{KnowledgeGraphBackup.Port}")));
}
