using System.Globalization;

namespace RecoAspire.Publishing.Checking;

/// <summary>A port that a container declares.</summary>
internal sealed record ContainerPort(string Name, long Number, string Protocol);

/// <summary>Anything that starts pods, with its pod template.</summary>
internal sealed class Workload
{
    private static readonly HashSet<string> Kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod"];

    private Workload(KubernetesObject source)
    {
        Object = source;
        var template = source.Kind switch
        {
            "Pod" => source.Root,
            "CronJob" => source.Spec["jobTemplate"]["spec"]["template"],
            _ => source.Spec["template"],
        };
        Template = template;
        Pod = template["spec"];
        Labels = template["metadata"]["labels"].ToLabels();
        Containers = Pod["containers"].Items;
        InitContainers = Pod["initContainers"].Items;
        Ports = [.. AllContainers.SelectMany(PortsOf)];
        Pods = [.. PodLabels()];
    }

    /// <summary>Null for a kind that starts no pods.</summary>
    public static Workload? From(KubernetesObject source) => Kinds.Contains(source.Kind) ? new Workload(source) : null;

    public KubernetesObject Object { get; }

    public YamlNode Template { get; }

    /// <summary>The pod's spec.</summary>
    public YamlNode Pod { get; }

    public string Namespace => Object.Namespace;

    public string Name => Object.Name;

    /// <summary><c>namespace/name</c>.</summary>
    public string Id => $"{Namespace}/{Name}";

    public IReadOnlyDictionary<string, string> Labels { get; }

    public IReadOnlyList<YamlNode> Containers { get; }

    public IReadOnlyList<YamlNode> InitContainers { get; }

    public IEnumerable<YamlNode> AllContainers => InitContainers.Concat(Containers);

    /// <summary>The containers that run as long as the pod does: all but those that end, and sidecars.</summary>
    public IEnumerable<YamlNode> LongRunning => !IsKeptRunning ? [] : InitContainers.Where(c => c["restartPolicy"].Text == "Always").Concat(Containers);

    public bool IsKeptRunning => Object.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet";

    /// <summary>Whether its pods are moved one by one when a node is drained.</summary>
    public bool IsReplicated => Object.Kind is "Deployment" or "StatefulSet";

    public IReadOnlyList<ContainerPort> Ports { get; }

    /// <summary>The labels of every pod: the template's, and for a StatefulSet those that tell its pods apart.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Pods { get; }

    /// <summary>As written; null when an autoscaler decides, or when it is not a number.</summary>
    public long? Replicas => Object.Spec["replicas"].Number;

    public static IEnumerable<ContainerPort> PortsOf(YamlNode container) => container["ports"].Items.Select(port =>
        new ContainerPort(port["name"].Text, port["containerPort"].Number ?? 0, port["protocol"].TextOrNull ?? "TCP"));

    private IEnumerable<IReadOnlyDictionary<string, string>> PodLabels()
    {
        if (Object.Kind != "StatefulSet") return [Labels];
        var first = Object.Spec["ordinals"]["start"].Number ?? 0;
        // An autoscaled set has at least one pod; more cannot be known from here.
        return Enumerable.Range((int)first, (int)Math.Clamp(Replicas ?? 1, 1, 1000)).Select(i => new Dictionary<string, string>(Labels)
        {
            ["statefulset.kubernetes.io/pod-name"] = string.Create(CultureInfo.InvariantCulture, $"{Name}-{i}"),
            ["apps.kubernetes.io/pod-index"] = i.ToString(CultureInfo.InvariantCulture),
        });
    }
}
