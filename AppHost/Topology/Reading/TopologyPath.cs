using System.Text.Json;
using System.Text.RegularExpressions;

namespace RecoAspire.Topology.Reading;

/// <summary>Where a value stands in the file: <c>regions[1].capacity.api_servers</c>.</summary>
internal static partial class TopologyPath
{
    /// <summary>The file as a whole.</summary>
    public const string Root = "topology";

    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>A key that is no simple name is quoted: <c>images.digests["docker.io/library/redis"]</c>.</summary>
    public static string Key(string path, string key) => SimpleName().IsMatch(key)
        ? path == Root ? key : $"{path}.{key}"
        : $"{path}[{JsonSerializer.Serialize(key)}]";

    /// <summary>Whether a path lies in another one, or is it.</summary>
    public static bool IsIn(string path, string outer) =>
        path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '[');

    /// <summary>The path one step further out.</summary>
    public static string Outer(string path) => path.LastIndexOfAny(['.', '[']) is > 0 and var end ? path[..end] : Root;

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_-]*\z")]
    private static partial Regex SimpleName();
}
