using RecoAspire.Publishing.Kubernetes;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>
/// Copies of what cannot be computed again (the log) and of what takes long to compute (the stores), each on a volume of its own, from where
/// it is shipped to the region's bucket. A rehearsal restores the log's newest copy every week.
/// </summary>
public sealed class BackupPart : IPublishedPart, INetworkPart
{
    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        yield return new(Peer.Of(VectorDbBackup.Name), Peer.Of("qdrant"), Ports.QdrantHttp);
        if (IsEnterprise(deployment)) yield return new(Peer.Of(KnowledgeGraphBackup.Name), Peer.Of("neo4j"), KnowledgeGraphBackup.Port);
    }

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var parts = new List<string> { "log", "vector-db" };
        foreach (var file in LogBackup.Folder(deployment).Files()) yield return file;
        foreach (var file in VectorDbBackup.Folder(deployment).Files()) yield return file;
        if (IsEnterprise(deployment))
        {
            parts.Add("knowledge-graph");
            foreach (var file in KnowledgeGraphBackup.Folder(deployment).Files()) yield return file;
        }

        var all = new KustomizeFolder("backup/base", "All backups; regions take what they have.");
        parts.ForEach(p => all.Include(p));
        foreach (var file in all.Files()) yield return file;
        foreach (var region in deployment.Topology.Regions)
        {
            foreach (var file in BackupOverlay.Folder(region, deployment).Files()) yield return file;
            yield return new($"backup/regions/{region.Name}/bucket.tf", BucketTerraform.Write(region, deployment.Topology));
        }

        yield return new("backup/scripts/restore-vector-db.sh", EmbeddedText.Read("operations/Scripts/restore-vector-db.sh"));
        yield return new("backup/scripts/failover.sh", FailoverScript.Write(deployment.Topology));
    }

    /// <summary>Only Enterprise can be copied while it runs; what Community holds comes back from the log.</summary>
    internal static bool IsEnterprise(Deployment deployment) => deployment.Topology.Neo4j.Edition == "enterprise";
}
