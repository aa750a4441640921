using Microsoft.Extensions.Configuration;

namespace RecoAspire.ServiceDefaults.Rpc;

/// <summary>How the address of a service is written in configuration.</summary>
internal static class ServiceAddress
{
    /// <summary>Where service discovery looks first.</summary>
    public static string Key(string service) => $"services:{service}:http:0";

    /// <summary>
    /// The address when it is of the form <c>dns:///name:port</c>: every address behind the name is called in turn. Null for
    /// anything else, which service discovery reads.
    /// </summary>
    /// <exception cref="InvalidOperationException">It begins like one and is none.</exception>
    public static Uri? Dns(IConfiguration configuration, string service)
    {
        var text = configuration[Key(service)];
        if (text is null || !text.StartsWith("dns:", StringComparison.OrdinalIgnoreCase)) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length == 0 && IsHostAndPort(address.AbsolutePath.TrimStart('/'))) return address;
        throw new InvalidOperationException($"{Key(service)} '{text}' must be dns:///host:port.");
    }

    /// <summary>Is it <c>host:port</c>, and nothing else?</summary>
    public static bool IsHostAndPort(string text) =>
        text.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0
        && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown;
}
