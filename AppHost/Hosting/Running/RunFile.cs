using System.Text.Json;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// Tells operators' tools where the running suite is: <c>run.json</c> in the data folder, readable by its owner only (it holds the
/// administrator's key and the dashboard's login), replaced as a whole on every change and gone after an orderly stop.
/// </summary>
internal sealed class RunFile(DataRoot dataRoot, DistributedApplicationModel model, ResourceNotificationService notifications, TimeProvider time)
{
    private readonly string _path = Path.Combine(dataRoot.Path, "run.json");
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Login address of the dashboard; null = there is none.</summary>
    public string? DashboardUrl { get; set; }

    public void Write(string adminKey)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteNumber("appHostPid", Environment.ProcessId);
            json.WriteString("startedAt", _startedAt);
            json.WriteString("adminKey", adminKey);
            if (DashboardUrl is not null) json.WriteString("dashboardUrl", DashboardUrl);
            json.WriteStartArray("resources");
            foreach (var resource in model.Resources.OfType<IComputeResource>()) WriteResource(json, resource);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        OwnedFile.Replace(_path, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    public void Delete() => File.Delete(_path);

    private void WriteResource(Utf8JsonWriter json, IResource resource)
    {
        json.WriteStartObject();
        json.WriteString("name", resource.Name);
        json.WriteString("type", resource.TypeName());
        var snapshot = notifications.TryGetCurrentState(resource.Name, out var state) ? state.Snapshot : null;
        if (snapshot?.ProcessId is { } running) json.WriteNumber("pid", running);
        else json.WriteNull("pid");
        json.WriteStartArray("pids");
        foreach (var replica in snapshot?.Replicas ?? [])
        {
            if (replica.ProcessId is { } pid) json.WriteNumberValue(pid);
        }

        json.WriteEndArray();
        json.WriteStartObject("endpoints");
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null))
            json.WriteString(endpoint.Name, endpoint.AllocatedEndpoint!.UriString);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
