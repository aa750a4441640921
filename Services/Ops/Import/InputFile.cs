using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.Ops.Import;

/// <summary>A text file of a data set, plain or gzip'd, read to its end with line numbers. A file that breaks off is refused.</summary>
internal sealed class InputFile
{
    private readonly string _path;
    private readonly Encoding _encoding;

    private InputFile(string path, Encoding encoding)
    {
        _path = path;
        _encoding = encoding;
    }

    public string Name => Path.GetFileName(_path);

    /// <summary>Finds <paramref name="name"/> or <c>name.gz</c> in a folder.</summary>
    public static InputFile? Find(string folder, string name, Encoding? encoding = null)
    {
        foreach (var candidate in (string[])[name, $"{name}.gz"])
        {
            var path = Path.Combine(folder, candidate);
            if (File.Exists(path)) return new InputFile(path, encoding ?? new UTF8Encoding(false, throwOnInvalidBytes: true));
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>, for files that must be there.</summary>
    public static InputFile Demand(string folder, string name, Encoding? encoding = null) =>
        Find(folder, name, encoding) ?? throw new OpsException($"'{folder}' has no {name} (nor {name}.gz)", OpsException.BadInput);

    /// <summary>The whole text, and its digest added to <paramref name="hash"/>.</summary>
    /// <exception cref="OpsException">It breaks off or is not text in its encoding.</exception>
    public string ReadText(IncrementalHash hash)
    {
        byte[] bytes;
        try
        {
            using var file = File.OpenRead(_path);
            using var memory = new MemoryStream();
            if (_path.EndsWith(".gz", StringComparison.Ordinal))
            {
                using var zip = new GZipStream(file, CompressionMode.Decompress);
                zip.CopyTo(memory);
                DemandTrailer(file, memory.Length);
            }
            else
            {
                file.CopyTo(memory);
            }

            bytes = memory.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new OpsException($"{Name}: the compressed file is damaged or breaks off ({e.Message})", OpsException.BadInput);
        }

        hash.AppendData(Encoding.UTF8.GetBytes(Name));
        hash.AppendData(bytes);
        try
        {
            return _encoding.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw OpsException.AtLine(Name, bytes.AsSpan(0, Math.Max(0, e.Index)).Count((byte)'\n') + 1, "is not valid UTF-8");
        }
    }

    /// <summary>The lines with their numbers, from 1.</summary>
    /// <exception cref="OpsException">The last line has no line break: the file was not written to its end.</exception>
    public IEnumerable<(long Number, string Text)> Lines(IncrementalHash hash)
    {
        var text = ReadText(hash);
        var number = 0L;
        for (var at = 0; at < text.Length;)
        {
            number++;
            var end = text.IndexOf('\n', at);
            if (end < 0) throw OpsException.AtLine(Name, number, "the last line has no line break: the file breaks off");
            yield return (number, text[at..(end > at && text[end - 1] == '\r' ? end - 1 : end)]);
            at = end + 1;
        }
    }

    // .NET's reader accepts a gzip stream that ends early; its trailer tells the length that it should have had.
    private static void DemandTrailer(FileStream file, long length)
    {
        if (file.Length < 18) throw new InvalidDataException("too short");
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(trailer);
        if (System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(trailer) != (uint)length) throw new InvalidDataException("the length does not match");
    }
}
