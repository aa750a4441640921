using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>What every object and every pod of the set has in common.</summary>
public static class Objects
{
    /// <summary>The label that selects a workload's pods, and nothing else does.</summary>
    public const string NameLabel = "app.kubernetes.io/name";

    /// <summary>An object: kind, name, labels, and what follows.</summary>
    /// <param name="apiVersion">Group and version.</param>
    /// <param name="kind">Kind.</param>
    /// <param name="name">Name.</param>
    /// <param name="workload">The workload it belongs to.</param>
    /// <param name="entries">What follows the metadata; mostly <c>spec</c>.</param>
    public static Map Of(string apiVersion, string kind, string name, string workload, params ReadOnlySpan<(string Key, Node? Value)> entries) =>
        In(Deployment.Namespace, apiVersion, kind, name, workload, entries);

    /// <summary>An object of a namespace; an empty one for what belongs to the whole cluster.</summary>
    public static Map In(string @namespace, string apiVersion, string kind, string name, string workload, params ReadOnlySpan<(string Key, Node? Value)> entries)
    {
        var map = Map(
            ("apiVersion", apiVersion),
            ("kind", kind),
            ("metadata", Map(
                ("name", name),
                ("namespace", @namespace.Length == 0 ? null : @namespace),
                ("labels", Labels(workload)))));
        foreach (var (key, value) in entries) map = map.With(key, value);
        return map;
    }

    /// <summary>The labels of everything that belongs to a workload.</summary>
    public static Map Labels(string workload) => Map((NameLabel, workload), ("app.kubernetes.io/part-of", "recoaspire"));

    /// <summary>Selects a workload's pods.</summary>
    public static Map Selector(string workload) => Map(("matchLabels", Map((NameLabel, workload))));

    /// <summary>Selects those of a workload's pods that have one role in it.</summary>
    public static Map Selector(string workload, string component) =>
        Map(("matchLabels", Map((NameLabel, workload), ("app.kubernetes.io/component", component))));

    /// <summary>An account of its own for a workload; its pods get no token.</summary>
    public static Map ServiceAccount(string workload, string? @namespace = null) =>
        In(@namespace ?? Deployment.Namespace, "v1", "ServiceAccount", workload, workload, ("automountServiceAccountToken", false));

    /// <summary>A Service with ports by name; <c>targetPort</c> is the container port's name.</summary>
    /// <param name="name">The DNS name.</param>
    /// <param name="workload">Whose pods.</param>
    /// <param name="headless">One address for each pod: clients balance, peers find each other.</param>
    /// <param name="publishNotReady">Peers must find each other before they are ready.</param>
    /// <param name="ports">Name, port, and protocol's name where clients want to know it.</param>
    /// <param name="namespace">The workload's namespace.</param>
    public static Map Service(string name, string workload, bool headless, bool publishNotReady, IEnumerable<(string Name, int Port, string? AppProtocol)> ports, string? @namespace = null) =>
        In(@namespace ?? Deployment.Namespace, "v1", "Service", name, workload, ("spec", Map(
            ("clusterIP", headless ? "None" : null),
            ("publishNotReadyAddresses", publishNotReady ? true : null),
            ("selector", Map((NameLabel, workload))),
            ("ports", ListOf(ports.Select(p => Map(
                ("name", p.Name),
                ("port", p.Port),
                ("targetPort", p.Name),
                ("protocol", "TCP"),
                ("appProtocol", p.AppProtocol))))))));

    /// <summary>Lets a drain go on while enough pods stay.</summary>
    /// <param name="workload">Whose pods.</param>
    /// <param name="maxUnavailable">A number or a percentage; never 0, which would block every drain.</param>
    /// <param name="namespace">The workload's namespace.</param>
    public static Map DisruptionBudget(string workload, Node maxUnavailable, string? @namespace = null) =>
        In(@namespace ?? Deployment.Namespace, "policy/v1", "PodDisruptionBudget", workload, workload, ("spec", Map(
            ("maxUnavailable", maxUnavailable),
            ("unhealthyPodEvictionPolicy", "AlwaysAllow"),
            ("selector", Selector(workload)))));

    /// <summary>A claim for each pod of a StatefulSet.</summary>
    public static Map Claim(string name, string storageClass, int gib) => Map(
        ("metadata", Map(("name", name))),
        ("spec", Map(
            ("accessModes", List("ReadWriteOnce")),
            ("storageClassName", storageClass),
            ("resources", Map(("requests", Map(("storage", $"{gib}Gi"))))))));
}
