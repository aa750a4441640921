using System.Globalization;
using System.Text.RegularExpressions;
using RecoAspire.Publishing.Documents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = RecoAspire.Publishing.Documents.Scalar;

namespace RecoAspire.AppHost.Tests.Publishing;

/// <summary>
/// Reads YAML back as a tree. What stands without quotes must mean the same by the rules of YAML 1.2 (core schema) and of YAML 1.1.
/// </summary>
internal static partial class YamlReading
{
    public static IReadOnlyList<Node> Documents(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var documents = new List<Node>();
        parser.Consume<StreamStart>();
        while (!parser.TryConsume<StreamEnd>(out _))
        {
            parser.Consume<DocumentStart>();
            documents.Add(Read(parser));
            parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private static Node Read(Parser parser)
    {
        var start = parser.Consume<NodeEvent>();
        if (start is YamlDotNet.Core.Events.Scalar scalar) return scalar.Style == ScalarStyle.Plain ? Plain(scalar.Value) : new Scalar(scalar.Value);
        if (start is SequenceStart)
        {
            var items = new List<Node>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Read(parser));
            return new Sequence(items);
        }

        var entries = new List<KeyValuePair<string, Node>>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Assert.IsType<Scalar>(Read(parser));
            entries.Add(KeyValuePair.Create(Assert.IsType<string>(key.Value), Read(parser)));
        }

        return new Map(entries);
    }

    private static Scalar Plain(string text)
    {
        var (new12, old11) = (Kind12(text), Kind11(text));
        Assert.True(new12 == old11, $"'{text}' is {new12} in YAML 1.2 and {old11} in YAML 1.1");
        return new12 switch
        {
            "text" => new Scalar(text),
            "truth" => new Scalar(text == "true"),
            "number" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && text != "-0" => new Scalar(whole),
            "number" => new Scalar(double.Parse(text, CultureInfo.InvariantCulture)),
            _ => throw new InvalidOperationException($"'{text}' is {new12}"),
        };
    }

    private static string Kind12(string text) =>
        Null12().IsMatch(text) ? "nothing" : Truth12().IsMatch(text) ? "truth" : Number12().IsMatch(text) ? "number" : "text";

    private static string Kind11(string text) =>
        Null11().IsMatch(text) ? "nothing" : Truth11().IsMatch(text) ? "truth" : Number11().IsMatch(text) ? "number"
        : Time11().IsMatch(text) ? "a time" : text is "<<" or "=" ? "an operator" : "text";

    [GeneratedRegex(@"\A(?:null|Null|NULL|~|)\z")]
    private static partial Regex Null12();

    [GeneratedRegex(@"\A(?:true|True|TRUE|false|False|FALSE)\z")]
    private static partial Regex Truth12();

    [GeneratedRegex(@"\A(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex Number12();

    [GeneratedRegex(@"\A(?:~|null|Null|NULL|)\z")]
    private static partial Regex Null11();

    [GeneratedRegex(@"\A(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\z")]
    private static partial Regex Truth11();

    // Whole numbers to the bases 2, 8, 10, 16 and 60; numbers with a point; to the base 60 with a point; infinite; none.
    [GeneratedRegex(@"\A(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|[-+]?(?:[0-9][0-9_]*)?\.[0-9.]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex Number11();

    [GeneratedRegex(@"\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\z")]
    private static partial Regex Time11();
}
