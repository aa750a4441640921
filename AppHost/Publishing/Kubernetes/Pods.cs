using System.Globalization;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>Building blocks of pods that pass Pod Security <c>restricted</c> and spread over zones.</summary>
public static class Pods
{
    /// <summary>The user of the .NET images; not root.</summary>
    public const int ServiceUser = 1654;

    /// <summary>The pod's template: labels, account, security, spread, volumes; containers are the caller's.</summary>
    /// <param name="workload">Name of the workload and of its ServiceAccount.</param>
    /// <param name="user">Numeric user and group.</param>
    /// <param name="containers">Containers.</param>
    /// <param name="volumes">Volumes, beside <c>tmp</c>, which every pod has.</param>
    /// <param name="settings">What else the pod's spec holds; it wins over what stands here.</param>
    /// <param name="initContainers">Containers that run before.</param>
    /// <param name="component">service, engine or job.</param>
    /// <param name="annotations">The template's annotations.</param>
    public static Map Template(
        string workload, int user, Sequence containers, Sequence? volumes = null, Map? settings = null, Sequence? initContainers = null, string component = "service", Map? annotations = null)
    {
        var spec = Map(
            ("serviceAccountName", workload),
            ("automountServiceAccountToken", false),
            // Variables such as NEO4J_PORT, made from Services' names, are settings to some images, which then refuse to start.
            ("enableServiceLinks", false),
            ("securityContext", Map(
                ("runAsNonRoot", true),
                ("runAsUser", user),
                ("runAsGroup", user),
                ("fsGroup", user),
                ("fsGroupChangePolicy", "OnRootMismatch"),
                ("seccompProfile", Map(("type", "RuntimeDefault"))))),
            ("initContainers", initContainers),
            ("containers", containers),
            ("volumes", new Sequence([Map(("name", "tmp"), ("emptyDir", Map(("sizeLimit", "256Mi")))), .. volumes?.Items ?? []])));
        foreach (var (key, value) in settings?.Entries ?? []) spec = spec.With(key, value);
        return Map(
            ("metadata", Map(
                ("labels", Objects.Labels(workload).With("app.kubernetes.io/component", component)),
                ("annotations", annotations))),
            ("spec", spec));
    }

    /// <summary>What a container may do: nothing but write to its volumes.</summary>
    public static Map Restricted => Map(
        ("allowPrivilegeEscalation", false),
        ("readOnlyRootFilesystem", true),
        ("capabilities", Map(("drop", List("ALL")))));

    /// <summary>Mounts <c>/tmp</c> and more.</summary>
    public static Sequence Mounts(params ReadOnlySpan<(string Volume, string Path)> more)
    {
        var mounts = new List<Node> { Map(("name", "tmp"), ("mountPath", "/tmp")) };
        foreach (var (volume, path) in more) mounts.Add(Map(("name", volume), ("mountPath", path)));
        return new Sequence(mounts);
    }

    /// <summary>Requests and the memory ceiling. No CPU limit: throttling would show as latency.</summary>
    public static Map Resources(Workload workload) => Map(
        ("requests", Map(("cpu", Cores(workload.Cpu)), ("memory", $"{workload.MemoryMib}Mi"))),
        ("limits", Map(("memory", $"{workload.MemoryLimitMib}Mi"))));

    /// <summary>Cores as Kubernetes writes them: whole ones, or thousandths.</summary>
    public static string Cores(double cpu) => cpu == Math.Floor(cpu)
        ? ((long)cpu).ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Round(cpu * 1000)}m");

    /// <summary>Over zones and over hosts; <paramref name="hard"/> when no two may share a host.</summary>
    /// <param name="workload">Whose pods.</param>
    /// <param name="hard">Rather no pod than one that makes a host's share uneven.</param>
    /// <param name="hardZones">The same for zones: for peers that vote, whose majority must outlive a zone.</param>
    /// <param name="component">Counts only the workload's pods of this role.</param>
    public static Sequence Spread(string workload, bool hard = false, bool hardZones = false, string? component = null) => List(
        SpreadOver("topology.kubernetes.io/zone", workload, hardZones, component),
        SpreadOver("kubernetes.io/hostname", workload, hard, component));

    private static Map SpreadOver(string key, string workload, bool hard, string? component) => Map(
        ("maxSkew", 1),
        ("topologyKey", key),
        ("whenUnsatisfiable", hard ? "DoNotSchedule" : "ScheduleAnyway"),
        ("labelSelector", component is null ? Objects.Selector(workload) : Objects.Selector(workload, component)));

    /// <summary>No two pods of the workload on one host.</summary>
    public static Map ApartFromItself(string workload) => Map(("podAntiAffinity", Map(
        ("requiredDuringSchedulingIgnoredDuringExecution", List(Map(
            ("labelSelector", Objects.Selector(workload)),
            ("topologyKey", "kubernetes.io/hostname")))))));

    /// <summary>Rather not two pods of the workload on one host.</summary>
    public static Map RatherApart(string workload) => Map(("podAntiAffinity", Map(
        ("preferredDuringSchedulingIgnoredDuringExecution", List(Map(
            ("weight", 100),
            ("podAffinityTerm", Map(
                ("labelSelector", Objects.Selector(workload)),
                ("topologyKey", "kubernetes.io/hostname")))))))));

    /// <summary>An HTTP probe of a container's port, by the port's name.</summary>
    public static Map HttpProbe(string path, string port, int periodSeconds, int failures, int timeoutSeconds = 5, string? scheme = null) => Map(
        ("httpGet", Map(("path", path), ("port", port), ("scheme", scheme))),
        ("periodSeconds", periodSeconds),
        ("timeoutSeconds", timeoutSeconds),
        ("failureThreshold", failures));

    /// <summary>A probe that only connects: for what speaks no HTTP, or wants a password for its pages.</summary>
    public static Map TcpProbe(string port, int periodSeconds, int failures) => Map(
        ("tcpSocket", Map(("port", port))),
        ("periodSeconds", periodSeconds),
        ("timeoutSeconds", 5),
        ("failureThreshold", failures));

    /// <summary>A variable with a value.</summary>
    public static Map Variable(string name, string value) => Map(("name", name), ("value", value));

    /// <summary>A variable from a ConfigMap's key.</summary>
    public static Map VariableFromConfig(string name, string configMap, string key) =>
        Map(("name", name), ("valueFrom", Map(("configMapKeyRef", Map(("name", configMap), ("key", key))))));

    /// <summary>A variable from a Secret's key.</summary>
    public static Map VariableFromSecret(string name, string secret, string key) =>
        Map(("name", name), ("valueFrom", Map(("secretKeyRef", Map(("name", secret), ("key", key))))));

    /// <summary>A variable from the pod itself, such as <c>metadata.name</c>.</summary>
    public static Map VariableFromPod(string name, string fieldPath) =>
        Map(("name", name), ("valueFrom", Map(("fieldRef", Map(("fieldPath", fieldPath))))));

    /// <summary>A container's port by its name.</summary>
    public static Map Port(string name, int port) => Map(("name", name), ("containerPort", port), ("protocol", "TCP"));
}
