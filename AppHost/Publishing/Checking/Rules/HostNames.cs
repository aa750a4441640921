using System.Globalization;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>A host that a text names; the port is null where none is given.</summary>
internal sealed record HostName(string Host, long? Port);

/// <summary>Finds hosts in texts of any format: URLs, <c>host:port</c>, and names that end as those of Services do.</summary>
internal static partial class HostNames
{
    private static readonly Dictionary<string, long> DefaultPorts = new() { ["http"] = 80, ["https"] = 443 };

    public static IEnumerable<HostName> In(string text)
    {
        foreach (var line in text.Split('\n').Where(line => !Comment().IsMatch(line)))
        {
            foreach (Match match in Url().Matches(line)) yield return Named(match, DefaultPorts.TryGetValue(match.Groups["scheme"].Value, out var port) ? port : null);
            var rest = Url().Replace(line, " ");
            foreach (Match match in HostAndPort().Matches(rest)) yield return Named(match, null);
            foreach (Match match in ServiceName().Matches(HostAndPort().Replace(rest, " "))) yield return Named(match, null);
        }
    }

    private static HostName Named(Match match, long? defaultPort) =>
        new(match.Groups["host"].Value.TrimEnd('.'), long.TryParse(match.Groups["port"].Value, CultureInfo.InvariantCulture, out var port) ? port : defaultPort);

    [GeneratedRegex(@"^\s*(#|//|;)")]
    private static partial Regex Comment();

    // dns:///host:port has its host where others have their path. A host may hold a shell's or kubelet's variable.
    [GeneratedRegex(@"\b(?<scheme>[A-Za-z][A-Za-z0-9+_-]*):/{2,3}(?:[^\s/@""']*@)?(?<host>(?:[A-Za-z0-9._-]|\$\{[^}\s]*\}|\$\([^)\s]*\)|\$\w+)+)(?::(?<port>\d{1,5}))?")]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<![\w./:@$%*-])(?<host>(?=[\d.-]*[a-z$])(?:[a-z0-9.-]|\$\{[^}\s]*\}|\$\([^)\s]*\))*[a-z0-9})]):(?<port>\d{2,5})(?![\w.:-])")]
    private static partial Regex HostAndPort();

    [GeneratedRegex(@"(?<![\w./:@$%*-])(?<host>(?:[a-z0-9.-]|\$\{[^}\s]*\}|\$\([^)\s]*\))+\.svc(?:\.cluster\.local)?)(?![\w-])")]
    private static partial Regex ServiceName();
}
