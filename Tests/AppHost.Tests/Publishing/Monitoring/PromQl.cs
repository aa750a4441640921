using System.Text.RegularExpressions;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>Reads the names of metrics out of PromQL: what is left when strings, matchers, labels of clauses, functions and words of the language are gone.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = ["by", "on", "and", "or", "unless", "without", "ignoring", "group_left", "group_right", "offset", "bool", "Inf", "NaN"];

    public static IReadOnlyList<string> Metrics(string expr)
    {
        var text = Strings().Replace(expr, "");
        text = Matchers().Replace(text, "");
        text = Ranges().Replace(text, "");
        text = Clauses().Replace(text, "");
        return [.. Names().Matches(text).Where(m => !m.Groups["call"].Success).Select(m => m.Groups["name"].Value).Where(n => !Words.Contains(n)).Distinct()];
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Clauses();

    [GeneratedRegex(@"(?<![\w:.$])(?<name>[a-zA-Z_][\w:]*)(?<call>\s*\()?")]
    private static partial Regex Names();
}
