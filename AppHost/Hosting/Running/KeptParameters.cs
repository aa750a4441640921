using System.Text.Json;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// Generated values that the next runs need again (a store's password is of no use without the store it opened):
/// <c>parameters.json</c> in the data folder, readable by its owner only. Deleting the data deletes them too.
/// </summary>
internal sealed class KeptParameters(string path)
{
    // One for all: each parameter has an object of its own, and they are generated at once into one file.
    private static readonly Lock Gate = new();

    public static KeptParameters In(IDistributedApplicationBuilder builder) =>
        new(Path.Combine(DataRoot.From(builder.Configuration, builder.AppHostDirectory).Path, "parameters.json"));

    public string GetOrAdd(string name, Func<string> generate)
    {
        lock (Gate)
        {
            var kept = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) ?? [] : [];
            if (kept.TryGetValue(name, out var value)) return value;
            kept[name] = value = generate();
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            OwnedFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(kept));
            return value;
        }
    }
}

/// <summary>Files that only their owner may read.</summary>
internal static class OwnedFile
{
    /// <summary>Replaces the file as a whole: a reader sees the old content or the new.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options)) file.Write(content);
        File.Move(temporary, path, overwrite: true);
    }
}
