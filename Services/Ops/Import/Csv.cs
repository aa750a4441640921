using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.Ops.Import;

/// <summary>Comma-separated values after RFC 4180: quoted fields may hold commas, doubled quotes and line breaks.</summary>
internal static class Csv
{
    /// <summary>One row and the line on which it begins.</summary>
    public readonly record struct Row(long Line, string[] Fields);

    /// <summary>All rows after the header, each with exactly the columns that <paramref name="header"/> names, in that order.</summary>
    /// <exception cref="OpsException">The header or a row is not as it should be, or the file breaks off.</exception>
    public static IEnumerable<Row> Rows(InputFile file, IncrementalHash hash, string[] header)
    {
        var text = file.ReadText(hash);
        var line = 1L;
        var at = 0;
        var first = true;
        while (at < text.Length)
        {
            var start = line;
            var fields = ReadRow(file, text, ref at, ref line);
            if (first)
            {
                first = false;
                if (!fields.AsSpan().SequenceEqual(header)) throw OpsException.AtLine(file.Name, 1, $"the header should be {string.Join(',', header)}");
                continue;
            }

            if (fields is [""]) continue;
            if (fields.Length != header.Length) throw OpsException.AtLine(file.Name, start, $"has {fields.Length} fields instead of {header.Length}");
            yield return new Row(start, fields);
        }

        if (first) throw OpsException.AtLine(file.Name, 1, "the file is empty");
    }

    private static string[] ReadRow(InputFile file, string text, ref int at, ref long line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var start = line;
        while (true)
        {
            if (at >= text.Length) throw OpsException.AtLine(file.Name, start, "the last line has no line break: the file breaks off");
            var c = text[at++];
            if (c == '"' && field.Length == 0)
            {
                ReadQuoted(file, text, ref at, ref line, field, start);
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                line++;
                if (field.Length > 0 && field[^1] == '\r') field.Length--;
                fields.Add(field.ToString());
                return [.. fields];
            }
            else
            {
                field.Append(c);
            }
        }
    }

    private static void ReadQuoted(InputFile file, string text, ref int at, ref long line, StringBuilder field, long start)
    {
        while (at < text.Length)
        {
            var c = text[at++];
            if (c == '"')
            {
                if (at >= text.Length || text[at] != '"') return;
                at++;
            }
            else if (c == '\n')
            {
                line++;
            }

            field.Append(c);
        }

        throw OpsException.AtLine(file.Name, start, "a quoted field is not closed: the file breaks off");
    }
}
