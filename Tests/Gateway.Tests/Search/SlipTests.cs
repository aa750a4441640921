using CsCheck;
using RecoAspire.Gateway.Search;

namespace RecoAspire.Gateway.Tests;

public sealed class SlipTests
{
    private static readonly Gen<string> Words = Gen.Char['a', 'd'].Array[0, 6].Select(c => new string(c));

    [Theory]
    [InlineData("bonheur", "bonheurs")]
    [InlineData("bonheur", "onheur")]
    [InlineData("bonheur", "bonhaur")]
    [InlineData("bonheur", "bonhuer")]
    [InlineData("bonheur", "obnheur")]
    [InlineData("a", "")]
    public void One_letter_more_less_or_other_or_two_swapped_is_one_slip(string a, string b)
    {
        Assert.True(TitleIndex.IsOneSlipAway(a, b));
        Assert.True(TitleIndex.IsOneSlipAway(b, a));
    }

    [Theory]
    [InlineData("bonheur", "bonheur")]
    [InlineData("bonheur", "bnoehur")]
    [InlineData("bonheur", "bonhe")]
    [InlineData("bonheur", "nobheur")]
    [InlineData("", "")]
    public void None_or_two_are_not(string a, string b) => Assert.False(TitleIndex.IsOneSlipAway(a, b));

    [Fact]
    public void It_agrees_with_the_edit_distance_with_swaps_counted_the_long_way() =>
        Gen.Select(Words, Words).Sample((a, b) => TitleIndex.IsOneSlipAway(a, b) == (Distance(a, b) == 1), iter: 20_000);

    // Optimal string alignment (Damerau 1964, each part edited once), by its recurrence.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
