using RecoAspire.Publishing.Checking;

namespace RecoAspire.Publishing.Tests.Checking;

public sealed class YamlDocumentsTests
{
    [Theory]
    [InlineData("8080", nameof(YamlKind.Integer))]
    [InlineData("\"8080\"", nameof(YamlKind.String))]
    [InlineData("'8080'", nameof(YamlKind.String))]
    [InlineData("-1", nameof(YamlKind.Integer))]
    [InlineData("0", nameof(YamlKind.Integer))]
    [InlineData("1.5", nameof(YamlKind.Float))]
    [InlineData("1e3", nameof(YamlKind.Float))]
    [InlineData(".inf", nameof(YamlKind.Float))]
    [InlineData("true", nameof(YamlKind.Boolean))]
    [InlineData("\"true\"", nameof(YamlKind.String))]
    [InlineData("~", nameof(YamlKind.Null))]
    [InlineData("", nameof(YamlKind.Null))]
    [InlineData("null", nameof(YamlKind.Null))]
    [InlineData("1.2.3", nameof(YamlKind.String))]
    [InlineData("100m", nameof(YamlKind.String))]
    [InlineData("2026-01-01", nameof(YamlKind.String))]
    [InlineData("|\n  8080", nameof(YamlKind.String))]
    public void A_scalar_has_the_type_of_the_core_schema(string text, string kind) =>
        Assert.Equal(kind, YamlDocuments.Read($"a: {text}\n")[0]["a"].Kind.ToString());

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice")]
    [InlineData("a: &x 1\n", 1, "an anchor: write the value out")]
    [InlineData("a: &x {b: 1}\n", 1, "an anchor: write the value out")]
    [InlineData("a: 1\nb: *x\n", 2, "an alias: write the value out")]
    [InlineData("a: !!str 1\n", 1, "the tag tag:yaml.org,2002:str: write the value so that it needs none")]
    [InlineData("a: 1\nb: no\n", 2, "'no' is read differently by YAML 1.1 and 1.2: quote it, or write the number in decimal")]
    [InlineData("a: on\n", 1, "'on' is read differently by YAML 1.1 and 1.2: quote it, or write the number in decimal")]
    [InlineData("a: 0644\n", 1, "'0644' is read differently by YAML 1.1 and 1.2: quote it, or write the number in decimal")]
    [InlineData("? [a]\n: 1\n", 1, "a key that is not a scalar")]
    public void What_is_read_in_two_ways_or_hides_a_value_is_an_error_with_its_line(string text, int line, string message)
    {
        var error = Assert.Throws<YamlFormatException>(() => YamlDocuments.Read(text));
        Assert.Equal((line, message), (error.Line, error.Message));
    }

    [Fact]
    public void Broken_text_is_an_error_with_its_line()
    {
        Assert.Equal(2, Assert.Throws<YamlFormatException>(() => YamlDocuments.Read("a: 1\nb: [1, 2\n")).Line, 1d);
        Assert.Contains("nested", Assert.Throws<YamlFormatException>(() => YamlDocuments.Read(new string('[', 200) + new string(']', 200))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_know_their_path_and_line()
    {
        var documents = YamlDocuments.Read("---\nspec:\n  ports:\n    - name: http\n      port: 80\n---\ndata:\n  a.yml: x\n---\n");
        Assert.Equal(2, documents.Count);
        var port = documents[0]["spec"]["ports"].Items[0]["port"];
        Assert.Equal(("spec.ports[0].port", 5, 80L), (port.Path, port.Line, port.Number));
        Assert.Equal("data[\"a.yml\"]", documents[1]["data"]["a.yml"].Path);
    }

    [Fact]
    public void What_is_missing_can_be_asked_further_and_says_where_it_would_be()
    {
        var missing = YamlDocuments.Read("spec:\n  a: 1\n")[0]["spec"]["b"]["c"];
        Assert.Equal((false, "spec.b.c", 2), (missing.Exists, missing.Path, missing.Line));
        Assert.Null(missing.TextOrNull);
    }
}
