using CsCheck;

namespace RecoAspire.AppHost.Tests;

/// <summary>Texts with holes that other resources fill.</summary>
public sealed class ReferenceExpressionTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Fact]
    public async Task The_format_uri_percent_encodes_the_value_and_names_the_encoded_parameter()
    {
        var password = Parameter("password", "p@ss/w:rd é");
        var expression = ReferenceExpression.Create($"redis://:{password:uri}@{"a b":uri}/{password}");
        Assert.Equal("redis://:p%40ss%2Fw%3Ard%20%C3%A9@a%20b/p@ss/w:rd é", await expression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("redis://:{password-uri-encoded.value}@a%20b/{password.value}", expression.ValueExpression);
        Assert.Equal(["uri", null], expression.StringFormats);
    }

    [Fact]
    public void Another_format_is_refused_with_the_one_there_is()
    {
        var key = Parameter("key", "k");
        var error = Assert.Throws<FormatException>(() => ReferenceExpression.Create($"{key:X}"));
        Assert.Contains("'X'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'uri'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pieces_that_are_appended_number_their_holes_anew()
    {
        var (one, two) = (Parameter("one", "1"), Parameter("two", "2/2"));
        var pieces = new ReferenceExpressionBuilder();
        Assert.True(pieces.IsEmpty);
        pieces.Append($"{{a:{one}}}");
        pieces.AppendLiteral(",{0}");
        pieces.Append($"{two:uri}{{{one}}}");
        pieces.AppendFormatted("}");
        pieces.AppendFormatted(two.Resource);
        var expression = pieces.Build();
        Assert.False(pieces.IsEmpty);
        Assert.Equal("{a:1},{0}2%2F2{1}}2/2", await expression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("{a:{one.value}},{0}{two-uri-encoded.value}{{one.value}}}{two.value}", expression.ValueExpression);
    }

    [Fact]
    public void Any_text_survives_any_way_of_appending_it()
    {
        var key = Parameter("key", "{k}");
        Gen.Select(Gen.String[Gen.Char["{}0ab"], 0, 12].List[0, 6], Gen.Int[0, 63]).Sample((texts, ways) =>
        {
            var pieces = new ReferenceExpressionBuilder();
            var expected = "";
            foreach (var text in texts)
            {
                if ((ways & 1) == 0) pieces.AppendLiteral(text);
                else pieces.Append($"{text}{key}{text}");
                expected += (ways & 1) == 0 ? text : $"{text}{{k}}{text}";
                ways >>= 1;
            }

            // The provider answers at once, so there is nothing to wait for.
            Assert.Equal(expected, pieces.Build().GetValueAsync().AsTask().GetAwaiter().GetResult());
        });
    }

    [Fact]
    public async Task An_expression_inside_another_is_filled_from_within()
    {
        var key = Parameter("key", "k");
        var inner = ReferenceExpression.Create($"Key={key}");
        var outer = ReferenceExpression.Create($"[{inner}]");
        Assert.Equal("[Key=k]", await outer.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("[Key={key.value}]", outer.ValueExpression);
        Assert.Equal("", await ReferenceExpression.Empty.GetValueAsync(TestContext.Current.CancellationToken));
    }

    private IResourceBuilder<ParameterResource> Parameter(string name, string value) => _builder.AddParameter(name, value);
}
