using System.Diagnostics;
using RecoAspire.Sandbox.Tests.Sandboxes;
using RecoAspire.Tests;

[assembly: AssemblyFixture(typeof(PublishedServices))]

namespace RecoAspire.Sandbox.Tests.Sandboxes;

/// <summary>Every service published once per run, in the folders that become <c>/app</c> of the images.</summary>
public sealed class PublishedServices : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Programs = new()
    {
        ["eventlog"] = "EventLog.dll",
        ["profile"] = "Profile.dll",
        ["embedding"] = "GpuEmbedding.dll",
        ["vectorsearch"] = "VectorSearch.dll",
        ["graph"] = "Graph.dll",
        ["gateway"] = "Gateway.dll",
        ["ops"] = "Ops.dll",
    };

    private const UnixFileMode OthersMayLook =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("reco-sandbox-").FullName;

    internal Bubblewrap Bubblewrap => new(_folder);

    /// <summary>The folder of a service.</summary>
    internal string Application(string service) => Path.Combine(_folder, "published", service);

    /// <summary>The image's entry point.</summary>
    internal static string[] EntryPoint(string service) => ["dotnet", $"/app/{Programs[service]}"];

    /// <summary>Skips the test where there can be no sandboxes.</summary>
    internal static void Require()
    {
        if (Bubblewrap.UnavailableBecause is { } reason) Assert.Skip(reason);
    }

    public async ValueTask InitializeAsync()
    {
        if (Bubblewrap.UnavailableBecause is not null) return;
        // The sandboxes' user looks into it.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | OthersMayLook);
        ChiselledRoot.WriteEtc(Path.Combine(_folder, "etc"));
        await PublishAsync(Path.Combine(_folder, "published"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task PublishAsync(string root)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "msbuild", Path.Combine(RealData.ProjectRoot, "Services", "Services.proj"), "-t:Publish", $"-p:PublishRoot={root}",
            // Packages were restored with the tests and the analysers have seen the code; nothing stays behind that would hold the output open.
            "-m:2", "-v:q", "-nologo", "-nodeReuse:false", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"publishing failed\n{output}\n{await error}");
    }
}
