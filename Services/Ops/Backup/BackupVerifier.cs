using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Backup;

/// <summary>Reads backups from the first byte to the last.</summary>
internal sealed class BackupVerifier(BackupDirectory directory)
{
    /// <summary>Checks the hash, every record and every offset of all backups of a chain.</summary>
    /// <exception cref="OpsException">Something is not as it was written.</exception>
    public Task VerifyAsync(IReadOnlyCollection<BackupManifest> backups, CancellationToken cancellationToken) => Steps.RunAsync("verifying", report =>
    {
        long done = 0;
        var total = backups.Sum(b => b.Bytes);
        foreach (var manifest in backups)
        {
            foreach (var topic in manifest.Topics)
            {
                Verify(manifest, topic, cancellationToken);
                report(done += topic.Bytes, total);
            }
        }

        return Task.CompletedTask;
    });

    private void Verify(BackupManifest manifest, BackupManifest.Topic topic, CancellationToken cancellationToken)
    {
        var folder = directory.FolderOf(manifest.Name);
        PartReader.CheckFile(folder, manifest, topic, hash: true, cancellationToken);
        var last = topic.LastEventId;
        foreach (var stored in PartReader.Read(folder, manifest, topic))
        {
            cancellationToken.ThrowIfCancellationRequested();
            last = stored.Record.EventId;
        }

        if (last != topic.LastEventId) throw BackupManifest.Damaged(manifest.Name, $"the last record of '{topic.Name}' is another one");
    }
}
