using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>The page's files, inside the assembly: they need no folder and no network.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";
    private static readonly FrozenDictionary<string, byte[]> Files = Load();

    /// <summary>Null = there is no such file.</summary>
    public static IResult? Answer(string path) => Files.TryGetValue(path, out var content) ? Results.Bytes(content, Type(path)) : null;

    private static FrozenDictionary<string, byte[]> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(n => n[Prefix.Length..].Replace('\\', '/'), n =>
        {
            using var stream = assembly.GetManifestResourceStream(n)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        });
    }

    private static string Type(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
