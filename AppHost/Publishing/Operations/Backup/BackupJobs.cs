using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>What all backup jobs have in common.</summary>
internal static class BackupJobs
{
    /// <summary>Where a job finds its volume.</summary>
    public const string Mount = "/backup";

    /// <summary>Claim, account and network policy of a backup that is not the operator tool's.</summary>
    public static IEnumerable<Node> Surroundings(string name, Deployment deployment) => [
        Objects.ServiceAccount(name),
        NetworkPolicies.Of(Peer.Of(name), deployment, NetworkPolicies.ToInternet(443)),
        Claim(name, name, deployment.Topology.Backup.VolumeGib)];

    /// <summary>The volume that copies lie on until they are shipped, and from which the newest is restored soonest.</summary>
    public static Map Claim(string name, string workload, int gib) => Objects.Of("v1", "PersistentVolumeClaim", name, workload, ("spec", Map(
        ("accessModes", List("ReadWriteOnce")),
        ("storageClassName", "standard-ssd"),
        ("resources", Map(("requests", Map(("storage", $"{gib}Gi"))))))));

    /// <summary>A job by the clock: never two at once, and given up before the next one matters.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="workload">Account and label of its pods.</param>
    /// <param name="schedule">Cron expression, UTC.</param>
    /// <param name="deadlineSeconds">After so long it has failed.</param>
    /// <param name="user">Numeric user.</param>
    /// <param name="steps">Containers that run one after another; the last one is the job's.</param>
    /// <param name="volumes">Volumes beside <c>tmp</c>.</param>
    public static Map CronJob(string name, string workload, string schedule, int deadlineSeconds, int user, IReadOnlyList<Map> steps, Sequence volumes) =>
        Objects.Of("batch/v1", "CronJob", name, workload, ("spec", Map(
            ("schedule", schedule),
            ("timeZone", "Etc/UTC"),
            ("concurrencyPolicy", "Forbid"),
            ("startingDeadlineSeconds", 600),
            ("successfulJobsHistoryLimit", 3),
            ("failedJobsHistoryLimit", 3),
            ("jobTemplate", Map(("spec", Map(
                ("backoffLimit", 2),
                ("activeDeadlineSeconds", deadlineSeconds),
                ("ttlSecondsAfterFinished", 259200),
                ("template", Pods.Template(
                    workload, user, List(steps[^1]), volumes, component: "job",
                    initContainers: steps.Count == 1 ? null : new Sequence([.. steps.Take(steps.Count - 1)]),
                    settings: Map(("restartPolicy", "Never"), ("priorityClassName", "reco-batch"), ("terminationGracePeriodSeconds", 60)))))))))));

    /// <summary>A step of a job.</summary>
    public static Map Step(string name, string image, Sequence? command, Sequence? args, Sequence? environment, Workload size, Sequence mounts) => Map(
        ("name", name),
        ("image", image),
        ("command", command),
        ("args", args),
        ("env", environment),
        ("resources", Pods.Resources(size)),
        ("securityContext", Pods.Restricted),
        ("volumeMounts", mounts));

    /// <summary>Copies the volume to the region's bucket; credentials come from the pod's role. What the bucket has and the volume no more stays: the bucket's own rules age it.</summary>
    public static Map Ship(string path, Deployment deployment) => Step(
        "ship", deployment.Topology.Images.OfEngine("rclone"), null,
        List("copy", Mount, $"bucket:$(BUCKET)/{path}", "--checksum", "--immutable", "--exclude", "backup.prom", "--exclude", ".lock", "--exclude", "lost+found/**", "--stats-one-line", "--stats", "60s"),
        List(
            Pods.VariableFromConfig("BUCKET", "backup-target", "bucket"),
            Pods.VariableFromConfig("RCLONE_CONFIG_BUCKET_TYPE", "backup-target", "type"),
            Pods.VariableFromConfig("RCLONE_CONFIG_BUCKET_PROVIDER", "backup-target", "provider"),
            Pods.VariableFromConfig("RCLONE_CONFIG_BUCKET_REGION", "backup-target", "location"),
            Pods.VariableFromConfig("RCLONE_CONFIG_BUCKET_ENV_AUTH", "backup-target", "identity_of_the_pod"),
            Pods.Variable("RCLONE_CONFIG_BUCKET_BUCKET_POLICY_ONLY", "true"),
            Pods.Variable("RCLONE_S3_NO_CHECK_BUCKET", "true"),
            Pods.Variable("RCLONE_CONFIG", "/tmp/rclone.conf"),
            Pods.Variable("RCLONE_CACHE_DIR", "/tmp")),
        Small, Pods.Mounts(("backup", Mount)));

    /// <summary>The volume of a claim.</summary>
    public static Map ClaimVolume(string claim) => Map(("name", "backup"), ("persistentVolumeClaim", Map(("claimName", claim))));

    /// <summary>A step that mostly waits.</summary>
    public static Workload Small { get; } = new() { Cpu = 0.25, MemoryMib = 256, MemoryLimitMib = 512 };
}
