using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RecoAspire.Publishing;

/// <summary>Paths in a manifest are relative to it: here they move with it.</summary>
internal static class ManifestPaths
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The manifest as it must be in another folder.</summary>
    /// <exception cref="JsonException">It is no manifest.</exception>
    public static string Move(string manifest, string fromFolder, string toFolder)
    {
        var root = JsonNode.Parse(manifest);
        if (root?["resources"] is not JsonObject resources) throw new JsonException("A manifest has 'resources'.");
        foreach (var resource in resources.Select(r => r.Value).OfType<JsonObject>())
        {
            foreach (var name in (ReadOnlySpan<string>)["path", "workingDirectory"]) MoveAt(resource, name);
            if (resource["bindMounts"] is not JsonArray mounts) continue;
            foreach (var mount in mounts.OfType<JsonObject>()) MoveAt(mount, "source");
        }

        return root.ToJsonString(Format) + "\n";

        void MoveAt(JsonObject owner, string name)
        {
            if (owner[name]?.GetValue<string>() is { } path) owner[name] = Path.GetRelativePath(toFolder, Path.GetFullPath(path, fromFolder)).Replace('\\', '/');
        }
    }
}
