using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;
using static RecoAspire.Publishing.Kubernetes.Engines.EngineObjects;

namespace RecoAspire.Publishing.Kubernetes.Engines.Neo4j;

/// <summary>What a Neo4j server is in both editions: image, files, memory, bolt over TLS.</summary>
public static class Neo4jServer
{
    /// <summary>Name of the workload and of its headless Service.</summary>
    public const string Name = "neo4j";

    /// <summary>The one name that clients use.</summary>
    public const string ClientService = "neo4j-service";

    /// <summary>The user of the image.</summary>
    public const int User = 7474;

    /// <summary>Name of the certificate that servers show.</summary>
    public const string Certificate = "neo4j-servers";

    private const string CertificateFolder = "/certificates/server";
    private const string TrustedFolder = "/certificates/authority";
    private const string RevokedFolder = "/certificates/revoked";
    private const string Configuration = "/var/lib/neo4j/conf";

    /// <summary>The name under which a pod is called; <c>POD_NAME</c> is the pod's.</summary>
    public static string OwnAddress => $"$(POD_NAME).{Certificates.Qualified(Name)}";

    /// <summary>The pods of a set.</summary>
    /// <param name="image">The edition's image.</param>
    /// <param name="workload">What a pod takes.</param>
    /// <param name="component">Its role, or <c>engine</c>.</param>
    /// <param name="spread">How the pods stand to each other.</param>
    /// <param name="settings">Variables beside those of every server.</param>
    /// <param name="ports">Ports beside bolt and HTTP.</param>
    public static Map Template(
        string image, Workload workload, string component, Map spread, IEnumerable<Node> settings, IEnumerable<Node> ports)
    {
        var pod = Map(("priorityClassName", "reco-stores"), ("terminationGracePeriodSeconds", 600));
        foreach (var (key, value) in spread.Entries) pod = pod.With(key, value);
        var server = Map(
            ("name", Name),
            ("image", image),
            ("env", new Sequence([.. Settings(workload), .. settings])),
            ("ports", new Sequence([Pods.Port("bolt", Ports.Bolt), Pods.Port("http", Ports.Neo4jHttp), .. ports])),
            ("startupProbe", Pods.TcpProbe("bolt", periodSeconds: 5, failures: 1000).Because("Recovery of a large store takes long, and so does a copy from another server.")),
            ("livenessProbe", Pods.TcpProbe("bolt", periodSeconds: 5, failures: 40)),
            ("readinessProbe", Pods.TcpProbe("bolt", periodSeconds: 5, failures: 20)),
            ("lifecycle", Map(("preStop", Map(("sleep", Map(("seconds", 10))))))),
            ("resources", Pods.Resources(workload)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", new Sequence([
                .. Pods.Mounts(("data", "/data"), ("logs", "/logs"), ("configuration", Configuration)).Items,
                ReadOnlyMount("secrets", "/secrets"),
                ReadOnlyMount("certificate", CertificateFolder),
                ReadOnlyMount("authority", TrustedFolder),
                ReadOnlyMount("revoked", RevokedFolder)])));
        return Pods.Template(
            Name, User, List(server),
            new Sequence([
                EmptyVolume("configuration", "16Mi"),
                EmptyVolume("logs", "2Gi"),
                SecretVolume("secrets", Name, "auth"),
                SecretVolume("certificate", Certificate, "tls.crt", "tls.key"),
                SecretVolume("authority", Certificate, "ca.crt"),
                EmptyVolume("revoked", "1Mi")]),
            pod,
            List(CopyConfiguration(image)),
            component);
    }

    /// <summary>Services, account, disruption, secrets and certificate: the same names in both editions.</summary>
    /// <param name="folder">The edition's folder.</param>
    /// <param name="deployment">All connections.</param>
    /// <param name="peerPorts">Ports beside bolt and HTTP under which the servers call each other.</param>
    /// <param name="secrets">Keys that the edition needs beside the superuser's password.</param>
    /// <param name="budgets">How many pods may be away.</param>
    public static KustomizeFolder AddCommon(KustomizeFolder folder, Deployment deployment, IEnumerable<(string, int, string?)> peerPorts, IEnumerable<string> secrets, IEnumerable<Node> budgets) => folder
        .Add("services.yaml", "The servers by name, and the one name that clients use.",
            Objects.Service(Name, Name, headless: true, publishNotReady: true, [("bolt", Ports.Bolt, null), ("http", Ports.Neo4jHttp, null), .. peerPorts]),
            Objects.Service(ClientService, Name, headless: false, publishNotReady: false, [("bolt", Ports.Bolt, null), ("http", Ports.Neo4jHttp, "http")]))
        .Add("policies.yaml", "Account, disruption and network.", [
            Objects.ServiceAccount(Name),
            .. budgets,
            NetworkPolicies.Of(Peer.Of(Name), deployment)])
        .Add("secrets.yaml", "Passwords from the cloud's store.", ExternalSecrets.Of(
            Name, Name, ["password", .. secrets], Map(("auth", "neo4j/{{ .password }}"))))
        .Add("certificates.yaml", "What the servers show to clients and to each other.", [
            .. Certificates.Authority(Name),
            Certificates.Of(Name, Certificate, Name, [.. Certificates.NamesOf(ClientService), .. Certificates.NamesOf(Name, pods: Name)])]);

    /// <summary>A variable of the image: a setting's name with <c>.</c> as <c>_</c> and <c>_</c> as <c>__</c>.</summary>
    public static Map Setting(string name, string value) =>
        Pods.Variable($"NEO4J_{name.Replace("_", "__", StringComparison.Ordinal).Replace('.', '_')}", value);

    /// <summary>Settings of a TLS policy: <c>bolt</c> or <c>cluster</c>.</summary>
    /// <param name="name">The policy.</param>
    /// <param name="clientAuthentication">NONE, or REQUIRE where the caller shows a certificate of the same authority.</param>
    public static IEnumerable<Node> Policy(string name, string clientAuthentication) => [
        Setting($"dbms.ssl.policy.{name}.enabled", "true"),
        Setting($"dbms.ssl.policy.{name}.base_directory", CertificateFolder),
        Setting($"dbms.ssl.policy.{name}.private_key", "tls.key"),
        Setting($"dbms.ssl.policy.{name}.public_certificate", "tls.crt"),
        Setting($"dbms.ssl.policy.{name}.trusted_dir", TrustedFolder),
        Setting($"dbms.ssl.policy.{name}.revoked_dir", RevokedFolder),
        Setting($"dbms.ssl.policy.{name}.client_auth", clientAuthentication),
    ];

    private static IEnumerable<Node> Settings(Workload workload)
    {
        // Half for the page cache, a third for the heap, the rest for threads, network buffers and the indexes' own memory.
        var heap = workload.MemoryLimitMib * 31 / 100;
        var pageCache = workload.MemoryLimitMib / 2;
        return [
            Pods.VariableFromPod("POD_NAME", "metadata.name"),
            Pods.Variable("NEO4J_AUTH_PATH", "/secrets/auth").Because("The superuser's first password. Services have a user of their own."),
            Setting("server.default_listen_address", "0.0.0.0"),
            Setting("server.default_advertised_address", OwnAddress),
            Setting("server.directories.run", "/tmp"),
            Setting("server.memory.heap.initial_size", $"{heap}m"),
            Setting("server.memory.heap.max_size", $"{heap}m"),
            Setting("server.memory.pagecache.size", $"{pageCache}m"),
            Setting("server.bolt.connection_keep_alive", "30s"),
            Setting("server.bolt.tls_level", "OPTIONAL").Because("Clients may use neo4j+s and bolt+s; REQUIRED once all of them do."),
            .. Policy("bolt", clientAuthentication: "NONE"),
            Setting("dbms.usage_report.enabled", "false"),
        ];
    }

    // The image's entry point adds the settings to the files that lie there, so they must be where it can write.
    private static Map CopyConfiguration(string image) => Map(
        ("name", "copy-configuration"),
        ("image", image),
        ("command", List("cp", "-r", $"{Configuration}/.", "/configuration/")),
        ("resources", Pods.Resources(Small)),
        ("securityContext", Pods.Restricted),
        ("volumeMounts", List(Map(("name", "configuration"), ("mountPath", "/configuration")), Map(("name", "tmp"), ("mountPath", "/tmp")))));
}
