using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.Hosting.Engines;

/// <summary>The program of the project's tool manifest that can take a container's place, and its arguments.</summary>
internal sealed record LocalEquivalentAnnotation(string Tool, Action<LocalEquivalentContext, List<object>> Arguments) : IResourceAnnotation;

/// <summary>Where a local equivalent may keep data.</summary>
internal sealed record LocalEquivalentContext(string DataRoot);

/// <summary>
/// How containers run on this machine, <c>--engines</c>: <c>containers</c> takes docker or podman where one answers and else the local
/// equivalent; <c>local</c> takes the local equivalent at once; <c>embedded</c> (default) is for applications that add no containers.
/// </summary>
internal sealed class EngineSelection(IConfiguration configuration)
{
    private static readonly string[] Known = ["embedded", "local", "containers"];
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);
    private readonly Lazy<Task<string?>> _engine = new(() => FindEngineAsync(configuration["ASPIRE_CONTAINER_RUNTIME"]));

    /// <summary>embedded, local or containers.</summary>
    public string Engines => configuration["engines"] ?? "embedded";

    /// <exception cref="UsageException">An unknown value.</exception>
    public static void Demand(IConfiguration configuration)
    {
        if (configuration["engines"] is { } asked && !Known.Contains(asked))
            throw new UsageException($"--engines must be embedded, local or containers, not '{asked}'.");
    }

    /// <summary>The container engine to use for a resource; null = run its local equivalent.</summary>
    /// <exception cref="DistributedApplicationException">Neither is there; the message says what helps.</exception>
    public async Task<string?> EngineForAsync(IResource resource)
    {
        var hasLocal = resource.Annotations.OfType<LocalEquivalentAnnotation>().Any();
        if (Engines == "local" && hasLocal) return null;
        var engine = Engines == "local" ? null : await _engine.Value;
        if (engine is not null || hasLocal) return engine;
        throw new DistributedApplicationException(Engines == "local"
            ? $"'{resource.Name}' has no local equivalent: choose --engines containers (needs docker or podman), or --engines embedded for the embedded store."
            : $"'{resource.Name}' is a container, and neither docker nor podman answers: install and start one of them, or choose the embedded store with --engines embedded.");
    }

    // The client alone is no engine: only one whose daemon answers counts.
    private static async Task<string?> FindEngineAsync(string? preferred)
    {
        foreach (var candidate in preferred is { Length: > 0 } ? [preferred] : (string[])["docker", "podman"])
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(candidate, ["info", "--format", "{{.ID}}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                using var limit = new CancellationTokenSource(AnswerTime);
                try
                {
                    await process.WaitForExitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    process.Kill(entireProcessTree: true);
                    continue;
                }

                if (process.ExitCode == 0) return candidate;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not installed.
            }
        }

        return null;
    }
}
