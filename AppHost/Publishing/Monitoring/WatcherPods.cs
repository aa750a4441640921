using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring;

/// <summary>Building blocks of the workloads that watch.</summary>
internal static class WatcherPods
{
    /// <summary>Some replicas without an identity of their own.</summary>
    public static Map Deployment(string name, int replicas, Map template, string? @namespace = null) =>
        Objects.In(@namespace ?? Publishing.Deployment.Monitoring, "apps/v1", "Deployment", name, name, ("spec", Map(
            ("replicas", replicas),
            ("revisionHistoryLimit", 3),
            ("strategy", Map(("type", "RollingUpdate"), ("rollingUpdate", Map(("maxSurge", 1), ("maxUnavailable", 0))))),
            ("selector", Objects.Selector(name)),
            ("template", template))));

    /// <summary>Replicas with names and volumes of their own.</summary>
    public static Map StatefulSet(string name, int replicas, int gib, string storageClass, Map template) =>
        Objects.In(Publishing.Deployment.Monitoring, "apps/v1", "StatefulSet", name, name, ("spec", Map(
            ("serviceName", name),
            ("replicas", replicas),
            ("revisionHistoryLimit", 3),
            // They do not wait for each other.
            ("podManagementPolicy", "Parallel"),
            ("persistentVolumeClaimRetentionPolicy", Map(("whenDeleted", "Retain"), ("whenScaled", "Retain"))),
            ("selector", Objects.Selector(name)),
            ("template", template),
            ("volumeClaimTemplates", List(Objects.Claim("data", storageClass, gib))))));

    /// <summary>One pod on every machine.</summary>
    public static Map DaemonSet(string name, Map template) =>
        Objects.In(Watchers.NodeAgents, "apps/v1", "DaemonSet", name, name, ("spec", Map(
            ("revisionHistoryLimit", 3),
            ("updateStrategy", Map(("type", "RollingUpdate"), ("rollingUpdate", Map(("maxUnavailable", "10%"))))),
            ("selector", Objects.Selector(name)),
            ("template", template))));

    /// <summary>What every pod's spec here adds: spread, priority, time to end; and a token where it asks the API server.</summary>
    public static Map Settings(string name, bool token, int graceSeconds = 30) => Map(
        ("automountServiceAccountToken", token),
        ("priorityClassName", "reco-serving"),
        ("terminationGracePeriodSeconds", graceSeconds),
        ("topologySpreadConstraints", Pods.Spread(name)),
        ("affinity", Pods.RatherApart(name)));

    /// <summary>A volume of a ConfigMap.</summary>
    public static Map ConfigVolume(string volume, string configMap) => Map(("name", volume), ("configMap", Map(("name", configMap))));

    /// <summary>A volume of a Secret; an optional one may come later.</summary>
    public static Map SecretVolume(string volume, string secret, bool optional = false) =>
        Map(("name", volume), ("secret", Map(("secretName", secret), ("defaultMode", ((Node)288).Because("0440: the pod's group reads, nobody else.")), ("optional", optional ? true : null))));

    /// <summary>Access to the API server. Its address is the provider's and changes, so the rule names only ports.</summary>
    public static (string Direction, Map Rule) ToApiServer => NetworkPolicies.ToInternet(443, 6443);
}
