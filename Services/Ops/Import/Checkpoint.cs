using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecoAspire.Ops.Import;

/// <summary>How much of an input a log has acknowledged, so that an interrupted import goes on where it was.</summary>
public sealed class Checkpoint
{
    private const int KnownVersion = 1;
    private readonly string _path;

    private Checkpoint(string path, CheckpointState state)
    {
        _path = path;
        State = state;
    }

    public CheckpointState State { get; private set; }

    /// <summary>
    /// The checkpoint of this input in this log. One that is damaged or of another version is started anew, which costs time and
    /// nothing else: what is sent twice counts once.
    /// </summary>
    public static Checkpoint Open(string folder, string logId, string contentHash)
    {
        Directory.CreateDirectory(folder);
        // The log's id comes over the network: its digest, not itself, becomes part of a file name.
        var log = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(logId)).AsSpan(0, 8));
        var path = Path.Combine(folder, $"{contentHash[..16]}-{log}.json");
        return new Checkpoint(path, Read(path) is { Version: KnownVersion } state && state.LogId == logId && state.ContentHash == contentHash
            ? state
            : new CheckpointState(KnownVersion, logId, contentHash, 0, 0));
    }

    /// <summary>Remembers what has been acknowledged; replaces the file as a whole.</summary>
    public void Save(int items, int events)
    {
        State = State with { Items = items, Events = events };
        var temporary = _path + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(State, CheckpointJson.Default.CheckpointState));
        File.Move(temporary, _path, overwrite: true);
    }

    private static CheckpointState? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), CheckpointJson.Default.CheckpointState) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Content of a checkpoint file.</summary>
public sealed record CheckpointState(int Version, string LogId, string ContentHash, int Items, int Events);

[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
