using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/base/platform</c>: the namespace and what holds for everything in it.</summary>
internal sealed class Platform : IPublishedPart
{
    private const string Workload = "platform";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => new KustomizeFolder("k8s/base/platform", "The namespace and what holds for everything in it.")
        .Add("namespace.yaml", "Pods that could become root, or reach the machine, are refused.", Namespace(deployment.Topology.KubernetesVersion))
        .Add("network.yaml", "Nothing may talk to anything; each workload's own policy opens what it needs.", NetworkPolicies.Defaults(Deployment.Namespace))
        .Add("limits.yaml", "What a container gets that does not say. No CPU limit: throttling would show as latency.", LimitRange(deployment))
        .Add("priorities.yaml", "When machines are short, answers come before stores' copies, and jobs last.",
            Priority(PriorityClasses.Serving, 1_000_000, "Answers viewers.", null),
            Priority(PriorityClasses.Stores, 900_000, "Holds state.", null),
            Priority(PriorityClasses.Batch, 100_000, "Can wait.", "Never"))
        .Add("admin-key.yaml", "The key that destructive calls carry.", ExternalSecrets.Of("admin-key", Workload, ["admin-key"]))
        .Files();

    private static Map Namespace(string version) => Map(
        ("apiVersion", "v1"),
        ("kind", "Namespace"),
        ("metadata", Map(
            ("name", Deployment.Namespace),
            ("labels", Objects.Labels(Workload)
                .With("pod-security.kubernetes.io/enforce", "restricted").With("pod-security.kubernetes.io/enforce-version", $"v{version}")
                .With("pod-security.kubernetes.io/audit", "restricted").With("pod-security.kubernetes.io/audit-version", $"v{version}")
                .With("pod-security.kubernetes.io/warn", "restricted").With("pod-security.kubernetes.io/warn-version", $"v{version}")))));

    private static Map LimitRange(Deployment deployment) => Objects.Of("v1", "LimitRange", "containers", Workload, ("spec", Map(
        ("limits", List(Map(
            ("type", "Container"),
            ("defaultRequest", Map(("cpu", "100m"), ("memory", "128Mi"))),
            ("default", Map(("memory", "256Mi"))),
            ("max", Map(("memory", $"{deployment.Topology.Workloads.Values.Max(w => w.MemoryLimitMib)}Mi")))))))));

    private static Map Priority(string name, int value, string description, string? preemption) => Objects.In("", "scheduling.k8s.io/v1", "PriorityClass", name, Workload,
        ("value", value), ("globalDefault", false), ("preemptionPolicy", preemption), ("description", description));
}
