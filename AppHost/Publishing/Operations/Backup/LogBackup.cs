using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Operations.Backup;

/// <summary>The log's copies, made and rehearsed by the operator's tool. They bound what a loss of the whole region costs.</summary>
internal static class LogBackup
{
    private const string Claim = "backup-log";
    private const string Rehearsal = "backup-rehearsal";

    public static KustomizeFolder Folder(Deployment deployment)
    {
        var policy = deployment.Topology.Backup;
        return new KustomizeFolder("backup/base/log", "Copies of the log.")
            .Add("claim.yaml", "Where the copies lie.", BackupJobs.Claim(Claim, "ops", policy.VolumeGib))
            .Add("backup.yaml", "What the log has gained since the last copy, and once a week all of it: old copies can go only when a newer full one stands.",
                Create("backup-log", policy.Log.Schedule, full: false, deployment),
                Create("backup-log-full", "15 1 * * 0", full: true, deployment))
            .Add("rehearsal.yaml", "Restores the newest copy into a log that lives only as long as the job, and compares every record.",
                Objects.ServiceAccount(Rehearsal), Rehearse(deployment))
            .Add("restore.yaml", "Puts the newest copy into an empty log. It never runs by itself: `kubectl create job --from=cronjob/restore-log NAME`, once no service writes.",
                Restore(deployment));
    }

    private static Map Restore(Deployment deployment)
    {
        var job = BackupJobs.CronJob(
            "restore-log", "ops", "0 0 1 1 *", 14400, Pods.ServiceUser,
            [
                Ops("verify", deployment, ["backup", "verify", BackupJobs.Mount, "--latest"]),
                Ops("restore", deployment, ["backup", "restore", BackupJobs.Mount, "--into", $"http://eventlog:{Ports.Grpc}"]),
            ],
            List(BackupJobs.ClaimVolume(Claim)));
        return job.With("spec", ((Map)job["spec"]!).With("suspend", true));
    }

    private static Map Create(string name, string schedule, bool full, Deployment deployment) => BackupJobs.CronJob(
        name, "ops", schedule, 3600, Pods.ServiceUser,
        [
            Ops("create", deployment, ["backup", "create", "--to", BackupJobs.Mount, "--compression", deployment.Topology.Backup.Log.Compression, .. full ? ["--full"] : (string[])[]]),
            Ops("verify", deployment, ["backup", "verify", BackupJobs.Mount, "--latest"]),
            Ops("prune", deployment, ["backup", "prune", BackupJobs.Mount, "--keep", $"{deployment.Topology.Backup.Log.RetentionDays}d"]),
            BackupJobs.Ship("log", deployment),
        ],
        List(BackupJobs.ClaimVolume(Claim)));

    private static Map Rehearse(Deployment deployment)
    {
        var log = Map(
            ("name", "log"),
            ("image", deployment.Topology.Images.OfService("eventlog")),
            // A sidecar: started before the job's container, stopped after it.
            ("restartPolicy", "Always"),
            ("env", List(
                Pods.Variable("HTTP_PORT", $"{Ports.Http}"),
                Pods.Variable("GRPC_PORT", $"{Ports.Grpc}"),
                Pods.Variable("LISTEN_ADDRESS", "0.0.0.0").Because("The probe comes from outside the pod; the network policy lets nobody else in."),
                Pods.Variable("Data__Directory", "/data"),
                Pods.Variable("DOTNET_EnableDiagnostics", "0"))),
            ("ports", List(Pods.Port("grpc", Ports.Grpc))),
            ("startupProbe", Map(("grpc", Map(("port", Ports.Grpc))), ("periodSeconds", 2), ("failureThreshold", 60))),
            ("resources", Pods.Resources(deployment.Topology.Workloads["eventlog"])),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts(("data", "/data"))));
        return BackupJobs.CronJob(
            Rehearsal, Rehearsal, deployment.Topology.Backup.RehearsalSchedule, 14400, Pods.ServiceUser,
            [log, Ops("rehearse", deployment, ["backup", "rehearse", BackupJobs.Mount, "--into", $"http://127.0.0.1:{Ports.Grpc}"])],
            List(
                BackupJobs.ClaimVolume(Claim),
                Map(("name", "data"), ("ephemeral", Map(("volumeClaimTemplate", Map(("spec", Map(
                    ("accessModes", List("ReadWriteOnce")),
                    ("storageClassName", "standard-ssd"),
                    ("resources", Map(("requests", Map(("storage", $"{deployment.Topology.Workloads["eventlog"].StorageGib}Gi"))))))))))))));
    }

    private static Map Ops(string name, Deployment deployment, IReadOnlyList<string> args)
    {
        return BackupJobs.Step(
            name, deployment.Topology.Images.OfService("ops"), null, ListOf(args),
            List(
                Pods.Variable("services__eventlog__http__0", $"http://eventlog:{Ports.Grpc}"),
                Pods.VariableFromConfig("REGION", "backup-target", "region"),
                Pods.Variable("DOTNET_EnableDiagnostics", "0")),
            deployment.Topology.Workloads["ops"], Pods.Mounts(("backup", BackupJobs.Mount)));
    }
}
