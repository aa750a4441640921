using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace RecoAspire.Tests;

/// <summary>Reads gzip'd NumPy arrays (format 1.0, little-endian, C order, two dimensions).</summary>
internal static partial class NumPyFile
{
    public static float[][] ReadHalf(string path) => Read(path, "<f2", 2, bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes));

    public static float[][] ReadSingle(string path) => Read(path, "<f4", 4, BinaryPrimitives.ReadSingleLittleEndian);

    private delegate float Element(ReadOnlySpan<byte> bytes);

    private static float[][] Read(string path, string type, int size, Element element)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) zip.CopyTo(memory);
        var bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        var header = System.Text.Encoding.ASCII.GetString(bytes.Slice(10, headerLength));
        if (!header.Contains($"'descr': '{type}'", StringComparison.Ordinal) || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
            throw new InvalidDataException($"'{path}' holds {header}, wanted is {type}");
        var shape = Shape().Match(header);
        var (rows, columns) = (Number(shape.Groups[1]), Number(shape.Groups[2]));
        var data = bytes[(10 + headerLength)..];
        if (rows * columns * size != data.Length) throw new InvalidDataException($"'{path}' is torn");
        var result = new float[rows][];
        for (var r = 0; r < rows; r++)
        {
            result[r] = new float[columns];
            for (var c = 0; c < columns; c++) result[r][c] = element(data[((r * columns + c) * size)..]);
        }

        return result;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"'shape': \((\d+), (\d+)\)")]
    private static partial Regex Shape();
}
