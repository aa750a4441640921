using RecoAspire.Topology;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Backups are as old as the recovery point allows, and a rehearsal shows that they can be read.</summary>
internal static class BackupRules
{
    private const string Profiles = "user_profiles";
    private const string ProfilesSuccess = "scylla_manager_scheduler_last_success{type=\"backup\"}";

    /// <summary>The CronJobs by what they copy; Scylla's manager copies profiles by itself.</summary>
    public static IReadOnlyList<(string Store, string CronJob)> CronJobs { get; } =
    [
        ("log", "backup-log"),
        ("vector_db", "backup-vector-db"),
        ("knowledge_graph", "backup-knowledge-graph"),
        ("rehearsal", "backup-rehearsal"),
    ];

    public static RuleGroup Of(DeploymentTopology topology, Region region)
    {
        // Community cannot be copied while it runs: what it holds comes back from the log.
        var graph = region.Offers(RegionService.KnowledgeGraph) && topology.Neo4j.Edition == "enterprise";
        (string Store, string CronJob)[] jobs = [.. CronJobs.Where(j => graph || j.Store != "knowledge_graph")];
        return new RuleGroup(
            "backup",
            [
                .. jobs.Select((job, i) => TooOld(job.Store, job.CronJob, MaxAgeSeconds(topology, job.Store), i == 0)),
                ProfilesTooOld(MaxAgeSeconds(topology, Profiles)),
                new Alert
                {
                    Name = "BackupFailed",
                    Severity = Severity.Warning,
                    For = "0m",
                    Expr = "sum by (job_name) (kube_job_status_failed{namespace=\"recommendation\",job_name=~\"(backup|restore)-.+\"} > 0)",
                    Summary = "{{ $labels.job_name }} has failed",
                    Description = "{{ $value | humanize }} of its pods ended with an error.",
                    Runbook = new Runbook(
                        "One run of a backup or a rehearsal has failed. BackupTooOld follows when none succeeds.",
                        "None yet.",
                        ["kubectl -n recommendation logs job/<job_name>", "kubectl -n recommendation describe job <job_name>"],
                        ["Access denied: the service account's cloud role, or the bucket's policy.", "No space: volume_gib in topology.yaml.", "Run it again: kubectl -n recommendation create job --from=cronjob/<cronjob> backup-by-hand"],
                        "The next run succeeds; delete the failed Job to end the alert."),
                },
            ],
            [
                .. jobs.Select(job => Test(job.Store, job.CronJob, MaxAgeSeconds(topology, job.Store), [.. jobs.Select(j => j.Store), Profiles])),
                OwnFigure([.. jobs.Select(j => j.Store), Profiles]),
                ProfilesTest(MaxAgeSeconds(topology, Profiles), [.. jobs.Select(j => j.Store)]),
                new RuleTest("One run failed, one did not")
                    .Given("kube_job_status_failed{namespace=\"recommendation\",job_name=\"backup-log-1\",reason=\"BackoffLimitExceeded\"}", "1x10")
                    .Given("kube_job_status_failed{namespace=\"recommendation\",job_name=\"backup-log-2\"}", "0x10")
                    .Fires("5m", "BackupFailed", "1", ("job_name", "backup-log-1")),
                new RuleTest("No run failed").Given("kube_job_status_failed{namespace=\"recommendation\",job_name=\"backup-log-2\"}", "0x10").Quiet("5m", "BackupFailed"),
            ]);
    }

    /// <summary>
    /// How old a copy may be. The log bounds the loss of every store, so its limit is the shortest recovery point; of the others a run
    /// may be missed by half its interval.
    /// </summary>
    internal static long MaxAgeSeconds(DeploymentTopology topology, string store)
    {
        var objective = (long)Math.Min(topology.Slo.DataLossHours * 3600, topology.RecoveryObjectives.Where(o => o.Key != "hot_path_api").Min(o => o.Value.RpoMinutes) * 60);
        var schedule = store switch
        {
            "log" => topology.Backup.Log.Schedule,
            "vector_db" => topology.Backup.VectorDb.Schedule,
            "knowledge_graph" => topology.Backup.KnowledgeGraph.Schedule,
            "user_profiles" => topology.Backup.UserProfiles.Schedule,
            _ => topology.Backup.RehearsalSchedule,
        };
        var late = (long)(LongestGap(schedule).TotalSeconds * 1.5);
        return store == "log" ? Math.Min(objective, late) : late;
    }

    private static TimeSpan LongestGap(string schedule) =>
        CronSchedule.TryParse(schedule, out var error)?.LongestGap ?? throw new PublishException($"topology.yaml: backup: the schedule '{schedule}' {error}.");

    private static Alert TooOld(string store, string cronJob, long seconds, bool withRunbook) => new()
    {
        Name = "BackupTooOld",
        Severity = store == "log" ? Severity.Critical : Severity.Warning,
        For = "5m",
        Labels = [("store", store)],
        // A CronJob that has never succeeded counts from its creation; one that does not exist is too old at once.
        Expr = $$"""
            (time() - (max(reco_backup_last_success_timestamp_seconds{store="{{store}}"}) or max(kube_cronjob_status_last_successful_time{namespace="recommendation",cronjob="{{cronJob}}"}) or max(kube_cronjob_created{namespace="recommendation",cronjob="{{cronJob}}"}))) > {{seconds}}
            or sum(absent(kube_cronjob_created{namespace="recommendation",cronjob="{{cronJob}}"})) * +Inf
            """,
        Summary = store == "rehearsal" ? "No restore has been rehearsed lately" : $"The last backup of {store} is too old",
        Description = $"The last success was {{{{ $value | humanizeDuration }}}} ago (+Inf: there is no CronJob {cronJob}); {SloRules.Number(seconds / 60.0)} minutes are allowed.",
        Runbook = withRunbook ? new Runbook(
            "A store's last good copy is older than it may be. Of `log` that breaks the recovery point of every store; `rehearsal` means that nobody knows whether copies can be read.",
            "If the region is lost now, more is lost than promised.",
            ["kubectl -n recommendation get cronjobs,jobs", "kubectl -n recommendation logs job/<last job>", "query: time() - kube_cronjob_status_last_successful_time"],
            ["Suspended: kubectl -n recommendation patch cronjob <name> -p '{\"spec\":{\"suspend\":false}}'", "It fails: see BackupFailed.", "It runs too long: compare its duration with its schedule in topology.yaml.", "Run it now: kubectl -n recommendation create job --from=cronjob/<name> backup-by-hand"],
            "The age falls below the limit; list the bucket and see the new copy.") : null,
    };

    // The manager is no CronJob: its own clock of the last success counts.
    private static Alert ProfilesTooOld(long seconds) => new()
    {
        Name = "BackupTooOld",
        Severity = Severity.Warning,
        For = "5m",
        Labels = [("store", Profiles)],
        Expr = $"time() - max({ProfilesSuccess}) > {seconds} or sum(absent({ProfilesSuccess})) * +Inf",
        Summary = $"The last backup of {Profiles} is too old",
        Description = $"The last success was {{{{ $value | humanizeDuration }}}} ago (+Inf: Scylla's manager reports none); {SloRules.Number(seconds / 60.0)} minutes are allowed.",
    };

    private static RuleTest Test(string store, string cronJob, long seconds, string[] stores)
    {
        // Time begins at 0, so the last success lies before it: the limit is passed at the tenth minute.
        var success = 600 - seconds;
        var test = new RuleTest($"{store}: a run is missed; before that the copy was young enough")
            .Given($"kube_cronjob_created{{namespace=\"recommendation\",cronjob=\"{cronJob}\"}}", $"{success - 3600}x60")
            .Given($"kube_cronjob_status_last_successful_time{{namespace=\"recommendation\",cronjob=\"{cronJob}\"}}", $"{success}x60")
            .Fires("30m", "BackupTooOld", Prometheus.Durations.Humanize(1800 - success), ("store", store));
        foreach (var other in stores)
        {
            // Without a CronJob it is too old for ever.
            if (other != store) test = test.Fires("30m", "BackupTooOld", "+Inf", ("store", other)).Fires("9m", "BackupTooOld", "+Inf", ("store", other));
        }

        return test;
    }

    private static RuleTest OwnFigure(string[] stores)
    {
        var test = new RuleTest("The tool's own figure counts more than the CronJob's, which knows only that a pod ended well")
            .Given("kube_cronjob_created{namespace=\"recommendation\",cronjob=\"backup-log\"}", "-1000000x60")
            .Given("kube_cronjob_status_last_successful_time{namespace=\"recommendation\",cronjob=\"backup-log\"}", "-1000000x60")
            .Given("reco_backup_last_success_timestamp_seconds{store=\"log\"}", "0x60");
        foreach (var other in stores)
        {
            if (other != "log") test = test.Fires("20m", "BackupTooOld", "+Inf", ("store", other));
        }

        return test;
    }

    private static RuleTest ProfilesTest(long seconds, string[] others)
    {
        var success = 600 - seconds;
        var test = new RuleTest("user_profiles: the manager misses a run; before that the copy was young enough")
            .Given("scylla_manager_scheduler_last_success{type=\"backup\",cluster=\"c\",task=\"t\"}", $"{success}x60")
            .Given("scylla_manager_scheduler_last_success{type=\"repair\",cluster=\"c\",task=\"u\"}", "0x60")
            .Fires("30m", "BackupTooOld", Prometheus.Durations.Humanize(1800 - success), ("store", Profiles));
        foreach (var other in others) test = test.Fires("30m", "BackupTooOld", "+Inf", ("store", other)).Fires("9m", "BackupTooOld", "+Inf", ("store", other));
        return test;
    }
}
