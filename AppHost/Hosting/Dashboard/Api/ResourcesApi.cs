using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecoAspire.Hosting.Dashboard.Telemetry;
using RecoAspire.Hosting.Running;

namespace RecoAspire.Hosting.Dashboard.Api;

/// <summary>What runs, and what one can have it do.</summary>
internal sealed class ResourcesApi(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands, Orchestrator orchestrator, TelemetryStore telemetry, IServiceProvider services)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1.5);

    public void Map(IEndpointRouteBuilder routes)
    {
        // Held until something changes: a process that is down for half a second is seen to be down.
        routes.MapGet("/api/resources", async (long? after, CancellationToken cancellationToken) =>
        {
            var version = await notifications.WaitForChangeAsync(after ?? -1, LongestWait, cancellationToken);
            var errors = telemetry.Sources().GroupBy(s => s.Service).ToDictionary(g => g.Key, g => g.Sum(s => s.ErrorLogs));
            return new { Version = version, Resources = model.Resources.Select(r => Describe(r, errors.GetValueOrDefault(r.Name))) };
        });
        routes.MapPost("/api/resources/{name}/commands/{command}", ExecuteAsync);
    }

    private async Task<IResult> ExecuteAsync(string name, string command, string? replica, CancellationToken cancellationToken)
    {
        if (model.Resources.FirstOrDefault(r => r.Name == name) is not { } resource)
            return Results.Problem(statusCode: 404, title: $"There is no resource '{name}'.");
        if (replica is not null && (!notifications.TryGetCurrentState(name, out var current) || current.Snapshot.Replicas.All(r => r.Id != replica)))
            return Results.Problem(statusCode: 404, title: $"'{name}' has no process '{replica}'.");
        var result = replica is null
            ? await commands.ExecuteCommandAsync(resource, command, cancellationToken)
            : await commands.ExecuteCommandAsync(replica, command, cancellationToken);
        return Results.Ok(new { result.Success, Message = result.ErrorMessage ?? (result.Canceled ? "cancelled" : null) });
    }

    private object Describe(IResource resource, int errorLogs)
    {
        var snapshot = notifications.TryGetCurrentState(resource.Name, out var known) ? known.Snapshot : new CustomResourceSnapshot { ResourceType = resource.TypeName() };
        var launch = orchestrator.LaunchOf(resource);
        return new
        {
            resource.Name,
            Type = snapshot.ResourceType,
            State = snapshot.State?.Text,
            Health = snapshot.HealthStatus?.ToString(),
            HealthReports = snapshot.HealthReports.Select(r => new { r.Name, Status = r.Status?.ToString(), r.Description, LastRunAt = r.LastRunAt?.ToUnixTimeMilliseconds() }),
            StartedAt = Milliseconds(snapshot.StartTimeStamp),
            StoppedAt = Milliseconds(snapshot.StopTimeStamp),
            snapshot.ExitCode,
            snapshot.Restarts,
            Source = Source(resource, launch),
            snapshot.Message,
            Urls = Urls(resource),
            Replicas = snapshot.Replicas.Select(r => new
            {
                r.Id,
                State = r.State.Text,
                Health = r.HealthStatus?.ToString(),
                Pid = r.ProcessId,
                StartedAt = Milliseconds(r.StartTimeStamp),
                r.ExitCode,
                r.Restarts,
            }),
            Environment = (launch?.Environment ?? []).OrderBy(v => v.Name, StringComparer.Ordinal).Select(v => new { v.Name, Value = v.IsSecret ? null : v.Value, v.IsSecret }),
            Arguments = (launch?.Arguments ?? []).Select(a => new { Value = a.IsSecret ? null : a.Value, a.IsSecret }),
            Volumes = resource.Annotations.OfType<ContainerMountAnnotation>().Select(m => new { m.Source, m.Target, m.IsReadOnly }),
            Relationships = resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new { Resource = r.Resource.Name, r.Type }).Distinct(),
            Commands = resource.Annotations.OfType<ResourceCommandAnnotation>().Select(c => Command(c, snapshot)).Where(c => c is not null),
            ErrorLogs = errorLogs,
        };
    }

    private object? Command(ResourceCommandAnnotation command, CustomResourceSnapshot snapshot)
    {
        var state = command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = services });
        return state == ResourceCommandState.Hidden
            ? null
            : new { command.Name, command.DisplayName, Description = command.DisplayDescription, State = state.ToString(), Confirmation = command.ConfirmationMessage, command.IsHighlighted };
    }

    private static string? Source(IResource resource, Launch? launch) => resource switch
    {
        ProjectResource => resource.Annotations.OfType<ProjectMetadataAnnotation>().LastOrDefault() is { } project ? Path.GetFileName(project.Metadata.ProjectPath) : null,
        ExecutableResource executable => executable.Command,
        // A container that runs as its local equivalent says so.
        ContainerResource when launch is { OnKill: null } => string.Join(' ', launch.Arguments.Where(a => !a.IsSecret).Select(a => a.Value).Take(3)),
        ContainerResource when resource.TryGetContainerImageName(out var image) => image,
        ParameterResource { Description: { } description } => description,
        _ => null,
    };

    private static IEnumerable<object> Urls(IResource resource)
    {
        var links = resource.Annotations.OfType<ResourceUrlAnnotation>().ToList();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null))
        {
            var link = links.FirstOrDefault(l => l.Endpoint?.EndpointName == endpoint.Name);
            var address = $"{endpoint.UriScheme}://localhost:{endpoint.AllocatedEndpoint!.Port}";
            yield return new
            {
                Name = link?.DisplayText ?? endpoint.Name,
                Url = link is null ? address : Uri.TryCreate(link.Url, UriKind.Absolute, out var absolute) && absolute.Scheme != "file" ? link.Url : address + link.Url,
                endpoint.IsExternal,
            };
        }

        foreach (var link in links.Where(l => l.Endpoint is null)) yield return new { Name = link.DisplayText ?? link.Url, link.Url, IsExternal = true };
    }

    private static long? Milliseconds(DateTime? moment) => moment is { } utc ? new DateTimeOffset(utc).ToUnixTimeMilliseconds() : null;
}
