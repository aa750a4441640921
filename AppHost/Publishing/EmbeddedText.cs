using System.Text;

namespace RecoAspire.Publishing;

/// <summary>Text that lies beside the code as a real file, so that a shell can check it, and is published as it stands.</summary>
internal static class EmbeddedText
{
    /// <param name="path">Its name among the resources: area and path, such as <c>engines/Qdrant/start.sh</c>.</param>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    public static string Read(string path)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(path) ?? throw new FileNotFoundException(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
