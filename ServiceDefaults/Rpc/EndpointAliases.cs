using Microsoft.Extensions.Configuration;

namespace RecoAspire.ServiceDefaults.Rpc;

/// <summary>
/// The deployment guide's names of addresses: <c>VECTOR_DB_ENDPOINT</c> is the service <c>vectorsearch</c>, <c>GRAPH_DB_ENDPOINT</c>
/// the service <c>graph</c>. They count where <c>services__{name}__http__0</c> does not say otherwise.
/// </summary>
internal static class EndpointAliases
{
    private static readonly (string Variable, string Service)[] Aliases = [("VECTOR_DB_ENDPOINT", "vectorsearch"), ("GRAPH_DB_ENDPOINT", "graph")];

    /// <summary>Accepts an http URL, <c>dns:///host:port</c> and <c>host:port</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is something else.</exception>
    public static void Apply(IConfiguration configuration)
    {
        foreach (var (variable, service) in Aliases)
        {
            if (configuration[variable] is not { Length: > 0 } text || !string.IsNullOrEmpty(configuration[ServiceAddress.Key(service)])) continue;
            configuration[ServiceAddress.Key(service)] = Normalise(variable, text);
        }
    }

    private static string Normalise(string variable, string text)
    {
        if (ServiceAddress.IsHostAndPort(text)) return $"http://{text}";
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https" or "dns")) return text;
        throw new InvalidOperationException($"{variable} '{text}' must be an http URL, dns:///host:port or host:port.");
    }
}
