using System.Globalization;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>The pod of one of our services: ports, settings, probes, and an end in which no request is lost.</summary>
/// <param name="Name">The resource, which is also the image's name.</param>
/// <param name="Size">What it takes.</param>
internal sealed record ServicePod(string Name, Workload Size)
{
    private const int PreStopSeconds = 10;
    private const int MarginSeconds = 10;

    /// <summary>What the program may take to end its requests.</summary>
    public int ShutdownSeconds { get; init; } = 20;

    public int HttpPort { get; init; } = Ports.Http;

    /// <summary>Whether it answers gRPC, and so the gRPC health protocol.</summary>
    public bool SpeaksGrpc { get; init; } = true;

    /// <summary>Readiness by the protocol that its callers use; over HTTP where those use HTTP.</summary>
    public bool ReadyByGrpc { get; init; } = true;

    /// <summary>Part of the memory limit that managed objects may take; the rest is for SQLite's pages, threads and sockets.</summary>
    public int HeapPercent { get; init; } = 75;

    /// <summary>Where it keeps files, on the volume of that name; null = nowhere.</summary>
    public (string Volume, string Path)? Data { get; init; }

    public IReadOnlyList<Map> Environment { get; init; } = [];
    public IReadOnlyList<Map> Mounts { get; init; } = [];
    public IReadOnlyList<Map> Volumes { get; init; } = [];
    public Map? Resources { get; init; }
    public Map? Settings { get; init; }
    public Sequence? InitContainers { get; init; }
    public string PriorityClass { get; init; } = PriorityClasses.Serving;

    public Map Template(Deployment deployment)
    {
        var settings = Map(
            ("priorityClassName", PriorityClass),
            ("terminationGracePeriodSeconds", PreStopSeconds + ShutdownSeconds + MarginSeconds),
            ("topologySpreadConstraints", Pods.Spread(Name)),
            ("affinity", Pods.RatherApart(Name)));
        foreach (var (key, value) in Settings?.Entries ?? []) settings = settings.With(key, value);
        return Pods.Template(Name, Pods.ServiceUser, List(Container(deployment)), new Sequence(Volumes), settings, InitContainers);
    }

    private Map Container(Deployment deployment) => Map(
        ("name", Name),
        ("image", deployment.Topology.Images.OfService(Name)),
        ("imagePullPolicy", "IfNotPresent"),
        ("ports", List(
            Pods.Port("http", HttpPort),
            SpeaksGrpc ? Pods.Port("grpc", Ports.Grpc) : null,
            Pods.Port("metrics", Ports.Metrics))),
        ("env", new Sequence([.. Variables(), .. ServiceEndpoints.Variables(Name, deployment), .. Environment])),
        ("resources", Resources ?? Pods.Resources(Size)),
        ("securityContext", Pods.Restricted),
        ("lifecycle", Map(("preStop", Map(("sleep", Map(("seconds", PreStopSeconds)))).Because(
            "The pod leaves load balancers and DNS while it still answers. The kubelet itself waits: the image has no shell.")))),
        ("startupProbe", Probe(Http("/health/live"), period: 5, timeout: 3, failures: 60).Because(
            "Until the program listens: a large store is opened first. Not by readiness, which waits for others: a dependency's outage must not restart it.")),
        ("livenessProbe", Probe(Http("/health/live"), period: 10, timeout: 3, failures: 3).Because("The process only, for the same reason.")),
        ("readinessProbe", Probe(ReadyByGrpc ? Map(("grpc", Map(("port", Ports.Grpc)))) : Http("/health/ready"), period: 5, timeout: 3, failures: 2)),
        ("volumeMounts", new Sequence([.. (Data is { } data ? Pods.Mounts(data) : Pods.Mounts()).Items, .. Mounts])));

    private IEnumerable<Map> Variables()
    {
        yield return Pods.Variable("LISTEN_ADDRESS", "0.0.0.0");
        yield return Pods.Variable("HTTP_PORT", Number(HttpPort));
        if (SpeaksGrpc) yield return Pods.Variable("GRPC_PORT", Number(Ports.Grpc));
        yield return Pods.Variable("METRICS_PORT", Number(Ports.Metrics));
        yield return Pods.Variable("LOG_LEVEL", "info");
        yield return Pods.VariableFromConfig("REGION", RegionConfig.Name, RegionConfig.Key);
        yield return Pods.Variable("Shutdown__TimeoutSeconds", Number(ShutdownSeconds));
        yield return Pods.VariableFromSecret("Admin__Key", "admin-key", "admin-key");
        if (Data is { } data) yield return Pods.Variable("Data__Directory", data.Path);
        yield return Pods.Variable("DOTNET_gcServer", Size.ServerGc ? "1" : "0");
        yield return (Map)Pods.Variable("DOTNET_GCHeapHardLimitPercent", HeapPercent.ToString("X", CultureInfo.InvariantCulture))
            .Because($"Hexadecimal, as the runtime reads it: {HeapPercent} % of the memory limit.");
        yield return (Map)Pods.Variable("DOTNET_EnableDiagnostics", "0").Because("No debugger's socket: nobody may attach, and nothing is written for it.");
    }

    private static Map Http(string path) => Map(("httpGet", Map(("path", path), ("port", "http"))));

    private static Map Probe(Map how, int period, int timeout, int failures) => how
        .With("periodSeconds", period).With("timeoutSeconds", timeout).With("failureThreshold", failures);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
