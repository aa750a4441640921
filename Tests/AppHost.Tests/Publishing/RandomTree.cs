using System.Globalization;
using System.Text;
using CsCheck;
using RecoAspire.Publishing.Documents;

namespace RecoAspire.AppHost.Tests.Publishing;

/// <summary>Trees of everything that a document can hold, with the strings that readers are known to take for something else.</summary>
internal static class RandomTree
{
    private static readonly string[] Traps =
    [
        "", " ", "  a", "a  ", "\ta", "a\t", "~", "null", "Null", "NULL", "true", "True", "yes", "No", "on", "OFF", "y", "n", "Y", "0", "-0", "+1", "007", "0o17", "0x10", "0b1", "1_000", "1e3", "1E-05", ".5", "5.",
        ".inf", "-.INF", ".nan", "12:30:00", "12:30", "190:20:30", "2026-01-01", "2026-01-01T10:00:00Z", "2026-1-1 10:00:00 +1", "=", "<<", "-", "--", "---", "...", "- a", "-1a", "?", "? a", ":", ": a", "a:", "a: b", "a:b", "a :b", "#", "# a", "a #b",
        "a#b", "!t", "!!str", "&a", "*a", "@a", "`a", "%a", "|", ">", "[", "]", "{", "}", "{a: b}", "[a, b]", ",", "a, b", "'", "\"", "'a'", "\"a\"", "\\", "a\\nb", "\n", "\n\n", "a\n", "a\n\n", "a\nb", "a\n\nb", " a\nb", "a\n b", "a \nb", "a\n \nb",
        "a\r\nb", "a\rb", "#a\nb", "---\na", "a\n---\nb\n", "a\u0085b\nc", "a\u2028b\nc", "\u2029", "\ufeffa", "a\u0007b", "\u007f", "\u009f", "é", "日本", "\ud83d\ude00", "\ud83d\ude00\nb", "$(VAR)", "{{ .x }}", "e3", "E10", "_1", "/", "a/b@sha256:c", "v1.34", "1.34", "0.1.0",
    ];

    // Half characters have no UTF-8: the writers refuse them.
    private static readonly Gen<string> AnyText = Gen.Char.Array[0, 12].Select(c => string.Concat(new string(c).EnumerateRunes().Where(r => r.Value != 0xfffd)));

    private static readonly Gen<string> Text = Gen.Frequency((4, Gen.Int[0, Traps.Length - 1].Select(i => Traps[i])), (1, AnyText), (1, Gen.Select(Gen.Int[0, Traps.Length - 1], Gen.Int[0, Traps.Length - 1], (a, b) => Traps[a] + Traps[b])));

    private static readonly Gen<Node> Leaf = Gen.OneOf(
        Text.Select(t => (Node)new Scalar(t)), Gen.Long.Select(n => (Node)n), Gen.Double.Where(double.IsFinite).Select(n => (Node)n), Gen.Double[-1000, 1000].Select(n => (Node)Math.Round(n, 2)), Gen.Bool.Select(b => (Node)b));

    /// <summary>Without comments.</summary>
    public static Gen<Node> Trees { get; } = OfDepth(3, Gen.Const((string?)null));

    /// <summary>With comments of any text.</summary>
    public static Gen<Node> Commented { get; } = OfDepth(3, Gen.Frequency((1, Gen.Const((string?)null)), (1, Text.Select(t => (string?)t))));

    /// <summary>Everything that a tree says, and nothing of how.</summary>
    public static string Content(Node node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Node node)
    {
        switch (node)
        {
            case Map map:
                text.Append(CultureInfo.InvariantCulture, $"map {map.Entries.Count}(");
                foreach (var (key, value) in map.Entries)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{key.Length} {key}=");
                    Append(text, value);
                }

                text.Append(')');
                break;
            case Sequence sequence:
                text.Append(CultureInfo.InvariantCulture, $"list {sequence.Items.Count}(");
                foreach (var item in sequence.Items) Append(text, item);
                text.Append(')');
                break;
            case Scalar { Value: string value }: text.Append(CultureInfo.InvariantCulture, $"text {value.Length} {value};"); break;
            case Scalar { Value: bool } scalar: text.Append(CultureInfo.InvariantCulture, $"truth {scalar.Text};"); break;
            case Scalar scalar: text.Append(CultureInfo.InvariantCulture, $"number {scalar.Text};"); break;
        }
    }

    private static Gen<Node> OfDepth(int depth, Gen<string?> comment)
    {
        var leaf = Gen.Select(Leaf, comment, (n, c) => n with { Comment = c });
        if (depth == 0) return leaf;
        var inner = OfDepth(depth - 1, comment);
        var list = Gen.Select(inner.Array[0, 4], comment, (items, c) => (Node)new Sequence(items) { Comment = c });
        var map = Gen.Select(Gen.Select(Text, inner).Array[0, 4], comment, (entries, c) =>
            (Node)new Map([.. entries.DistinctBy(e => e.Item1).Select(e => KeyValuePair.Create(e.Item1, e.Item2))]) { Comment = c });
        return Gen.OneOf(leaf, list, map);
    }
}
