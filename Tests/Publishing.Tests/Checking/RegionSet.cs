using RecoAspire.Publishing.Checking;
using RecoAspire.Tests;

namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>The good set's region eu as objects, read from its files without kustomize, whole or with something broken.</summary>
internal static class RegionSet
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Checking", "Set");

    public static readonly CheckOptions Options = new()
    {
        ExternalHosts = ["*.example.org"],
        NodeAgents = new HashSet<string> { "node-exporter" },
        ExpectedEdges =
        [
            new("recommendation/gateway", "recommendation/qdrant", 6334),
            new("recommendation/qdrant", "recommendation/qdrant", 6335),
            new("recommendation/qdrant-backup", "recommendation/qdrant", 6333),
            new("monitoring/prometheus", "recommendation/gateway", 9090),
        ],
        ToolFolders = [Path.Combine(RealData.ProjectRoot, ".cache", "tools", "bin")],
    };

    public static string Text { get; } = Read();

    /// <summary>What the rules say of the set in which a text was replaced wherever it stands.</summary>
    public static IReadOnlyList<string> FindingsOf(string old, string replacement) => FindingsOf(Replace(old, replacement));

    public static IReadOnlyList<string> FindingsOf(string text) =>
        [.. new References(Options).Check(Parse(text)).Select(found => $"{found.Object}: {found.Node.Path}: {found.Message}").Order(StringComparer.Ordinal)];

    public static ObjectSet Parse(string text) => new([.. YamlDocuments.Read(text).Select(document => new KubernetesObject(document))]);

    public static string Replace(string old, string replacement)
    {
        (old, replacement) = (old.ReplaceLineEndings("\n"), replacement.ReplaceLineEndings("\n"));
        Assert.Contains(old, Text);
        return Text.Replace(old, replacement);
    }

    /// <summary>A document more.</summary>
    public static string With(string document) => $"{Text}\n---\n{document}\n";

    private static string Read()
    {
        var files = new[] { "k8s/base", "backup/base", "monitoring/base", "monitoring/operator", "scaling/regions/eu" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Folder, folder), "*.yaml", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml").Order(StringComparer.Ordinal);
        var config = File.ReadAllText(Path.Combine(Folder, "monitoring/base/prometheus.yml")).ReplaceLineEndings("\n    ").TrimEnd();
        return string.Join("\n---\n", files.Select(File.ReadAllText)).ReplaceLineEndings("\n") + $"""

            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: prometheus
              namespace: monitoring
            data:
              prometheus.yml: |
            """.ReplaceLineEndings("\n") + $"\n    {config}\n";
    }
}
