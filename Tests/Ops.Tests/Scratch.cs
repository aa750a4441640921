using System.IO.Compression;
using System.Text;

namespace RecoAspire.Ops.Tests;

/// <summary>A folder for one test, with files in the layouts of data sets, written by hand.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ops-test-").FullName;

    public string State => System.IO.Path.Combine(Path, "state");

    public Scratch Write(string name, string text, Encoding? encoding = null) => Write(name, (encoding ?? new UTF8Encoding(false)).GetBytes(text));

    public Scratch Write(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (name.EndsWith(".gz", StringComparison.Ordinal)) bytes = Compress(bytes);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    public static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Optimal)) zip.Write(bytes);
        return memory.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
