using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of the states that a resource goes through.</summary>
public static class KnownResourceStates
{
    public const string NotStarted = "NotStarted";
    public const string Waiting = "Waiting";
    public const string Starting = "Starting";
    public const string Running = "Running";
    public const string RuntimeUnhealthy = "RuntimeUnhealthy";
    public const string Stopping = "Stopping";
    public const string Finished = "Finished";
    public const string Exited = "Exited";
    public const string FailedToStart = "FailedToStart";

    /// <summary>States from which a resource does not go on by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>A state with an optional style: success, info, warning or error.</summary>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

/// <summary>What one health check last said; null = it has not run yet.</summary>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, DateTimeOffset? LastRunAt);

/// <summary>One process of a resource.</summary>
public sealed record ReplicaSnapshot(
    string Id, ResourceStateSnapshot State, HealthStatus? HealthStatus, ImmutableArray<HealthReportSnapshot> HealthReports, int? ProcessId, int? ExitCode, int Restarts, DateTime? StartTimeStamp)
{
    internal bool IsHealthy => State.Text == KnownResourceStates.Running && HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;
}

/// <summary>Where a resource stands.</summary>
public sealed record CustomResourceSnapshot
{
    public required string ResourceType { get; init; }

    public ResourceStateSnapshot? State { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Null unless it runs; Healthy when it runs and has no checks; else the worst of its checks.</summary>
    public HealthStatus? HealthStatus { get; init; }

    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    public DateTime? StartTimeStamp { get; init; }

    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Its processes; one unless it is replicated. (Aspire reports each as a resource of its own.)</summary>
    public ImmutableArray<ReplicaSnapshot> Replicas { get; init; } = [];

    /// <summary>Pid of the first process.</summary>
    public int? ProcessId => Replicas is [var first, ..] ? first.ProcessId : null;

    /// <summary>How often its processes have been started again by themselves.</summary>
    public int Restarts => Replicas.Sum(r => r.Restarts);

    /// <summary>One line: why it is where it is.</summary>
    public string? Message { get; init; }
}

/// <summary>A change of a resource.</summary>
public sealed record ResourceEvent(IResource Resource, string ResourceId, CustomResourceSnapshot Snapshot);
