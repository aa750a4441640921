using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace RecoAspire.Ops.Backup;

/// <summary>What one backup holds. Written last: a folder without it is no backup.</summary>
/// <param name="Version">Version of the manifest and of the part files.</param>
/// <param name="Name">Name of the folder.</param>
/// <param name="LogId">Identity of the log.</param>
/// <param name="Region">Where the log is, in words of the operator.</param>
/// <param name="CreatedAt">When the backup began.</param>
/// <param name="Base">The backup that this one goes on from; null = a full one.</param>
/// <param name="BaseDigest">Digest of that backup's manifest.</param>
/// <param name="Gzip">Whether the parts are compressed.</param>
/// <param name="Topics">Every topic of the chain up to here, in the order of their names.</param>
/// <param name="Groups">How far consumer groups had got, at most to the ends of the topics.</param>
/// <param name="Digest">SHA-256 of this manifest with an empty digest, hexadecimal.</param>
internal sealed record BackupManifest(
    int Version,
    string Name,
    string LogId,
    string Region,
    DateTimeOffset CreatedAt,
    string? Base,
    string? BaseDigest,
    bool Gzip,
    IReadOnlyList<BackupManifest.Topic> Topics,
    IReadOnlyList<BackupManifest.Group> Groups,
    string Digest)
{
    public const int KnownVersion = 1;
    public const string FileName = "manifest.json";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>One topic's part: the records from <paramref name="FirstOffset"/> to before <paramref name="EndOffset"/>. Without records there is no file.</summary>
    /// <param name="Name">Name of the topic.</param>
    /// <param name="FirstOffset">Where the base ended; 0 in a full backup.</param>
    /// <param name="EndOffset">Offset of the next record.</param>
    /// <param name="Records">How many there are.</param>
    /// <param name="Bytes">Size of the part file.</param>
    /// <param name="Sha256">Of the part file, hexadecimal; empty without one.</param>
    /// <param name="LastEventId">Event id of the record before the end, whichever backup of the chain holds it: shows whether the log still is the same.</param>
    internal sealed record Topic(string Name, long FirstOffset, long EndOffset, long Records, long Bytes, string Sha256, string LastEventId);

    /// <summary>How far a consumer group had got.</summary>
    internal sealed record Group(string Name, string Topic, long Offset);

    [JsonIgnore]
    public bool IsFull => Base is null;

    [JsonIgnore]
    public long Records => Topics.Sum(t => t.Records);

    [JsonIgnore]
    public long Bytes => Topics.Sum(t => t.Bytes);

    /// <summary>The name of a backup that begins at a time.</summary>
    public static string NameAt(DateTimeOffset createdAt, bool full) =>
        $"backup-{createdAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{(full ? "full" : "incr")}";

    public static bool IsName(string name) => BackupName.Pattern().IsMatch(name);

    /// <summary>Name of a topic's part file.</summary>
    public string PartFile(Topic topic) => topic.Name + (Gzip ? ".records.gz" : ".records");

    /// <summary>The manifest with its digest.</summary>
    public BackupManifest Seal() => this with { Digest = ComputeDigest() };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="OpsException">It is not one, of another version, or altered.</exception>
    public static BackupManifest Parse(byte[] json, string folderName)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest);
        }
        catch (JsonException e)
        {
            throw Damaged(folderName, $"its manifest cannot be read, or is of another version than {KnownVersion}: {e.Message}");
        }

        if (manifest is null) throw Damaged(folderName, "its manifest is empty");
        if (manifest.Version != KnownVersion) throw new OpsException($"{folderName} is of version {manifest.Version}; this tool knows version {KnownVersion}");
        if (manifest.Topics is null || manifest.Groups is null || manifest.LogId is null || manifest.Digest != manifest.ComputeDigest()) throw Damaged(folderName, "its manifest was altered");
        if (manifest.Name != folderName) throw Damaged(folderName, $"it was made as '{manifest.Name}'");
        if (manifest.Base is { } name && !IsName(name)) throw Damaged(folderName, "the name of its base is none");
        if (manifest.Topics.Any(t => !BackupName.TopicPattern().IsMatch(t.Name) || t.FirstOffset < 0 || t.EndOffset < t.FirstOffset || t.Records != t.EndOffset - t.FirstOffset)
            || manifest.Topics.Select(t => t.Name).Distinct().Count() != manifest.Topics.Count)
            throw Damaged(folderName, "its manifest makes no sense");
        return manifest;
    }

    public static OpsException Damaged(string name, string reason) => new($"{name} is damaged: {reason}");

    private string ComputeDigest() => Convert.ToHexStringLower(SHA256.HashData((this with { Digest = "" }).ToJson()));
}

/// <summary>Names of backups and topics.</summary>
internal static partial class BackupName
{
    [GeneratedRegex(@"^backup-\d{8}T\d{9}Z-(full|incr)\z")]
    internal static partial Regex Pattern();

    [GeneratedRegex(@"^[a-z0-9.-]{1,64}\z")]
    internal static partial Regex TopicPattern();
}

// Names are read as they are written, and no others: "Base" or "bade" would be an altered manifest with the same digest.
[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
