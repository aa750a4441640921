using System.Text.RegularExpressions;
using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>What may be lost is what backups and replication can keep.</summary>
internal static partial class RecoveryRules
{
    public static void CheckObjectives(DeploymentTopology topology, TopologyErrors errors)
    {
        errors.Keys("recovery_objectives", topology.RecoveryObjectives.Keys, ["hot_path_api", .. PromiseRules.Stores]);
        foreach (var (store, objective) in topology.RecoveryObjectives)
        {
            var path = TopologyPath.Key("recovery_objectives", store);
            errors.AtLeast($"{path}.rpo_minutes", objective.RpoMinutes, 0);
            errors.Above0($"{path}.rto_minutes", objective.RtoMinutes);
        }
    }

    public static void CheckBackups(DeploymentTopology topology, TopologyErrors errors)
    {
        var backup = topology.Backup;
        errors.Demand(BucketName().IsMatch(backup.Bucket), "backup.bucket", $"must be a bucket's name (a-z, 0-9, - and .; 3 to 63), is '{backup.Bucket}'");
        foreach (var (path, schedule) in Schedules(backup))
        {
            errors.OneOf($"{path}.type", schedule.Type, "full", "incremental");
            errors.OneOf($"{path}.compression", schedule.Compression, "gzip", "none");
            errors.Above0($"{path}.retention_days", schedule.RetentionDays);
            if (CronSchedule.TryParse(schedule.Schedule, out var error) is not { } cron) errors.Add($"{path}.schedule", $"{error}, is '{schedule.Schedule}'");
            else if (schedule.RetentionDays > 0)
            {
                errors.Demand(
                    TimeSpan.FromDays(schedule.RetentionDays) > cron.LongestGap,
                    $"{path}.retention_days",
                    $"must be longer than the {Text(cron.LongestGap)} between two backups, is {schedule.RetentionDays}: else there are times without any");
            }

            if (backup.DeleteAfterDays > 0)
                errors.Demand(schedule.RetentionDays <= backup.DeleteAfterDays, $"{path}.retention_days", $"must not be more than backup.delete_after_days ({backup.DeleteAfterDays}), is {schedule.RetentionDays}");
        }

        if (CronSchedule.TryParse(backup.RehearsalSchedule, out var reason) is null) errors.Add("backup.rehearsal_schedule", $"{reason}, is '{backup.RehearsalSchedule}'");
        errors.Above0("backup.volume_gib", backup.VolumeGib);
        if (errors.Above0("backup.archive_after_days", backup.ArchiveAfterDays))
        {
            errors.Demand(
                backup.DeleteAfterDays > backup.ArchiveAfterDays,
                "backup.delete_after_days",
                $"must be more than backup.archive_after_days ({backup.ArchiveAfterDays}), is {backup.DeleteAfterDays}");
        }
    }

    /// <summary>The log rebuilds every store: what it has not copied yet when a region is lost is what is lost.</summary>
    public static void CheckReach(DeploymentTopology topology, TopologyErrors errors)
    {
        var mostMinutes = topology.Slo.DataLossHours * 60;
        var copied = CronSchedule.TryParse(topology.Backup.Log.Schedule, out _)?.LongestGap;
        foreach (var store in PromiseRules.Stores)
        {
            if (!topology.RecoveryObjectives.TryGetValue(store, out var objective)) continue;
            var path = $"recovery_objectives.{store}.rpo_minutes";
            errors.Demand(objective.RpoMinutes <= mostMinutes, path, $"must be {Demands.Text(mostMinutes)} or less, is {objective.RpoMinutes}: slo.data_loss_hours");
            if (copied is not { } gap || !topology.Replication.TryGetValue(store, out var replication) || replication.LagTargetSeconds <= 0) continue;
            errors.Demand(
                gap + TimeSpan.FromSeconds(replication.LagTargetSeconds) <= TimeSpan.FromMinutes(objective.RpoMinutes),
                path,
                $"{objective.RpoMinutes} minutes cannot be kept: the log is copied every {Text(gap)} (backup.log.schedule) and may be {replication.LagTargetSeconds} s behind (replication.{store}.lag_target_seconds)");
        }
    }

    private static IEnumerable<(string Path, BackupSchedule Schedule)> Schedules(BackupPolicy backup) =>
        [("backup.log", backup.Log), ("backup.vector_db", backup.VectorDb), ("backup.knowledge_graph", backup.KnowledgeGraph), ("backup.user_profiles", backup.UserProfiles)];

    private static string Text(TimeSpan time) => time.TotalHours >= 48 ? $"{Demands.Text(time.TotalDays)} days" : $"{Demands.Text(time.TotalMinutes)} minutes";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();
}
