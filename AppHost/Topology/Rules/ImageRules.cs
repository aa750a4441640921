using System.Text.RegularExpressions;
using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>Images can be pulled, and are the same tomorrow.</summary>
internal static partial class ImageRules
{
    // The registry that Kubernetes has shut down.
    private const string FrozenRegistry = "k8s.gcr.io";

    // What the published parts ask for by name; more may stand beside them.
    private static readonly string[] Needed =
    [
        "qdrant", "neo4j", "neo4j_community", "kafka", "cache", "scylladb", "prometheus", "alertmanager", "prometheus_adapter", "kube_state_metrics", "node_exporter", "dcgm_exporter",
        "redis_exporter", "kafka_exporter", "grafana", "cluster_autoscaler", "curl",
    ];

    public static void CheckImages(DeploymentTopology topology, TopologyErrors errors)
    {
        var images = topology.Images;
        CheckImage("images.registry", images.Registry, errors);
        CheckTag("images.tag", images.Tag, errors);
        foreach (var name in Needed.Where(n => !images.Engines.ContainsKey(n))) errors.Add($"images.engines.{name}", "is missing");
        foreach (var (name, image) in images.Engines)
        {
            var path = TopologyPath.Key("images.engines", name);
            CheckImage($"{path}.image", image.Image, errors);
            CheckTag($"{path}.tag", image.Tag, errors);
        }

        var named = images.Engines.Values.Select(i => i.Image).ToHashSet(StringComparer.Ordinal);
        foreach (var (image, digest) in images.Digests)
        {
            var path = TopologyPath.Key("images.digests", image);
            errors.Demand(Digest().IsMatch(digest), path, $"must be sha256: and 64 digits of a-f and 0-9, is '{digest}'");
            errors.Demand(
                named.Contains(image) || (image.StartsWith($"{images.Registry}/", StringComparison.Ordinal) && WorkloadRules.OwnServices.Contains(image[(images.Registry.Length + 1)..])),
                path,
                "there is no such image: neither of a service nor in images.engines");
        }
    }

    public static void CheckKubernetesVersion(DeploymentTopology topology, TopologyErrors errors) =>
        errors.Demand(KubernetesVersion().IsMatch(topology.KubernetesVersion), "kubernetes_version", $"must be a minor version from 1.29 on, such as \"1.34\", is '{topology.KubernetesVersion}'");

    private static void CheckImage(string path, string image, TopologyErrors errors)
    {
        if (!errors.Demand(ImageName().IsMatch(image), path, $"must be a registry and a path in lower case without tag and digest, such as docker.io/library/redis, is '{image}'")) return;
        errors.Demand(image.Split('/')[0] != FrozenRegistry, path, $"must not be on {FrozenRegistry}: it is frozen, registry.k8s.io took its place");
    }

    private static void CheckTag(string path, string tag, TopologyErrors errors)
    {
        if (!errors.NotEmpty(path, tag)) return;
        if (errors.Demand(tag != "latest", path, "must not be 'latest': that is another image tomorrow"))
            errors.Demand(Tag().IsMatch(tag), path, $"must be letters, digits, '.', '_' and '-' (at most 128), is '{tag}'");
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]+)?(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)+\z")]
    private static partial Regex ImageName();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    // Native sidecars, on which the pods rely, are on by default from 1.29.
    [GeneratedRegex(@"\A1\.(?:29|[3-9][0-9])\z")]
    private static partial Regex KubernetesVersion();
}
