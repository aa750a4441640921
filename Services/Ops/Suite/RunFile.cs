using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecoAspire.Ops.Suite;

/// <summary>What the AppHost says about the suite that it runs.</summary>
public sealed record RunFile(int Version, int AppHostPid, string AdminKey, IReadOnlyList<RunFile.Resource> Resources)
{
    private const int KnownVersion = 1;

    /// <summary>One resource: its process and its addresses.</summary>
    public sealed record Resource(string Name, string Type, int? Pid, IReadOnlyDictionary<string, string>? Endpoints);

    /// <summary>Reads the file given, or else the nearest <c>.data/run.json</c> upwards from the working directory; null when there is none.</summary>
    /// <exception cref="OpsException">It was given and cannot be read, or is of an unknown version.</exception>
    public static RunFile? Find(string? given)
    {
        if (given is not null) return Read(given) ?? throw new OpsException($"there is no run file '{given}': is the suite running?");
        for (var folder = Directory.GetCurrentDirectory(); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Read(Path.Combine(folder, ".data", "run.json")) is { } run) return run;
        }

        return null;
    }

    private static RunFile? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var run = JsonSerializer.Deserialize(File.ReadAllText(path), RunFileJson.Default.RunFile);
            if (run is { Version: KnownVersion, Resources: not null }) return run;
            if (run is { Version: KnownVersion }) throw new OpsException($"'{path}' names no resources");
            throw new OpsException($"'{path}' is a run file of version {run?.Version}; this tool knows version {KnownVersion}");
        }
        catch (JsonException e)
        {
            throw new OpsException($"'{path}' cannot be read: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunFile))]
internal sealed partial class RunFileJson : JsonSerializerContext;
