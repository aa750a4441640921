namespace RecoAspire.Ops.Backup;

/// <summary>The folder that holds the backups: one folder each, complete when it has a manifest.</summary>
internal sealed class BackupDirectory(string path)
{
    private const string LockFile = ".lock";

    /// <summary>A backup's folder: with its manifest, or with what is wrong with it, or with neither: it was never finished.</summary>
    internal sealed record Entry(string Name, BackupManifest? Manifest, string? Problem)
    {
        public bool IsUnfinished => Manifest is null && Problem is null;
    }

    public string Path => path;

    /// <exception cref="OpsException">There is no such folder.</exception>
    public static BackupDirectory Existing(string path) =>
        Directory.Exists(path) ? new BackupDirectory(path) : throw new OpsException($"there is no folder '{path}'", OpsException.BadInput);

    /// <summary>What is there, oldest first.</summary>
    public IReadOnlyList<Entry> List() =>
        [.. Directory.EnumerateDirectories(path).Select(p => System.IO.Path.GetFileName(p)!).Where(BackupManifest.IsName).Order(StringComparer.Ordinal).Select(Look)];

    public string FolderOf(string name) => System.IO.Path.Combine(path, name);

    /// <summary>One backup, or the newest.</summary>
    /// <param name="name">Its name; null = the newest, also when that is a damaged one: an older one would be less than what is expected.</param>
    /// <exception cref="OpsException">There is none, or it is damaged.</exception>
    public BackupManifest Find(string? name)
    {
        if (name is not null && !BackupManifest.IsName(name)) throw new OpsException($"'{name}' is no name of a backup", OpsException.BadInput);
        var entry = name is null ? List().LastOrDefault(e => !e.IsUnfinished) : Look(name);
        if (entry is null) throw new OpsException($"there is no backup in '{path}'");
        if (entry.IsUnfinished) throw new OpsException($"there is no backup '{name}' in '{path}'");
        return entry.Manifest ?? throw new OpsException(entry.Problem!);
    }

    /// <summary>The chain that ends in a backup: its full one, then each incremental one. The manifests fit together; parts are not looked at.</summary>
    /// <exception cref="OpsException">A base is missing, damaged, of another log, or ends elsewhere.</exception>
    public IReadOnlyList<BackupManifest> ChainOf(BackupManifest last)
    {
        List<BackupManifest> chain = [last];
        for (var manifest = last; manifest.Base is { } baseName; manifest = chain[^1])
        {
            var entry = Look(baseName);
            if (entry.IsUnfinished) throw new OpsException($"{manifest.Name} needs {baseName}, which is missing");
            var before = entry.Manifest ?? throw new OpsException(entry.Problem!);
            if (before.LogId != manifest.LogId) throw new OpsException($"{manifest.Name} is of the log {manifest.LogId}, its base {baseName} of the log {before.LogId}");
            // A digest cannot be in its own preimage: chains end.
            if (before.Digest != manifest.BaseDigest) throw new OpsException($"{manifest.Name} was made after another {baseName} than the one that is here");
            chain.Add(before);
        }

        chain.Reverse();
        var ends = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var manifest in chain)
        {
            foreach (var topic in manifest.Topics)
            {
                if (topic.FirstOffset != ends.GetValueOrDefault(topic.Name))
                    throw new OpsException($"{manifest.Name} begins with offset {topic.FirstOffset} of '{topic.Name}', what is before it ends at {ends.GetValueOrDefault(topic.Name)}");
                ends[topic.Name] = topic.EndOffset;
            }

            if (ends.Count != manifest.Topics.Count) throw new OpsException($"{manifest.Name} has lost a topic of its base");
        }

        return chain;
    }

    /// <summary>Keeps others from writing here until it is disposed.</summary>
    /// <exception cref="OpsException">Another process has it.</exception>
    public FileStream Lock()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new OpsException($"another create or prune works in '{path}': {e.Message}", e);
        }
    }

    /// <summary>Removes a backup: first what makes it one.</summary>
    public void Remove(string name)
    {
        var folder = FolderOf(name);
        var manifest = System.IO.Path.Combine(folder, BackupManifest.FileName);
        if (File.Exists(manifest))
        {
            File.Delete(manifest);
            DurableFiles.SyncFolder(folder);
        }

        Directory.Delete(folder, recursive: true);
        DurableFiles.SyncFolder(path);
    }

    private Entry Look(string name)
    {
        var file = System.IO.Path.Combine(FolderOf(name), BackupManifest.FileName);
        if (!File.Exists(file)) return new Entry(name, null, null);
        try
        {
            return new Entry(name, BackupManifest.Parse(File.ReadAllBytes(file), name), null);
        }
        catch (OpsException e)
        {
            return new Entry(name, null, e.Message);
        }
    }
}
