namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of the commands that every process has.</summary>
public static class KnownResourceCommands
{
    public const string StartCommand = "start";
    public const string StopCommand = "stop";
    public const string RestartCommand = "restart";
}

/// <summary>Whether a command can be given now.</summary>
public enum ResourceCommandState
{
    Enabled = 0,
    Disabled = 1,
    Hidden = 2,
}

/// <summary>Something that a person can have a resource do.</summary>
public sealed class ResourceCommandAnnotation(
    string name, string displayName, Func<UpdateCommandStateContext, ResourceCommandState> updateState, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    string? displayDescription, string? confirmationMessage, bool isHighlighted) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string DisplayName { get; } = displayName;

    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } = updateState;

    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    public string? DisplayDescription { get; } = displayDescription;

    /// <summary>Asked before the command is given.</summary>
    public string? ConfirmationMessage { get; } = confirmationMessage;

    public bool IsHighlighted { get; } = isHighlighted;
}

/// <summary>How a command is shown, and when it can be given (while the resource runs, unless said otherwise).</summary>
public class CommandOptions
{
    public string? Description { get; set; }

    public string? ConfirmationMessage { get; set; }

    public bool IsHighlighted { get; set; }

    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>How an HTTP command is sent.</summary>
public sealed class HttpCommandOptions : CommandOptions
{
    /// <summary>POST unless another is given.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>May add headers and a body.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }
}

/// <summary>The request of an HTTP command before it is sent.</summary>
public sealed record HttpCommandRequestContext(IServiceProvider ServiceProvider, string ResourceName, HttpRequestMessage Request, CancellationToken CancellationToken);

/// <summary>Where the resource stands for which a command's state is asked.</summary>
public sealed class UpdateCommandStateContext
{
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>For whom a command runs.</summary>
public sealed class ExecuteCommandContext
{
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The resource, or one of its processes.</summary>
    public required string ResourceName { get; init; }

    public required CancellationToken CancellationToken { get; init; }
}

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? ErrorMessage { get; init; }
}

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };

    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

/// <summary>Gives commands to resources.</summary>
public sealed class ResourceCommandService(ResourceNotificationService notifications, DistributedApplicationModel model, IServiceProvider services)
{
    /// <summary>Gives a command to a resource.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteAsync(resource, resource.Name, commandName, cancellationToken);

    /// <summary>Gives a command to a resource, or to one of its processes.</summary>
    /// <param name="resourceId">Name of a resource, or <c>{name}-{suffix}</c> of one of its processes.</param>
    /// <param name="commandName">Name of the command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var resource = model.Resources.FirstOrDefault(r => string.Equals(r.Name, resourceId, StringComparison.OrdinalIgnoreCase))
            ?? model.Resources.FirstOrDefault(r => notifications.TryGetCurrentState(r.Name, out var e) && e.Snapshot.Replicas.Any(p => p.Id == resourceId));
        return resource is null
            ? Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}'."))
            : ExecuteAsync(resource, resourceId, commandName, cancellationToken);
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string resourceId, string commandName, CancellationToken cancellationToken)
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName) is not { } command)
            return CommandResults.Failure($"'{resource.Name}' has no command '{commandName}'.");
        if (notifications.TryGetCurrentState(resource.Name, out var current)
            && command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = current.Snapshot, ServiceProvider = services }) != ResourceCommandState.Enabled)
            return CommandResults.Failure($"'{commandName}' is not possible while '{resource.Name}' is {current.Snapshot.State?.Text}.");
        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext { ServiceProvider = services, ResourceName = resourceId, CancellationToken = cancellationToken });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception e)
        {
            // Commands are the application's own code: what they throw is an answer, not the end of the host.
            return CommandResults.Failure(e);
        }
    }
}
