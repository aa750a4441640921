using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Documents;

/// <summary>
/// Writes trees as YAML 1.2 that older readers understand in the same way: whatever could be taken for something else than a string is
/// quoted. Keys keep their order, lines end in \n, nothing depends on the machine.
/// </summary>
public static partial class YamlWriter
{
    // A longer key would need another form.
    private const int MaxKeyLength = 1000;

    /// <summary>Several documents in one file, with a remark at the top.</summary>
    /// <exception cref="ArgumentException">A key has more than 1000 characters, or a text half a character.</exception>
    public static string Write(string remark, params IEnumerable<Node> documents)
    {
        var text = new StringBuilder();
        WriteComment(text, remark, 0);
        foreach (var document in documents)
        {
            text.Append("---\n");
            if (document.Comment is not null) WriteComment(text, document.Comment, 0);
            WriteBlock(text, document, 0);
        }

        return text.ToString();
    }

    /// <summary>One document without remark or separator: text that stands inside another document.</summary>
    public static string Fragment(Node document)
    {
        var text = new StringBuilder();
        WriteBlock(text, document, 0);
        return text.ToString();
    }

    private static void WriteBlock(StringBuilder text, Node node, int indent)
    {
        switch (node)
        {
            case Map { Entries.Count: > 0 } map:
                foreach (var (key, value) in map.Entries)
                {
                    if (value.Comment is not null) WriteComment(text, value.Comment, indent);
                    text.Append(' ', indent).Append(Key(key)).Append(':');
                    WriteValue(text, value, indent);
                }

                break;
            case Sequence { Items.Count: > 0 } sequence:
                foreach (var item in sequence.Items)
                {
                    if (item.Comment is not null) WriteComment(text, item.Comment, indent);
                    text.Append(' ', indent).Append('-');
                    WriteItem(text, item, indent);
                }

                break;
            default:
                text.Append(' ', indent);
                WriteInline(text, node, indent);
                break;
        }
    }

    private static void WriteValue(StringBuilder text, Node value, int indent)
    {
        if (value is Map { Entries.Count: > 0 } or Sequence { Items.Count: > 0 })
        {
            text.Append('\n');
            WriteBlock(text, value, indent + 2);
            return;
        }

        text.Append(' ');
        WriteInline(text, value, indent);
    }

    private static void WriteItem(StringBuilder text, Node item, int indent)
    {
        if (item is Map { Entries: [var (_, first), ..] } && first.Comment is null || item is Sequence { Items: [{ Comment: null }, ..] })
        {
            var block = new StringBuilder();
            WriteBlock(block, item, indent + 2);
            text.Append(' ').Append(block.ToString().AsSpan(indent + 2));
            return;
        }

        WriteValue(text, item, indent);
    }

    private static void WriteInline(StringBuilder text, Node node, int indent)
    {
        switch (node)
        {
            case Map: text.Append("{}\n"); break;
            case Sequence: text.Append("[]\n"); break;
            case Scalar { Value: string value } when IsLiteral(Whole(value)): WriteLiteral(text, value, indent + 2); break;
            case Scalar { Value: string value }: text.Append(Quote(value)).Append('\n'); break;
            case Scalar scalar: text.Append(scalar.Text).Append('\n'); break;
        }
    }

    // A literal block keeps scripts and rules readable; it cannot hold what YAML would fold, lose or refuse.
    private static bool IsLiteral(string value) =>
        value.Contains('\n') && value[0] is not (' ' or '\n') && !value.Contains(" \n") && !value.EndsWith(' ')
        && !value.EndsWith("\n\n", StringComparison.Ordinal) && value.All(c => c == '\n' || IsPrintable(c));

    private static void WriteLiteral(StringBuilder text, string value, int indent)
    {
        var ends = value.EndsWith('\n');
        text.Append(ends ? "|\n" : "|-\n");
        foreach (var line in (ends ? value[..^1] : value).Split('\n'))
        {
            if (line.Length > 0) text.Append(' ', indent).Append(line);
            text.Append('\n');
        }
    }

    private static void WriteComment(StringBuilder text, string comment, int indent)
    {
        foreach (var line in LineBreak().Split(comment))
        {
            text.Append(' ', indent).Append('#');
            if (line.Length > 0) text.Append(' ').Append(string.Concat(line.Select(c => IsPrintable(c) ? c : ' ')));
            text.Append('\n');
        }
    }

    private static string Key(string key)
    {
        var text = Quote(Whole(key));
        return text.Length <= MaxKeyLength ? text : throw new ArgumentException($"A key has {text.Length} characters, at most {MaxKeyLength} are possible.");
    }

    private static string Quote(string value) => Plain().IsMatch(value) && !Reserved().IsMatch(value) ? value : DoubleQuoted(value);

    // Not JSON's escapes: a pair \ud83d\ude00 is one character there and two broken ones here.
    private static string DoubleQuoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                _ when IsPrintable(c) => text.Append(c),
                _ => text.Append(@"\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        return text.Append('"').ToString();
    }

    private static string Whole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsSurrogatePair(text, i)) throw new ArgumentException("A text has half a character: a surrogate without its other half.");
            i++;
        }

        return text;
    }

    // What may stand in a file as it is. Further line ends and the byte order mark may not: older readers end the line there.
    private static bool IsPrintable(char c) => c is >= ' ' and < '\u007f' or > '\u009f' and not ('\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff');

    // Letters first, then what cannot begin a comment, a key or a flow collection.
    [GeneratedRegex(@"\A[A-Za-z_/][A-Za-z0-9_./+@=-]*(?:[ :][A-Za-z0-9_./+@=-]+)*\z")]
    private static partial Regex Plain();

    // What YAML 1.1 takes for a truth value, nothing or a number.
    [GeneratedRegex(@"\A(?:y|n|yes|no|true|false|on|off|null|[-+.]?[0-9].*|\.inf|\.nan|e[0-9]+)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    [GeneratedRegex("\r\n|[\n\r\u0085\u2028\u2029]")]
    private static partial Regex LineBreak();
}
