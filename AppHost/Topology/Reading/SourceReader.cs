using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RecoAspire.Topology.Reading;

/// <summary>
/// Reads YAML as a tree with lines. Every key stands once, and every value stands where it is used: anchors, aliases and tags are refused.
/// </summary>
internal sealed class SourceReader(TopologyErrors errors)
{
    private const int MaxDepth = 16;

    // Where the reader is, for what the parser itself refuses.
    private string _path = TopologyPath.Root;

    /// <summary>The file's one document; null when it cannot be read at all.</summary>
    public SourceNode? Read(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                errors.Add(TopologyPath.Root, "is empty", line: 1);
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, TopologyPath.Root, depth: 0);
            _path = TopologyPath.Root;
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _)) errors.Add(TopologyPath.Root, "must be one YAML document", Line(parser.Current!));
            return root;
        }
        catch (YamlException e)
        {
            errors.Add(_path, $"is not YAML: {e.Message.ReplaceLineEndings(" ")}", (int)e.Start.Line);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What the library's scanner throws, without a place, for open brackets and for escapes of no character.
            var what = e is ArgumentException ? "an escape (\\x, \\u, \\U) is no character" : "a [ or { is not closed where it must be";
            errors.Add(_path, $"is not YAML: {what}", parser.Current is { } last ? (int)last.End.Line : 1);
            return null;
        }
    }

    private SourceNode ReadNode(Parser parser, string path, int depth)
    {
        _path = path;
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            errors.Add(path, $"'*{alias.Value}' is an alias: write the value out", Line(alias));
            return new SourceGap(Line(alias));
        }

        var start = parser.Consume<NodeEvent>();
        var line = Line(start);
        if (depth > MaxDepth) throw new YamlException(start.Start, start.End, $"nested deeper than {MaxDepth} levels");

        if (!start.Anchor.IsEmpty) errors.Add(path, $"'&{start.Anchor}' is an anchor: there are none here", line);
        if (!start.Tag.IsEmpty) errors.Add(path, $"'{start.Tag}' is a tag: there are none here", line);
        return start switch
        {
            Scalar scalar => new SourceScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line),
            SequenceStart => ReadList(parser, path, depth, line),
            _ => ReadMap(parser, path, depth, line),
        };
    }

    private SourceList ReadList(Parser parser, string path, int depth, int line)
    {
        var items = new List<SourceNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(parser, TopologyPath.Item(path, items.Count), depth + 1));
        return new SourceList(items, line);
    }

    private SourceMap ReadMap(Parser parser, string path, int depth, int line)
    {
        var entries = new List<SourceEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, path, depth + 1) is not SourceScalar key)
            {
                errors.Add(path, "a key must be text", line);
                ReadNode(parser, path, depth + 1);
                continue;
            }

            var keyPath = TopologyPath.Key(path, key.Text);
            var value = ReadNode(parser, keyPath, depth + 1);
            if (entries.Find(e => e.Key == key.Text) is { } first) errors.Add(keyPath, $"comes twice, first in line {first.Line}", key.Line);
            else entries.Add(new SourceEntry(key.Text, key.Line, value));
        }

        return new SourceMap(entries, line);
    }

    private static int Line(ParsingEvent e) => (int)e.Start.Line;
}
