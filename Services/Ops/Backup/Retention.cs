namespace RecoAspire.Ops.Backup;

/// <summary>Which backups may go.</summary>
internal static class Retention
{
    /// <summary>A backup as far as its age matters.</summary>
    internal sealed record Backup(string Name, string? Base, DateTimeOffset CreatedAt);

    /// <summary>
    /// The backups that no one needs: older than the limit, not of the newest chain that was verified, and not under one that stays.
    /// Newest first, so that each goes before its base.
    /// </summary>
    public static IReadOnlyList<string> Removable(IReadOnlyCollection<Backup> backups, string newestVerified, DateTimeOffset keepFrom)
    {
        var byName = backups.ToDictionary(b => b.Name, StringComparer.Ordinal);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kept in backups.Where(b => b.CreatedAt >= keepFrom || b.Name == newestVerified))
        {
            for (var backup = kept; backup is not null && needed.Add(backup.Name); backup = backup.Base is { } name ? byName.GetValueOrDefault(name) : null)
            {
            }
        }

        return [.. backups.Where(b => !needed.Contains(b.Name)).Select(b => b.Name).OrderDescending(StringComparer.Ordinal)];
    }
}
