namespace RecoAspire.Ops.Backup;

/// <summary>Removes what is old and what was never finished.</summary>
internal sealed class BackupPruner(BackupDirectory directory, TimeProvider time)
{
    /// <summary>Removes backups older than <paramref name="age"/> and says which. Damaged manifests stay: nobody knows what needs them.</summary>
    /// <exception cref="OpsException">No chain can be restored: then nothing is removed.</exception>
    public async Task PruneAsync(TimeSpan age, bool dryRun, CancellationToken cancellationToken)
    {
        using var exclusive = directory.Lock();
        var entries = directory.List();
        var manifests = entries.Where(e => e.Manifest is not null).Select(e => e.Manifest!).ToList();
        var old = new List<string>();
        if (manifests.Count > 0)
        {
            var newest = await FindRestorableAsync(manifests, cancellationToken);
            old.AddRange(Retention.Removable([.. manifests.Select(m => new Retention.Backup(m.Name, m.Base, m.CreatedAt))], newest, time.GetUtcNow() - age));
        }

        foreach (var entry in entries.Where(e => e.Problem is not null)) Console.WriteLine($"{entry.Problem}: left where it is");
        foreach (var name in entries.Where(e => e.IsUnfinished).Select(e => e.Name).Concat(old))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!dryRun) directory.Remove(name);
            Console.WriteLine($"{name}: {(dryRun ? "would be removed" : "removed")}");
        }

        Console.WriteLine($"{manifests.Count - (dryRun ? 0 : old.Count)} backups stay");
    }

    private async Task<string> FindRestorableAsync(List<BackupManifest> manifests, CancellationToken cancellationToken)
    {
        var problem = "";
        foreach (var manifest in Enumerable.Reverse(manifests))
        {
            try
            {
                await new BackupVerifier(directory).VerifyAsync(directory.ChainOf(manifest), cancellationToken);
                return manifest.Name;
            }
            catch (OpsException e)
            {
                if (problem.Length == 0) problem = e.Message;
                Console.WriteLine($"{manifest.Name} cannot be restored: {e.Message}");
            }
        }

        throw new OpsException($"no backup in '{directory.Path}' can be restored, so none is removed: {problem}");
    }
}
