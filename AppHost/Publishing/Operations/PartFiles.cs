using System.Text;

namespace RecoAspire.Publishing.Operations;

/// <summary>Scripts that are published as they stand in this folder.</summary>
internal static class PartFiles
{
    public static string Read(string path)
    {
        using var stream = typeof(PartFiles).Assembly.GetManifestResourceStream($"operations/{path}") ?? throw new FileNotFoundException(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
