namespace RecoAspire.Sandbox.Tests.Manifests;

/// <summary>Everything that a pod template grants to its container, with values that hold on this machine.</summary>
/// <param name="Service">Name of the workload, which is the name of the image.</param>
/// <param name="Uid">User and group inside and, where the tests run as root, outside.</param>
/// <param name="ReadOnlyRoot">Only the mounts can be written.</param>
/// <param name="Mounts">In the order of the template.</param>
/// <param name="Environment">All of it; nothing is inherited.</param>
/// <param name="Command">Instead of the image's entry point; empty = the image's.</param>
/// <param name="Arguments">Behind the command.</param>
/// <param name="Ports">Loopback ports by the name of the container's port.</param>
/// <param name="Probes">What the kubelet would ask.</param>
/// <param name="GracePeriod">Between SIGTERM and SIGKILL: what the kubelet waits before SIGTERM is taken off.</param>
/// <param name="Replacements">Where <paramref name="Environment"/> differs from the template.</param>
internal sealed record SandboxPlan(
    string Service,
    int Uid,
    bool ReadOnlyRoot,
    IReadOnlyList<SandboxMount> Mounts,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, int> Ports,
    IReadOnlyList<SandboxProbe> Probes,
    TimeSpan GracePeriod,
    IReadOnlyList<Replacement> Replacements)
{
    public Uri Http(string path) => new($"http://127.0.0.1:{Ports["http"]}{path}");
}

internal enum MountKind
{
    /// <summary>emptyDir: in memory here, writable.</summary>
    Scratch,

    /// <summary>A claim: a folder that belongs to the user, writable.</summary>
    Data,

    /// <summary>ConfigMap or Secret: files that can only be read.</summary>
    Files,
}

/// <param name="Path">Absolute, in the container.</param>
/// <param name="Kind">What stands behind it.</param>
/// <param name="ReadOnly">As the template says; files always are.</param>
/// <param name="SizeLimitBytes">Of scratch; null = none.</param>
/// <param name="Files">Name to content, only for <see cref="MountKind.Files"/>.</param>
internal sealed record SandboxMount(
    string Path, MountKind Kind, bool ReadOnly = false, long? SizeLimitBytes = null, IReadOnlyDictionary<string, string>? Files = null);

/// <param name="Name">livenessProbe, readinessProbe or startupProbe.</param>
/// <param name="HttpPath">Path of an HTTP probe; null = gRPC.</param>
/// <param name="Port">Loopback port.</param>
/// <param name="GrpcService">Service that a gRPC probe names; empty = the server as a whole.</param>
internal sealed record SandboxProbe(string Name, string? HttpPath, int Port, string GrpcService = "");

/// <param name="Variable">The environment variable.</param>
/// <param name="From">As in the template.</param>
/// <param name="To">As in the sandbox; null = left out.</param>
internal sealed record Replacement(string Variable, string From, string? To);
