using CsCheck;
using RecoAspire.Ops.Backup;

namespace RecoAspire.Ops.Tests.Backup;

/// <summary>The rules of prune, over chains that chance made: several logs, forks, bases that are gone.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Each backup: minutes after the one before, and which of those before is its base (-1 = full, beyond = one that is gone).
    private static readonly Gen<(List<Retention.Backup> Backups, int Newest, DateTimeOffset KeepFrom)> Folders =
        from steps in Gen.Select(Gen.Int[1, 3_000], Gen.Int[-3, 40]).Array[1, 40]
        from newest in Gen.Int[0, steps.Length - 1]
        from keep in Gen.Int[-100, 50_000]
        select (Make(steps), newest, Start.AddMinutes(keep));

    private static List<Retention.Backup> Make((int Minutes, int Base)[] steps)
    {
        var backups = new List<Retention.Backup>();
        var at = Start;
        foreach (var (minutes, before) in steps)
        {
            at = at.AddMinutes(minutes);
            // Mostly the one before, as a CronJob makes them.
            var link = before < 0 ? null : before >= 30 ? "backup-gone" : backups.Count == 0 ? null : before < 20 ? backups[^1].Name : backups[before % backups.Count].Name;
            backups.Add(new Retention.Backup(BackupManifest.NameAt(at, link is null), link, at));
        }

        return backups;
    }

    private static HashSet<string> ChainOf(List<Retention.Backup> backups, string? name)
    {
        var chain = new HashSet<string>();
        while (name is not null && backups.Find(b => b.Name == name) is { } backup)
        {
            chain.Add(name);
            name = backup.Base;
        }

        return chain;
    }

    [Fact]
    public void Whatever_stays_can_be_restored_as_well_as_before_and_whatever_goes_is_old_and_not_needed()
    {
        Folders.Sample(folder =>
        {
            var (backups, newest, keepFrom) = folder;
            var gone = Retention.Removable(backups, backups[newest].Name, keepFrom);
            var stays = backups.Where(b => !gone.Contains(b.Name)).ToList();
            Assert.Equal(gone.Count, gone.Distinct().Count());
            // Nothing young goes, nor the newest chain that was verified.
            Assert.DoesNotContain(gone, name => backups.Find(b => b.Name == name)!.CreatedAt >= keepFrom);
            Assert.Empty(ChainOf(backups, backups[newest].Name).Intersect(gone));
            // No chain loses a link.
            foreach (var backup in stays) Assert.Equal(ChainOf(backups, backup.Name), ChainOf(stays, backup.Name));
            // Nothing stays without a reason.
            var reasons = stays.Where(b => b.CreatedAt >= keepFrom || b.Name == backups[newest].Name).SelectMany(b => ChainOf(backups, b.Name)).ToHashSet();
            Assert.Equal(reasons, stays.Select(b => b.Name).ToHashSet());
        });
    }

    [Fact]
    public void A_prune_that_is_interrupted_after_any_removal_leaves_no_backup_without_its_base()
    {
        Folders.Sample(folder =>
        {
            var (backups, newest, keepFrom) = folder;
            var left = new List<Retention.Backup>(backups);
            foreach (var name in Retention.Removable(backups, backups[newest].Name, keepFrom))
            {
                left.RemoveAll(b => b.Name == name);
                Assert.DoesNotContain(left, b => b.Base == name);
            }
        });
    }
}
