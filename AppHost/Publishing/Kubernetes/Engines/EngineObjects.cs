using System.Security.Cryptography;
using System.Text;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Engines;

/// <summary>Shapes that all stores share: stateful sets, jobs, files for containers.</summary>
public static class EngineObjects
{
    /// <summary>What an exporter or a one-off call takes.</summary>
    public static Workload Small { get; } = new() { Cpu = 0.05, MemoryMib = 64, MemoryLimitMib = 128 };

    /// <summary>What a one-off call takes that starts a Java machine.</summary>
    public static Workload SmallJava { get; } = new() { Cpu = 0.25, MemoryMib = 512, MemoryLimitMib = 1024 };

    /// <summary>Pods with names and claims that stay.</summary>
    /// <param name="name">Name of the set.</param>
    /// <param name="workload">The workload whose pods these are.</param>
    /// <param name="replicas">Pods.</param>
    /// <param name="template">The pods.</param>
    /// <param name="claims">A claim of each pod for each.</param>
    /// <param name="component">Value of the component label, where a workload has several sets.</param>
    /// <param name="service">The headless Service that names the pods; the workload's own when null.</param>
    public static Map StatefulSet(string name, string workload, int replicas, Map template, Sequence claims, string? component = null, string? service = null) =>
        Objects.Of("apps/v1", "StatefulSet", name, workload, ("spec", Map(
            ("serviceName", service ?? workload),
            ("replicas", replicas),
            // Peers wait for each other: one after another, the first would wait for ever.
            ("podManagementPolicy", "Parallel"),
            ("updateStrategy", Map(("type", "RollingUpdate"))),
            ("minReadySeconds", 10),
            ("revisionHistoryLimit", 5),
            ("persistentVolumeClaimRetentionPolicy", Map(("whenDeleted", "Retain"), ("whenScaled", "Retain")).Because("A set that is deleted or made smaller by mistake keeps its data.")),
            ("selector", component is null ? Objects.Selector(workload) : Objects.Selector(workload, component)),
            ("template", template),
            ("volumeClaimTemplates", claims))));

    /// <summary>A task that runs once for each content: its name ends in a hash of what it does, because a Job cannot be changed.</summary>
    /// <param name="name">Name without the hash; also the workload's.</param>
    /// <param name="user">Numeric user.</param>
    /// <param name="container">What runs.</param>
    /// <param name="volumes">Volumes beside <c>tmp</c>.</param>
    /// <param name="deadlineSeconds">When it has failed for good.</param>
    /// <param name="content">Whatever else decides what it does, such as a script's text.</param>
    public static Map Job(string name, int user, Map container, Sequence volumes, int deadlineSeconds, params IEnumerable<string> content)
    {
        var template = Pods.Template(name, user, List(container), volumes, Map(("restartPolicy", "OnFailure"), ("priorityClassName", "reco-batch")), component: "job");
        var spec = Map(
            ("backoffLimit", 10),
            ("activeDeadlineSeconds", deadlineSeconds),
            ("ttlSecondsAfterFinished", 86400),
            ("template", template));
        var text = string.Join('\n', [YamlWriter.Write("", spec), .. content]);
        return Objects.Of("batch/v1", "Job", $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}", name, ("spec", spec));
    }

    /// <summary>A setting of a kustomization: ConfigMaps of files, whose names end in a hash of their content, so that a change restarts who reads them.</summary>
    public static Sequence ConfigMaps(params ReadOnlySpan<(string Name, string Workload, string[] Files)> maps)
    {
        var list = new List<Node>();
        foreach (var (name, workload, files) in maps)
        {
            list.Add(Map(
                ("name", name),
                ("namespace", Deployment.Namespace),
                ("files", ListOf(files)),
                ("options", Map(("labels", Objects.Labels(workload))))));
        }

        return new Sequence(list);
    }

    /// <summary>A volume of a ConfigMap's files.</summary>
    public static Map ConfigVolume(string name, string configMap, int mode = 292) =>
        Map(("name", name), ("configMap", Map(("name", configMap), ("defaultMode", mode))));

    /// <summary>A volume of a Secret's files, readable by the pod's group only.</summary>
    public static Map SecretVolume(string name, string secret, params ReadOnlySpan<string> keys)
    {
        var items = new List<Node>();
        foreach (var key in keys) items.Add(Map(("key", key), ("path", key)));
        return Map(("name", name), ("secret", Map(("secretName", secret), ("defaultMode", 288), ("items", items.Count == 0 ? null : new Sequence(items)))));
    }

    /// <summary>A volume that starts empty and ends with the pod.</summary>
    public static Map EmptyVolume(string name, string sizeLimit) => Map(("name", name), ("emptyDir", Map(("sizeLimit", sizeLimit))));

    /// <summary>A mount that cannot be written to.</summary>
    public static Map ReadOnlyMount(string volume, string path) => Map(("name", volume), ("mountPath", path), ("readOnly", true));

    /// <summary>Text that stands beside this code as a file.</summary>
    /// <param name="path">Relative to this folder, such as <c>Qdrant/start.sh</c>.</param>
    public static string File(string path) => EmbeddedText.Read($"engines/{path}");
}
