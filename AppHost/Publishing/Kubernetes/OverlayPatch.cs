using RecoAspire.Publishing.Documents;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes;

/// <summary>A change that a region's overlay makes to an object of the base.</summary>
public static class OverlayPatch
{
    /// <summary>An entry of a kustomization's <c>patches</c>.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="operations">JSON patch operations; see <see cref="Replace"/> and <see cref="Add"/>.</param>
    public static Map Of(string kind, string name, params ReadOnlySpan<Node?> operations) => Map(
        ("target", Map(("kind", kind), ("name", name))),
        ("patch", YamlWriter.Fragment(List(operations))));

    /// <summary>Other values of variables that a container has in the base, in all objects of a workload and kind.</summary>
    /// <param name="kind">A kind with a pod template.</param>
    /// <param name="workload">The workload: its objects' names may carry a hash.</param>
    /// <param name="container">The container.</param>
    /// <param name="variables">Names and values.</param>
    public static Map Variables(string kind, string workload, string container, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var list = new List<Node>();
        foreach (var (name, value) in variables) list.Add(Pods.Variable(name, value));
        return Map(
            ("target", Map(("kind", kind), ("labelSelector", $"{Objects.NameLabel}={workload}"))),
            ("patch", YamlWriter.Fragment(Map(
                ("apiVersion", kind == "Job" ? "batch/v1" : "apps/v1"),
                ("kind", kind),
                ("metadata", Map(("name", "any"))),
                ("spec", Map(("template", Map(("spec", Map(("containers", List(Map(("name", container), ("env", new Sequence(list)))))))))))))));
    }

    /// <summary>Another value in the place of one that the base has.</summary>
    /// <param name="path">A JSON pointer, such as <c>/spec/minReplicas</c>.</param>
    /// <param name="value">The value.</param>
    public static Map Replace(string path, Node value) => Map(("op", "replace"), ("path", path), ("value", value));

    /// <summary>A value where the base has none; a pointer that ends in <c>/-</c> adds to a list.</summary>
    public static Map Add(string path, Node value) => Map(("op", "add"), ("path", path), ("value", value));

    /// <summary>An autoscaler's bounds.</summary>
    public static Map Bounds(string autoscaler, int least, int most) =>
        Of("HorizontalPodAutoscaler", autoscaler, Replace("/spec/minReplicas", least), Replace("/spec/maxReplicas", most));
}
