using System.Globalization;
using System.Text;

namespace RecoAspire.Ops.Backup;

/// <summary>What monitoring sees of the last backup, in Prometheus' text format.</summary>
internal static class BackupGauges
{
    public const string FileName = "backup.prom";

    public static void Write(string directory, BackupManifest manifest, DateTimeOffset finishedAt, TimeSpan duration)
    {
        var text = new StringBuilder();
        Add(text, "reco_backup_last_success_timestamp_seconds", "When the last backup was complete, unix time.", finishedAt.ToUnixTimeMilliseconds() / 1000.0);
        Add(text, "reco_backup_records", "Records in the last backup.", manifest.Records);
        Add(text, "reco_backup_bytes", "Size of the parts of the last backup.", manifest.Bytes);
        Add(text, "reco_backup_duration_seconds", "How long the last backup took.", duration.TotalSeconds);
        DurableFiles.Replace(Path.Combine(directory, FileName), Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Add(StringBuilder text, string name, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name}{{store=\"log\"}} {value:0.###}\n");
}
