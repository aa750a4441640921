using RecoAspire.Publishing.Kubernetes;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>The vector store's copies: a snapshot of every node, since each has only its own shards.</summary>
internal static class VectorDbBackup
{
    public const string Name = "backup-vector-db";
    private const int CurlUser = 100;

    public static KustomizeFolder Folder(Deployment deployment)
    {
        var policy = deployment.Topology.Backup.VectorDb;
        return new KustomizeFolder("backup/base/vector-db", "Copies of the vector store.")
            .Add("backup.yaml", "Snapshots of all nodes and collections, with their checksums.",
                [.. BackupJobs.Surroundings(Name, deployment),
                BackupJobs.CronJob(Name, Name, policy.Schedule, 14400, CurlUser,
                    [
                        BackupJobs.Step("snapshot", deployment.Topology.Images.OfEngine("curl"), List("sh", "/scripts/backup-vector-db.sh"), null,
                            List(
                                Pods.VariableFromConfig("NODES", "backup-target", "vector_nodes"),
                                Pods.Variable("TO", BackupJobs.Mount),
                                Pods.Variable("KEEP_DAYS", $"{policy.RetentionDays}"),
                                Pods.Variable("KEY_FILE", "/keys/api-key")),
                            BackupJobs.Small, Pods.Mounts(("backup", BackupJobs.Mount), ("scripts", "/scripts"), ("keys", "/keys"))),
                        BackupJobs.Ship("qdrant", deployment),
                    ],
                    List(
                        BackupJobs.ClaimVolume(Name),
                        Map(("name", "scripts"), ("configMap", Map(("name", "backup-vector-db-script")))),
                        Map(("name", "keys"), ("secret", Map(("secretName", "qdrant"), ("items", List(Map(("key", "api-key"), ("path", "api-key")))))))))])
            .AddFile("backup-vector-db.sh", EmbeddedText.Read("operations/Scripts/backup-vector-db.sh"))
            .Set("configMapGenerator", List(Map(("name", "backup-vector-db-script"), ("namespace", Deployment.Namespace), ("files", List("backup-vector-db.sh")))));
    }
}
