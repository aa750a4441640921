using RecoAspire.Tests;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Topology;

/// <summary>The project's own topology as text, to be edited.</summary>
internal static class TopologyText
{
    public static string Path { get; } = System.IO.Path.Combine(RealData.ProjectRoot, "AppHost", "Topology", "topology.yaml");

    public static string Valid { get; } = File.ReadAllText(Path);

    /// <summary>With one place changed; the place must be there.</summary>
    public static string With(string before, string after) => Replace(Valid, before, after);

    public static string Replace(string text, string before, string after)
    {
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the topology does not say '{before}'");
        return string.Concat(text.AsSpan(0, at), after, text.AsSpan(at + before.Length));
    }

    /// <summary>The errors without their lines.</summary>
    public static IReadOnlyList<string> Errors(string yaml) =>
        [.. Assert.Throws<TopologyException>(() => TopologyFile.Parse(yaml)).Errors.Select(e => e[..e.LastIndexOf(" (line ", StringComparison.Ordinal)])];
}
