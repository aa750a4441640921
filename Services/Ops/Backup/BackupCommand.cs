using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Backup;

/// <summary><c>backup create|list|verify|prune|restore|rehearse</c>: every store is a view of the log, so the log's backup is the platform's.</summary>
internal static partial class BackupCommand
{
    // Who remembers positions in the log itself: the text model and its vectors.
    private const string KnownGroups = "text-model,text-vectors";

    public static Command Create(SuiteOptions suite) => new("backup", "Backs the log up, checks backups, and restores them")
    {
        CreateBackup(suite), List(), Verify(), Prune(), Restore(), Rehearse(),
    };

    private static Command CreateBackup(SuiteOptions suite)
    {
        var to = new Option<string>("--to") { Description = "Folder of the backups, made when missing", Required = true };
        var topics = new Option<string?>("--topics") { Description = "Only these topics, separated by commas; else all of the log" };
        var groups = new Option<string>("--groups") { Description = "Consumer groups whose positions are kept, separated by commas", DefaultValueFactory = _ => KnownGroups };
        var compression = new Option<string>("--compression") { Description = "gzip or none", DefaultValueFactory = _ => "gzip" };
        var full = new Option<bool>("--full") { Description = "Everything from the first record on" };
        var incremental = new Option<bool>("--incremental") { Description = "What came since the last backup; fails when there is none" };
        var eventlog = new Option<string?>("--eventlog") { Description = "gRPC address of the log; else services__eventlog__http__0, else the run file's" };
        var region = new Option<string?>("--region") { Description = "Region for the manifest; else REGION, else 'local'" };
        var command = new Command("create", "Writes what the log has gained since the last backup of the same log, or all of it") { to, topics, groups, compression, full, incremental, eventlog, region };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(full) && parsed.GetValue(incremental)) throw new OpsException("--full and --incremental exclude each other", OpsException.BadInput);
            if (parsed.GetValue(compression) is not ("gzip" or "none")) throw new OpsException($"--compression: '{parsed.GetValue(compression)}' is neither gzip nor none", OpsException.BadInput);
            var time = TimeProvider.System;
            var started = time.GetTimestamp();
            var directory = new BackupDirectory(Path.GetFullPath(parsed.GetValue(to)!));
            using var log = new LogConnection(suite.EventLogOf(parsed, parsed.GetValue(eventlog)), time);
            var kind = parsed.GetValue(full) ? BackupCreator.Kind.Full : parsed.GetValue(incremental) ? BackupCreator.Kind.Incremental : BackupCreator.Kind.Automatic;
            var manifest = await new BackupCreator(directory, log, time).CreateAsync(
                new BackupCreator.Options(
                    kind, Topics(parsed.GetValue(topics)), Split(parsed.GetValue(groups)), parsed.GetValue(compression) == "gzip",
                    parsed.GetValue(region) ?? Environment.GetEnvironmentVariable("REGION") ?? "local"),
                cancellationToken);
            var took = time.GetElapsedTime(started);
            BackupGauges.Write(directory.Path, manifest, time.GetUtcNow(), took);
            Console.WriteLine($"{manifest.Name}: {Content(manifest)} in {took.TotalSeconds:0.0} s{(manifest.Base is { } name ? $", after {name}" : "")}");
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var dir = Dir();
        var json = new Option<bool>("--json") { Description = "For machines" };
        var command = new Command("list", "Shows the backups of a folder, oldest first") { dir, json };
        command.SetAction(parsed =>
        {
            var entries = BackupDirectory.Existing(parsed.GetValue(dir)!).List();
            if (parsed.GetValue(json)) WriteJson(entries);
            else
            {
                foreach (var entry in entries)
                    Console.WriteLine($"{entry.Name}  {(entry.Manifest is { } m ? $"{Content(m)}  log {m.LogId}  region {m.Region}" : entry.Problem is null ? "never finished" : entry.Problem)}");
            }

            return 0;
        });
        return command;
    }

    private static Command Verify()
    {
        var (dir, name, latest) = (Dir(), Name(), Latest());
        var command = new Command("verify", "Reads one chain of backups, or all, from the first byte to the last") { dir, name, latest };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = BackupDirectory.Existing(parsed.GetValue(dir)!);
            var one = Choose(parsed, name, latest);
            List<BackupManifest> wanted = one || parsed.GetValue(latest) ? [directory.Find(parsed.GetValue(name))] : [.. directory.List().Where(e => !e.IsUnfinished).Select(e => e.Manifest ?? throw new OpsException(e.Problem!))];
            if (wanted.Count == 0) throw new OpsException($"there is no backup in '{directory.Path}'");
            var backups = wanted.SelectMany(directory.ChainOf).DistinctBy(b => b.Name).ToList();
            await new BackupVerifier(directory).VerifyAsync(backups, cancellationToken);
            Console.WriteLine($"VERIFY OK: {backups.Count} backups up to {backups[^1].Name}, {backups.Sum(b => b.Records):N0} records, {backups.Sum(b => b.Bytes):N0} bytes");
            return 0;
        });
        return command;
    }

    private static Command Prune()
    {
        var dir = Dir();
        var keep = new Option<string>("--keep") { Description = "Age up to which everything stays, in days or hours: 30d, 36h", DefaultValueFactory = _ => "30d" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go" };
        var command = new Command("prune", "Removes old backups that no kept one needs, and what was never finished; never the newest chain that can be restored") { dir, keep, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var age = Age(parsed.GetValue(keep)!);
            var directory = BackupDirectory.Existing(parsed.GetValue(dir)!);
            await new BackupPruner(directory, TimeProvider.System).PruneAsync(age, parsed.GetValue(dryRun), cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command Restore()
    {
        var (dir, name, latest, into) = (Dir(), Name(), Latest(), Into());
        var command = new Command("restore", "Puts the newest backup, or one that is named, into an empty log; an interrupted restore goes on") { dir, name, latest, into };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Choose(parsed, name, latest);
            var directory = BackupDirectory.Existing(parsed.GetValue(dir)!);
            using var log = new LogConnection(ServiceAddresses.Parse(parsed.GetValue(into)!), TimeProvider.System);
            var restoration = new Restoration(directory, log, TimeProvider.System);
            Console.WriteLine(await restoration.RestoreAsync(parsed.GetValue(name), cancellationToken));
            return 0;
        });
        return command;
    }

    private static Command Rehearse()
    {
        var (dir, name, latest, into) = (Dir(), Name(), Latest(), Into());
        var command = new Command("rehearse", "Proves that the newest backup can be restored: verifies it, puts it into an empty log, reads that back and compares") { dir, name, latest, into };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Choose(parsed, name, latest);
            var directory = BackupDirectory.Existing(parsed.GetValue(dir)!);
            using var log = new LogConnection(ServiceAddresses.Parse(parsed.GetValue(into)!), TimeProvider.System);
            var restoration = new Restoration(directory, log, TimeProvider.System);
            foreach (var line in await restoration.RehearseAsync(parsed.GetValue(name), cancellationToken)) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static Argument<string> Dir() => new("dir") { Description = "Folder of the backups" };

    private static Option<string?> Name() => new("--name") { Description = "The backup's name" };

    private static Option<bool> Latest() => new("--latest") { Description = "The newest" };

    private static Option<string> Into() => new("--into") { Description = "gRPC address of the empty log; never taken from the environment", Required = true };

    // Whether one backup is named.
    private static bool Choose(ParseResult parsed, Option<string?> name, Option<bool> latest)
    {
        if (parsed.GetValue(name) is null) return false;
        return parsed.GetValue(latest) ? throw new OpsException("--name and --latest exclude each other", OpsException.BadInput) : true;
    }

    private static string[] Split(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string[] Topics(string? text)
    {
        var topics = Split(text);
        if (text is not null && topics.Length == 0) throw new OpsException("--topics names none", OpsException.BadInput);
        foreach (var topic in topics)
            if (!BackupName.TopicPattern().IsMatch(topic)) throw new OpsException($"'{topic}' is no name of a topic", OpsException.BadInput);
        return topics;
    }

    private static TimeSpan Age(string text)
    {
        var match = AgePattern().Match(text);
        if (!match.Success) throw new OpsException($"--keep: '{text}' is neither days (30d) nor hours (36h), from 1 to 99999", OpsException.BadInput);
        var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value == "d" ? TimeSpan.FromDays(number) : TimeSpan.FromHours(number);
    }

    private static string Content(BackupManifest manifest) => $"{manifest.Records:N0} records of {manifest.Topics.Count} topics, {manifest.Bytes:N0} bytes";

    private static void WriteJson(IReadOnlyList<BackupDirectory.Entry> entries)
    {
        using var output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            json.WriteString("state", entry.Manifest is not null ? "complete" : entry.Problem is null ? "unfinished" : "damaged");
            if (entry.Problem is not null) json.WriteString("problem", entry.Problem);
            if (entry.Manifest is { } manifest)
            {
                json.WriteString("createdAt", manifest.CreatedAt);
                json.WriteString("logId", manifest.LogId);
                json.WriteString("region", manifest.Region);
                json.WriteString("base", manifest.Base);
                json.WriteNumber("records", manifest.Records);
                json.WriteNumber("bytes", manifest.Bytes);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    [GeneratedRegex(@"^([1-9]\d{0,4})([dh])\z")]
    private static partial Regex AgePattern();
}
