using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Engines;

/// <summary>Certificates from an authority of the engine's own, made by cert-manager: who holds none of them is no peer.</summary>
public static class Certificates
{
    /// <summary>The engine's authority: it signs itself once, then signs the others.</summary>
    /// <param name="engine">The engine.</param>
    public static IEnumerable<Node> Authority(string engine)
    {
        yield return Objects.Of("cert-manager.io/v1", "Issuer", $"{engine}-root", engine, ("spec", Map(("selfSigned", Map()))));
        yield return Objects.Of("cert-manager.io/v1", "Certificate", $"{engine}-ca", engine, ("spec", Map(
            ("isCA", true),
            ("commonName", $"{engine}-ca"),
            ("secretName", $"{engine}-ca"),
            ("duration", "87600h"),
            ("renewBefore", "8760h"),
            ("privateKey", Map(("algorithm", "ECDSA"), ("size", 256), ("rotationPolicy", "Never"))),
            ("issuerRef", Map(("group", "cert-manager.io"), ("kind", "Issuer"), ("name", $"{engine}-root"))))));
        yield return Objects.Of("cert-manager.io/v1", "Issuer", engine, engine, ("spec", Map(("ca", Map(("secretName", $"{engine}-ca"))))));
    }

    /// <summary>A certificate of the engine's authority, for both ends of a connection. Secret keys: <c>tls.crt</c>, <c>tls.key</c> (PKCS 8), <c>ca.crt</c>, <c>tls-combined.pem</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">Name of the certificate and of its Secret.</param>
    /// <param name="commonName">Who holds it.</param>
    /// <param name="dnsNames">Every name under which it is called; none for one that only calls.</param>
    public static Map Of(string engine, string name, string commonName, params IEnumerable<string> dnsNames) =>
        Objects.Of("cert-manager.io/v1", "Certificate", name, engine, ("spec", Map(
            ("commonName", commonName),
            ("dnsNames", Names(dnsNames)),
            ("secretName", name),
            // A year: engines read certificates when they start, so a rolling restart within the last 60 days takes the new one.
            ("duration", "8760h"),
            ("renewBefore", "1440h"),
            ("privateKey", Map(("algorithm", "ECDSA"), ("encoding", "PKCS8"), ("size", 256), ("rotationPolicy", "Always"))),
            ("usages", List("digital signature", "server auth", "client auth")),
            ("additionalOutputFormats", List(Map(("type", "CombinedPEM")))),
            ("issuerRef", Map(("group", "cert-manager.io"), ("kind", "Issuer"), ("name", engine))))));

    /// <summary>Names of a Service and of the pods behind it, as they are called from the namespace and from others.</summary>
    public static IEnumerable<string> NamesOf(string service, string? pods = null)
    {
        yield return service;
        yield return Qualified(service);
        if (pods is not null) yield return $"*.{Qualified(pods)}";
    }

    /// <summary>A Service's name with its namespace; it does not depend on the cluster's own domain.</summary>
    public static string Qualified(string service) => $"{service}.{Deployment.Namespace}.svc";

    private static Sequence? Names(IEnumerable<string> names)
    {
        string[] list = [.. names];
        return list.Length == 0 ? null : ListOf(list);
    }
}
