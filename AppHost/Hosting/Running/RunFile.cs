using System.Text.Json;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// Tells operators' tools where the running suite is: <c>run.json</c> in the data folder, readable by its owner only (it holds the
/// administrator's key), replaced as a whole on every change and gone after an orderly stop.
/// </summary>
internal sealed class RunFile(string dataRoot, string adminKey, DateTimeOffset startedAt)
{
    private readonly string _path = Path.Combine(dataRoot, "run.json");

    public void Write(IEnumerable<IResource> resources, ResourceNotificationService notifications)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteNumber("appHostPid", Environment.ProcessId);
            json.WriteString("startedAt", startedAt);
            json.WriteString("adminKey", adminKey);
            json.WriteStartArray("resources");
            foreach (var resource in resources.Where(r => r is ProjectResource or ExecutableResource)) WriteResource(json, resource, notifications);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var temporary = $"{_path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options)) file.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
        File.Move(temporary, _path, overwrite: true);
    }

    public void Delete() => File.Delete(_path);

    private static void WriteResource(Utf8JsonWriter json, IResource resource, ResourceNotificationService notifications)
    {
        json.WriteStartObject();
        json.WriteString("name", resource.Name);
        json.WriteString("type", resource is ProjectResource ? "Project" : "Executable");
        var pid = notifications.TryGetCurrentState(resource.Name, out var state) ? state.Snapshot.ProcessId : null;
        if (pid is { } running) json.WriteNumber("pid", running);
        else json.WriteNull("pid");
        json.WriteStartObject("endpoints");
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null))
            json.WriteString(endpoint.Name, endpoint.AllocatedEndpoint!.UriString);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
