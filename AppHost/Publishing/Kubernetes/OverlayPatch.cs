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
