using System.Diagnostics;
using RecoAspire.Publishing;
using RecoAspire.Publishing.Monitoring;
using RecoAspire.Tests;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>The monitoring's files as <c>publish</c> makes them, in a folder of their own.</summary>
public sealed class PublishedMonitoring : IDisposable
{
    /// <summary>Writes the set of the committed app model and topology.</summary>
    public PublishedMonitoring()
        : this(TopologyFile.Read(Path.Combine(RealData.ProjectRoot, "AppHost", "Topology", "topology.yaml")))
    {
    }

    internal PublishedMonitoring(DeploymentTopology topology)
    {
        Topology = topology;
        Model = AppModel.Parse(File.ReadAllText(Path.Combine(RealData.ProjectRoot, "aspire-manifest", "aspire-manifest.json")));
        Deployment = Publisher.Describe(topology, Model);
        Files = [.. MonitoringParts.All.SelectMany(p => p.Write(Deployment))];
        foreach (var file in Files)
        {
            var path = Path.Combine(Folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text);
        }
    }

    public DeploymentTopology Topology { get; }

    internal AppModel Model { get; }

    internal Deployment Deployment { get; }

    internal IReadOnlyList<PublishedFile> Files { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("monitoring-").FullName;

    /// <summary>A file's text.</summary>
    public string Text(string path) => Files.Single(f => f.Path == path).Text;

    /// <summary>Runs a tool in the folder and returns what it wrote; skips the test where the tool is not installed, fails where it fails.</summary>
    public async Task<string> RunAsync(string tool, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"needs '{tool}' on the PATH (Debian packages prometheus, prometheus-alertmanager, kubectl)");
            throw new UnreachableException();
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var text = await output + await error;
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', start.ArgumentList.Take(4))}: exit code {process.ExitCode}\n{text}");
            return text;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
