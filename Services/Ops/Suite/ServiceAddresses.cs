using System.Collections;
using System.Text.RegularExpressions;

namespace RecoAspire.Ops.Suite;

/// <summary>
/// Where the services are when nobody wrote a run file, as in a cluster: the variables <c>services__{name}__http__0</c> by which the services
/// find each other (gRPC addresses), and <c>Admin__Key</c>.
/// </summary>
internal static partial class ServiceAddresses
{
    /// <summary>The gRPC address of one service; null when its variable is not set.</summary>
    /// <exception cref="OpsException">The variable holds no address.</exception>
    public static Uri? Find(string service) =>
        Environment.GetEnvironmentVariable($"services__{service}__http__0") is { Length: > 0 } text ? Parse(text) : null;

    /// <summary>All services that the environment names; null when it names none.</summary>
    /// <exception cref="OpsException">A variable holds no address.</exception>
    public static RunFile? FindSuite(IDictionary environment)
    {
        var resources = environment.Keys.Cast<string>().Order(StringComparer.Ordinal)
            .Select(variable => (Match: Variable().Match(variable), Value: (string?)environment[variable]))
            .Where(v => v.Match.Success && !string.IsNullOrEmpty(v.Value))
            .Select(v => new RunFile.Resource(
                v.Match.Groups[1].Value, "Service", null, new Dictionary<string, string> { ["grpc"] = Parse(v.Value!).GetLeftPart(UriPartial.Authority) }))
            .ToList();
        return resources.Count == 0 ? null : new RunFile(1, 0, (string?)environment["Admin__Key"] ?? "", resources);
    }

    /// <summary>
    /// An address of a gRPC port: <c>http://host:port</c>, or <c>dns:///host:port</c> as gRPC clients write it, which is one HTTP address here:
    /// these commands make one connection.
    /// </summary>
    /// <exception cref="OpsException">It is neither.</exception>
    public static Uri Parse(string text)
    {
        var address = text.StartsWith("dns:///", StringComparison.Ordinal) ? $"http://{text["dns:///".Length..]}" : text;
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        throw new OpsException($"'{text}' is no address: http://host:port or dns:///host:port is", OpsException.BadInput);
    }

    [GeneratedRegex("^services__(.+)__http__0$")]
    private static partial Regex Variable();
}
