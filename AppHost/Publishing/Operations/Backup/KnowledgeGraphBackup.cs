using RecoAspire.Publishing.Kubernetes;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>The graph's copies, which Neo4j Enterprise makes while it runs.</summary>
internal static class KnowledgeGraphBackup
{
    public const string Name = "backup-knowledge-graph";
    public const int Port = 6362;
    private const int Neo4jUser = 7474;

    public static KustomizeFolder Folder(Deployment deployment)
    {
        var policy = deployment.Topology.Backup.KnowledgeGraph;
        return new KustomizeFolder("backup/base/knowledge-graph", "Copies of the graph.")
            .Add("backup.yaml", "A full copy from one of the servers, checked after it was written.",
                [.. BackupJobs.Surroundings(Name, deployment),
                BackupJobs.CronJob(Name, Name, policy.Schedule, 14400, Neo4jUser,
                    [
                        BackupJobs.Step("copy", deployment.Topology.Images.OfEngine("neo4j"), List("sh", "/scripts/backup-knowledge-graph.sh"), null,
                            List(
                                Pods.VariableFromConfig("SERVERS", "backup-target", "graph_servers"),
                                Pods.Variable("DATABASE", "neo4j"),
                                Pods.Variable("TO", BackupJobs.Mount),
                                Pods.Variable("KEEP_DAYS", $"{policy.RetentionDays}"),
                                Pods.Variable("NEO4J_ACCEPT_LICENSE_AGREEMENT", "yes")),
                            new Topology.Workload { Cpu = 1, MemoryMib = 2048, MemoryLimitMib = 4096 },
                            Pods.Mounts(("backup", BackupJobs.Mount), ("scripts", "/scripts"))),
                        BackupJobs.Ship("neo4j", deployment),
                    ],
                    List(
                        BackupJobs.ClaimVolume(Name),
                        Map(("name", "scripts"), ("configMap", Map(("name", "backup-knowledge-graph-script"))))))])
            .AddFile("backup-knowledge-graph.sh", EmbeddedText.Read("operations/Scripts/backup-knowledge-graph.sh"))
            .Set("configMapGenerator", List(Map(("name", "backup-knowledge-graph-script"), ("namespace", Deployment.Namespace), ("files", List("backup-knowledge-graph.sh")))));
    }
}
