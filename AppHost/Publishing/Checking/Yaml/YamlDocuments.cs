using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RecoAspire.Publishing.Checking;

/// <summary>Text that is not YAML as it is written here.</summary>
internal sealed class YamlFormatException(int line, string message) : FormatException(message)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;
}

/// <summary>
/// Reads every document of a stream. Stricter than YAML: a key given twice, an anchor, an alias, a tag and a plain scalar that two
/// versions of YAML read differently are errors.
/// </summary>
internal static class YamlDocuments
{
    private const int MaxDepth = 100;

    /// <exception cref="YamlFormatException">The text breaks a rule; it names the line.</exception>
    public static IReadOnlyList<YamlNode> Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            var documents = new List<YamlNode>();
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                var root = ReadNode(parser, "", 0);
                parser.Consume<DocumentEnd>();
                if (root.Kind != YamlKind.Null) documents.Add(root);
            }

            return documents;
        }
        catch (YamlException e)
        {
            throw new YamlFormatException((int)e.Start.Line, e.Message);
        }
    }

    private static YamlNode ReadNode(Parser parser, string path, int depth)
    {
        var line = (int)parser.Current!.Start.Line;
        if (depth > MaxDepth) throw new YamlFormatException(line, $"nested deeper than {MaxDepth}");
        if (parser.TryConsume<AnchorAlias>(out _)) throw new YamlFormatException(line, "an alias: write the value out");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false }) throw new YamlFormatException(line, "an anchor: write the value out");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged) throw new YamlFormatException(line, $"the tag {tagged.Tag}: write the value so that it needs none");
        if (parser.TryConsume<Scalar>(out var scalar)) return ReadScalar(scalar, line, path);
        return parser.TryConsume<SequenceStart>(out _) ? ReadSequence(parser, line, path, depth) : ReadMapping(parser, line, path, depth);
    }

    private static YamlNode ReadSequence(Parser parser, int line, string path, int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(parser, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), depth + 1));
        return YamlNode.Sequence(items, line, path);
    }

    private static YamlNode ReadMapping(Parser parser, int line, string path, int depth)
    {
        parser.Consume<MappingStart>();
        var fields = new Dictionary<string, YamlNode>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyLine = (int)parser.Current!.Start.Line;
            var key = ReadNode(parser, path, depth + 1);
            if (!key.IsScalar) throw new YamlFormatException(keyLine, "a key that is not a scalar");
            var value = ReadNode(parser, YamlNode.Join(path, key.Text), depth + 1);
            if (!fields.TryAdd(key.Text, value)) throw new YamlFormatException(keyLine, $"the key '{key.Text}' stands twice");
        }

        return YamlNode.Mapping(fields, line, path);
    }

    private static YamlNode ReadScalar(Scalar scalar, int line, string path)
    {
        if (scalar.Style != ScalarStyle.Plain) return YamlNode.Scalar(YamlKind.String, scalar.Value, line, path);
        if (YamlScalars.IsAmbiguous(scalar.Value))
            throw new YamlFormatException(line, $"'{scalar.Value}' is read differently by YAML 1.1 and 1.2: quote it, or write the number in decimal");
        return YamlNode.Scalar(YamlScalars.Resolve(scalar.Value), scalar.Value, line, path);
    }
}
