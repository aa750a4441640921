using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.AppHost.Tests.Publishing;

/// <summary>What the writers write is what readers read.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void A_tree_is_read_back_from_YAML_as_it_was_by_the_rules_of_1_2_and_1_1() => RandomTree.Trees.Sample(
        tree => RandomTree.Content(Assert.Single(YamlReading.Documents(YamlWriter.Write("remark", tree)))) == RandomTree.Content(tree), iter: 20_000);

    [Fact]
    public void Comments_never_change_what_is_read() => RandomTree.Commented.Sample(
        tree => RandomTree.Content(Assert.Single(YamlReading.Documents(YamlWriter.Write("a\r\nb: c", tree)))) == RandomTree.Content(tree), iter: 20_000);

    [Fact]
    public void Several_documents_stay_several() => RandomTree.Commented.Array[0, 4].Sample(
        trees => YamlReading.Documents(YamlWriter.Write("remark", trees)).Select(RandomTree.Content).SequenceEqual(trees.Select(RandomTree.Content)), iter: 2000);

    [Fact]
    public void A_tree_is_read_back_from_JSON_as_it_was() => RandomTree.Commented.Sample(
        tree =>
        {
            using var document = JsonDocument.Parse(JsonText.Write(tree), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return RandomTree.Content(Read(document.RootElement)) == RandomTree.Content(tree);
        },
        iter: 20_000);

    [Fact]
    public async Task An_independent_reader_of_YAML_1_1_reads_the_same()
    {
        // PyYAML, where it is installed: each line is a YAML text and the JSON that it must equal.
        const string Script = """
            import json, sys, yaml
            for n, line in enumerate(sys.stdin):
                text, expected = json.loads(line)
                actual, wanted = list(yaml.safe_load_all(text)), [json.loads(expected)]
                if repr(actual) != repr(wanted): sys.exit(f"{n}: {actual!r} is not {wanted!r}\n{text}")
            print("same", n + 1)
            """;
        if (!Starts("python3", "-c", "import yaml")) Assert.Skip("needs python3 with PyYAML");
        var input = new StringBuilder();
        var gate = new Lock();
        RandomTree.Commented.Sample(
            tree =>
            {
                var line = JsonSerializer.Serialize(new[] { YamlWriter.Write("remark", tree), JsonText.Write(tree) });
                lock (gate) input.Append(line).Append('\n');
            },
            iter: 1000);
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await python.StandardInput.WriteAsync(input, TestContext.Current.CancellationToken);
            python.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended early: what it says follows.
        }

        Assert.Equal("", await error);
        Assert.Equal("same 1000\n", await output);
    }

    [Theory]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("0x10", "\"0x10\"")]
    [InlineData("12:30:00", "\"12:30:00\"")]
    [InlineData("2026-01-01", "\"2026-01-01\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("=", "\"=\"")]
    [InlineData("<<", "\"<<\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("1.34", "\"1.34\"")]
    [InlineData("\ud83d\ude00", "\"\ud83d\ude00\"")]
    [InlineData("a\u2028b", "\"a\\u2028b\"")]
    [InlineData("docker.io/library/redis:8.2.3-alpine", "docker.io/library/redis:8.2.3-alpine")]
    [InlineData("/health/ready", "/health/ready")]
    public void Text_is_quoted_only_where_it_must_be(string text, string expected) => Assert.Equal($"# r\n---\na: {expected}\n", YamlWriter.Write("r", Map(("a", text))));

    [Theory]
    [InlineData(0.00001, "1.0E-05")]
    [InlineData(1e21, "1.0E+21")]
    [InlineData(1.5e-9, "1.5E-09")]
    [InlineData(0.999, "0.999")]
    [InlineData(30000d, "30000")]
    public void Numbers_have_the_form_that_all_readers_take_for_one(double number, string expected)
    {
        Assert.Equal($"# r\n---\na: {expected}\n", YamlWriter.Write("r", Map(("a", number))));
        Assert.Equal(number, double.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void What_no_document_can_hold_is_refused()
    {
        Assert.Throws<ArgumentException>(() => YamlWriter.Write("r", Map(("a", double.NaN))));
        Assert.Throws<ArgumentException>(() => JsonText.Write(Map(("a", double.PositiveInfinity))));
        Assert.Throws<ArgumentException>(() => YamlWriter.Write("r", Map(("a", "x\ud83d"))));
        Assert.Throws<ArgumentException>(() => YamlWriter.Write("r", Map((new string('k', 1001), "x"))));
    }

    [Fact]
    public void A_reason_stands_above_what_it_explains() => Assert.Equal(
        "# r\n---\na:\n  # why\n  b: 1\nc:\n  # first\n  -\n    # inner\n    d: true\n  - - x\n",
        YamlWriter.Write("r", Map(("a", Map(("b", ((Node)1).Because("why")))), ("c", List(Map(("d", ((Node)true).Because("inner"))).Because("first"), List("x"))))));

    private static Node Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new Map([.. element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))]),
        JsonValueKind.Array => new Sequence([.. element.EnumerateArray().Select(Read)]),
        JsonValueKind.String => new Scalar(element.GetString()!),
        JsonValueKind.Number when element.TryGetInt64(out var whole) && element.GetRawText() != "-0" => new Scalar(whole),
        JsonValueKind.Number => new Scalar(element.GetDouble()),
        _ => new Scalar(element.GetBoolean()),
    };

    private static bool Starts(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
