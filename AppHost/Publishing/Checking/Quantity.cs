using System.Globalization;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking;

/// <summary>Kubernetes' amounts: <c>500m</c>, <c>2Gi</c>, <c>1e3</c>.</summary>
internal static partial class Quantity
{
    private const string Binary = "KMGTPE";
    private const string Small = "num";
    private const string Large = "kMGTPE";

    public static bool TryParse(string text, out decimal value)
    {
        value = 0;
        var match = Format().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
        var suffix = match.Groups[2].Value;
        if (FactorOf(suffix) is not { } factor) return decimal.TryParse(match.Groups[1].Value + suffix, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        value = number * factor;
        return true;
    }

    private static decimal? FactorOf(string suffix)
    {
        if (suffix.Length == 0) return 1;
        if (suffix.Length == 2 && suffix[1] == 'i') return (decimal)(1L << (10 * (Binary.IndexOf(suffix[0]) + 1)));
        if (suffix.Length > 1) return null;
        var power = Large.IndexOf(suffix[0]) is var large and >= 0 ? large + 1 : Small.IndexOf(suffix[0]) - Small.Length;
        return power >= 0 ? (decimal)Math.Pow(1000, power) : 1 / (decimal)Math.Pow(1000, -power);
    }

    [GeneratedRegex(@"^([-+]?(?:\d{1,18}(?:\.\d*)?|\.\d+))((?:[KMGTPE]i|[numkMGTPE])?|[eE][-+]?\d{1,2})$")]
    private static partial Regex Format();
}
