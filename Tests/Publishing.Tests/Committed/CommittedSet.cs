using RecoAspire.Tests;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>The set as it is committed, and sets made from other topologies.</summary>
internal static class CommittedSet
{
    public static string Root { get; } = Path.Combine(RealData.ProjectRoot, "aspire-manifest");

    public static string Manifest { get; } = File.ReadAllText(Path.Combine(Root, "aspire-manifest.json"));

    public static AppModel Model { get; } = AppModel.Parse(Manifest);

    public static string TopologyText { get; } = File.ReadAllText(Path.Combine(RealData.ProjectRoot, "AppHost", "Topology", "topology.yaml"));

    public static DeploymentTopology Topology { get; } = TopologyFile.Parse(TopologyText);

    public static IReadOnlyDictionary<string, string> Generate(string topology) =>
        Publisher.Write(TopologyFile.Parse(topology), Model).ToDictionary(f => f.Path, f => f.Text);

    /// <summary>Every file on disk, by its path in the set.</summary>
    public static IEnumerable<(string Path, string Text)> Files() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Select(f => (Path.GetRelativePath(Root, f).Replace('\\', '/'), File.ReadAllText(f))).OrderBy(f => f.Item1, StringComparer.Ordinal);

    /// <summary>The text with one place changed, which must be there exactly once.</summary>
    public static string Edit(string text, string old, string @new)
    {
        Assert.Equal(2, text.Split(old).Length);
        return text.Replace(old, @new, StringComparison.Ordinal);
    }

    public static void Save(IReadOnlyDictionary<string, string> files, string folder)
    {
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
    }
}
