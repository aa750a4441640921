using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>A region's backups: those of the stores that it has, and where they go.</summary>
internal static class BackupOverlay
{
    public static KustomizeFolder Folder(Region region, Deployment deployment)
    {
        var graph = region.Offers(RegionService.KnowledgeGraph) && BackupPart.IsEnterprise(deployment);
        var aws = region.Provider == CloudProvider.Aws;
        var names = new List<string>();
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
        // Accounts that ship are given a role that may write to the bucket, and nothing else; the operator tool's has its own already.
        if (names.Count > 0) folder.Set("patches", ListOf(names.SelectMany(name => CloudIdentity.Patches(deployment.Topology, region, name))));
        return folder;
    }

    private static string Hosts(string pod, string service, int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"{pod}-{i}.{service}"));

    // A reader is asked first: a copy costs it, and no writer.
    private static string GraphServers(Region region) => string.Join(',',
        Enumerable.Range(0, region.Capacity.GraphSecondaries).Select(i => $"neo4j-secondary-{i}.neo4j:{KnowledgeGraphBackup.Port}")
            .Concat(Enumerable.Range(0, region.Capacity.GraphPrimaries).Select(i => $"neo4j-primary-{i}.neo4j:{KnowledgeGraphBackup.Port}")));
}
