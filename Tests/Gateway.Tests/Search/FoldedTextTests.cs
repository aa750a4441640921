using RecoAspire.Gateway.Search;

namespace RecoAspire.Gateway.Tests;

public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("Cléo de 5 à 7", "cleo de 5 a 7")]
    [InlineData("L’Œuvre au noir", "l oeuvre au noir")]
    [InlineData("ÉTÉ", "ete")]
    [InlineData("e\u0301te\u0301", "ete")]
    [InlineData("Vingt-quatre", "vingt quatre")]
    [InlineData("Straße & Æon", "strasse aeon")]
    [InlineData("  !? ", "")]
    public void Words_are_folded_as_people_type_them(string text, string expected) => Assert.Equal(expected, string.Join(' ', FoldedText.Words(text)));
}
