using System.Text.Json;

namespace RecoAspire.Integration;

/// <summary>What the AppHost says about the running suite.</summary>
internal sealed record RunFile(int Version, int AppHostPid, string AdminKey, string? DashboardUrl, IReadOnlyList<RunFile.Resource> Resources)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public sealed record Resource(string Name, string Type, int? Pid, IReadOnlyDictionary<string, string>? Endpoints);

    public static RunFile? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunFile>(File.ReadAllText(path), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public Resource? Find(string name) => Resources.FirstOrDefault(r => r.Name == name);
}
