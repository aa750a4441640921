using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>A region's way in: Gateway API with TLS in front of the gateway's Service.</summary>
internal static class RegionIngress
{
    private const string Name = "public";
    private const string Certificate = "public-tls";
    private const string Issuer = "letsencrypt";
    private const string DnsAccount = "certificate-dns";
    private const string Backend = "gateway";

    /// <summary>The region's own name, which checks ask and which the common name's records point at.</summary>
    public static string RegionHost(DeploymentTopology topology, Region region) => $"{region.Name}.{CommonHost(topology)}";

    /// <summary>The name that every region answers to.</summary>
    public static string CommonHost(DeploymentTopology topology) => $"{topology.Host}.{topology.Domain}";

    public static IEnumerable<Map> Of(DeploymentTopology topology, Region region) =>
    [
        .. region.Provider == CloudProvider.Aws ? [EnvoyClass] : (IEnumerable<Map>)[HealthCheck(topology), Draining],
        Gateway(region),
        Route(topology, region),
        Redirect(topology, region),
        TlsCertificate(topology, region),
        .. CertificateIssuer(topology, region),
    ];

    // AWS' own controller takes certificates of ACM alone; Envoy behind a network load balancer takes those of cert-manager, as Google's does.
    private static Map EnvoyClass => Objects.In("", "gateway.networking.k8s.io/v1", "GatewayClass", "envoy", Backend, ("spec", Map(
        ("controllerName", "gateway.envoyproxy.io/gatewayclass-controller"))));

    private static Map Gateway(Region region) => Objects.Of("gateway.networking.k8s.io/v1", "Gateway", Name, Backend, ("spec", Map(
        ("gatewayClassName", region.Provider == CloudProvider.Aws ? "envoy" : "gke-l7-regional-external-managed"),
        ("infrastructure", region.Provider == CloudProvider.Aws ? Map(("annotations", Map(
            ("service.beta.kubernetes.io/aws-load-balancer-type", "external"),
            ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internet-facing"),
            ("service.beta.kubernetes.io/aws-load-balancer-nlb-target-type", "ip")))) : null),
        ("addresses", region.Provider == CloudProvider.Gcp
            ? List(Map(("type", "NamedAddress"), ("value", $"reco-{region.Name}"))).Because("A static address, reserved with the cluster: the region's DNS record holds it.")
            : null),
        ("listeners", List(
            Map(
                ("name", "http"),
                ("protocol", "HTTP"),
                ("port", 80),
                ("allowedRoutes", SameNamespace)),
            Map(
                ("name", "https"),
                ("protocol", "HTTPS"),
                ("port", 443),
                ("tls", Map(("mode", "Terminate"), ("certificateRefs", List(Map(("kind", "Secret"), ("name", Certificate)))))),
                ("allowedRoutes", SameNamespace)))))));

    private static Map SameNamespace => Map(("namespaces", Map(("from", "Same"))));

    private static Map Route(DeploymentTopology topology, Region region)
    {
        var route = HttpRoute(Backend, "https", topology, region, List(Map(
            ("matches", List(
                Open("GET", "Exact", "/api/recommendations").Because(
                    "What viewers' apps call. The API does not ask who calls yet: viewers' profiles, the catalogue and the status have no way in from outside."),
                Open("POST", "Exact", "/api/rank"),
                Open("POST", "Exact", "/api/events"),
                Open("GET", "PathPrefix", "/api/items"),
                Open("GET", "Exact", "/api/search"),
                (Map)Path("Exact", topology.HealthCheck.Path).Because("For the checks behind the DNS records. Metrics and the other health paths have no way out."))),
            ("backendRefs", List(Map(("name", Backend), ("port", Ports.Http)))))));
        var metadata = ((Map)route["metadata"]!).With("annotations", Map(
            ("external-dns.alpha.kubernetes.io/gateway-hostname-source", "annotation-only"),
            ("external-dns.alpha.kubernetes.io/hostname", RegionHost(topology, region))).Because(
                "ExternalDNS keeps the region's own name only; the common one is a set of geolocation records, see dns/."));
        return route.With("metadata", metadata);
    }

    private static Map Redirect(DeploymentTopology topology, Region region) => HttpRoute("gateway-redirect", "http", topology, region, List(Map(
        ("filters", List(Map(
            ("type", "RequestRedirect"),
            ("requestRedirect", Map(("scheme", "https"), ("statusCode", 301)))))))));

    private static Map HttpRoute(string name, string listener, DeploymentTopology topology, Region region, Sequence rules) =>
        Objects.Of("gateway.networking.k8s.io/v1", "HTTPRoute", name, Backend, ("spec", Map(
            ("parentRefs", List(Map(("name", Name), ("sectionName", listener)))),
            ("hostnames", List(CommonHost(topology), RegionHost(topology, region))),
            ("rules", rules))));

    private static Map Path(string type, string value) => Map(("path", Map(("type", type), ("value", value))));

    private static Map Open(string method, string type, string value) => Path(type, value).With("method", method);

    private static Map TlsCertificate(DeploymentTopology topology, Region region) => Objects.Of("cert-manager.io/v1", "Certificate", Certificate, Backend, ("spec", Map(
        ("secretName", Certificate),
        ("dnsNames", List(CommonHost(topology), RegionHost(topology, region))),
        ("privateKey", Map(("algorithm", "ECDSA"), ("size", 256), ("rotationPolicy", "Always"))),
        ("renewBefore", "720h"),
        ("issuerRef", Map(("group", "cert-manager.io"), ("kind", "Issuer"), ("name", Issuer))))));

    // By DNS: the common name leads each asker to the nearest region, so a file served here would not be found from everywhere.
    private static IEnumerable<Map> CertificateIssuer(DeploymentTopology topology, Region region)
    {
        yield return Objects.ServiceAccount(DnsAccount);
        yield return Objects.Of("rbac.authorization.k8s.io/v1", "Role", DnsAccount, Backend, ("rules", List(Map(
            ("apiGroups", List("")),
            ("resources", List("serviceaccounts/token")),
            ("resourceNames", List(DnsAccount)),
            ("verbs", List("create"))))));
        yield return Objects.Of("rbac.authorization.k8s.io/v1", "RoleBinding", DnsAccount, Backend,
            ("roleRef", Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "Role"), ("name", DnsAccount))),
            ("subjects", List(Map(("kind", "ServiceAccount"), ("name", "cert-manager"), ("namespace", "cert-manager")))));
        yield return Objects.Of("cert-manager.io/v1", "Issuer", Issuer, Backend, ("spec", Map(("acme", Map(
            ("server", "https://acme-v02.api.letsencrypt.org/directory"),
            ("privateKeySecretRef", Map(("name", "letsencrypt-account"))),
            ("solvers", List(Map(
                ("selector", Map(("dnsZones", List(topology.Domain)))),
                ("dns01", Map(("route53", Map(
                    ("region", "us-east-1"),
                    ("role", CloudIdentity.AwsRole(topology, region, DnsAccount)),
                    ("auth", Map(("kubernetes", Map(("serviceAccountRef", Map(("name", DnsAccount)))))))))))))))))));
    }

    private static Map HealthCheck(DeploymentTopology topology) => Objects.Of("networking.gke.io/v1", "HealthCheckPolicy", Backend, Backend, ("spec", Map(
        ("default", Map(
            ("checkIntervalSec", 5),
            ("timeoutSec", 3),
            ("unhealthyThreshold", 2),
            ("config", Map(
                ("type", "HTTP"),
                ("httpHealthCheck", Map(("requestPath", topology.HealthCheck.Path), ("port", Ports.Http))))))),
        ("targetRef", ServiceReference))));

    private static Map Draining => Objects.Of("networking.gke.io/v1", "GCPBackendPolicy", Backend, Backend, ("spec", Map(
        ("default", Map(("connectionDraining", Map(("drainingTimeoutSec", 20))))),
        ("targetRef", ServiceReference))));

    private static Map ServiceReference => Map(("group", ""), ("kind", "Service"), ("name", Backend));
}
