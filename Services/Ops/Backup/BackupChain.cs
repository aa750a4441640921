using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Ops.Backup;

/// <summary>A full backup with the incremental ones after it, read as one log.</summary>
internal sealed class BackupChain(BackupDirectory directory, IReadOnlyList<BackupManifest> backups)
{
    public IReadOnlyList<BackupManifest> Backups => backups;

    /// <summary>The newest backup of the chain, whose topics and ends are the chain's.</summary>
    public BackupManifest Last => backups[^1];

    public long Records => backups.Sum(b => b.Records);

    /// <summary>A topic's records from its first on.</summary>
    public IEnumerable<StoredRecord> Read(string topic) => backups.SelectMany(
        backup => backup.Topics.Where(t => t.Name == topic).SelectMany(t => PartReader.Read(directory.FolderOf(backup.Name), backup, t)));
}
