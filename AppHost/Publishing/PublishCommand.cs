using System.Reflection;
using System.Text;
using System.Text.Json;
using RecoAspire.Topology;

namespace RecoAspire.Publishing;

/// <summary>
/// <c>publish [--output-path DIR] [--topology FILE]</c>: writes the manifest and everything made from it. The app model writes the
/// manifest, in whichever way it does; this command does the rest.
/// </summary>
public sealed class PublishCommand
{
    private const int BadInput = 2;

    private readonly string _folder;
    private readonly string _topologyPath;
    private readonly string _manifest;

    private PublishCommand(string folder, string topologyPath, IEnumerable<string> appHostArguments)
    {
        _folder = folder;
        _topologyPath = topologyPath;
        // Beside the real one, because paths in a manifest are relative to it.
        _manifest = Path.Combine(folder, ".aspire-manifest.next.json");
        AppHostArguments = ["publish", "--output-path", _manifest, .. appHostArguments];
    }

    /// <summary>What the app host is started with, so that it writes the manifest where this command finds it.</summary>
    public string[] AppHostArguments { get; }

    /// <summary>The command, when the first word is <c>publish</c>; else null.</summary>
    /// <param name="args">The command line.</param>
    public static PublishCommand? From(string[] args)
    {
        if (args is not ["publish", .. var rest]) return null;
        var appHostDirectory = typeof(PublishCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase)).Value!;
        string? folder = null, topology = null;
        var others = new List<string>();
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == "--output-path" && i + 1 < rest.Length) folder = rest[++i];
            else if (rest[i] == "--topology" && i + 1 < rest.Length) topology = rest[++i];
            else others.Add(rest[i]);
        }

        return new PublishCommand(
            Path.GetFullPath(folder ?? Path.Combine(appHostDirectory, "..", "aspire-manifest")),
            Path.GetFullPath(topology ?? Path.Combine(appHostDirectory, "Topology", "topology.yaml")),
            others);
    }

    /// <summary>Writes the set, once the app host has written the manifest.</summary>
    /// <returns>The exit code: 0, or 2 where the input is wrong.</returns>
    public int Finish()
    {
        try
        {
            var manifest = File.ReadAllText(_manifest);
            PublishedFile[] files = [new("aspire-manifest.json", manifest), .. Publisher.Write(TopologyFile.Read(_topologyPath), AppModel.Parse(manifest))];
            var (written, removed) = Write(files);
            Console.WriteLine($"{_folder}: {files.Length} files, {written} written, {removed} removed");
            return 0;
        }
        catch (Exception e) when (e is TopologyException or PublishException or JsonException)
        {
            Console.Error.WriteLine(e.Message);
            return BadInput;
        }
        finally
        {
            File.Delete(_manifest);
        }
    }

    private (int Written, int Removed) Write(PublishedFile[] files)
    {
        var written = 0;
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(_folder, path);
            if (File.Exists(full) && File.ReadAllText(full) == text) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText($"{full}.tmp", text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move($"{full}.tmp", full, overwrite: true);
            written++;
        }

        var kept = files.Select(f => Path.Combine(_folder, f.Path)).ToHashSet(StringComparer.Ordinal);
        var stale = Publisher.OwnFolders.Select(f => Path.Combine(_folder, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)).Where(f => !kept.Contains(f)).ToList();
        stale.ForEach(File.Delete);
        return (written, stale.Count);
    }
}
