using System.Diagnostics;
using System.Text.Json;

namespace RecoAspire.Hosting.Engines;

/// <summary>The project's tool manifest, <c>.config/dotnet-tools.json</c> in the AppHost's folder or above: programs that take containers' places.</summary>
internal sealed class ToolManifest(string appHostDirectory, ConsoleNotice notice)
{
    private static readonly TimeSpan RestoreTime = TimeSpan.FromMinutes(3);
    private readonly Lock _gate = new();
    private Task? _restore;

    /// <summary>Where the manifest counts.</summary>
    public string Folder { get; } = Find(appHostDirectory) ?? appHostDirectory;

    /// <summary>Makes sure that a tool can run; restores the manifest's tools the first time.</summary>
    /// <exception cref="DistributedApplicationException">It is not in the manifest, or cannot be restored.</exception>
    public async Task DemandAsync(string resource, string tool)
    {
        var manifest = Path.Combine(Folder, ".config", "dotnet-tools.json");
        if (!File.Exists(manifest) || !Lists(manifest, tool))
            throw new DistributedApplicationException($"'{resource}' runs as '{tool}' here, which no tool manifest names: run 'dotnet tool install {tool} --create-manifest-if-needed'.");
        Task restore;
        lock (_gate) restore = _restore ??= RestoreAsync(resource, tool);
        await restore;
    }

    private async Task RestoreAsync(string resource, string tool)
    {
        notice.Write(resource, $"restoring '{tool}' from the tool manifest");
        var start = new ProcessStartInfo(Running.LaunchPlan.DotnetPath(), ["tool", "restore"]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(RestoreTime);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new DistributedApplicationException($"'{resource}': 'dotnet tool restore' did not end within {RestoreTime.TotalMinutes:0} minutes; run it by hand in '{Folder}'.");
        }

        if (process.ExitCode == 0) return;
        var said = (await error + await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
        throw new DistributedApplicationException($"'{resource}': 'dotnet tool restore' failed ({said}); run it by hand in '{Folder}'.");
    }

    private static string? Find(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, ".config", "dotnet-tools.json"))) return folder.FullName;
        }

        return null;
    }

    private static bool Lists(string manifest, string tool)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return json.RootElement.GetProperty("tools").TryGetProperty(tool, out _);
    }
}

/// <summary>Tells the person at the terminal something about a resource.</summary>
internal sealed class ConsoleNotice(Action<string, string> write)
{
    public void Write(string resource, string line) => write(resource, line);
}
