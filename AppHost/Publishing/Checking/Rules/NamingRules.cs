using System.Globalization;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Names, labels and namespaces as the API server takes them, and no object given twice.</summary>
internal sealed partial class NamingRules(CheckOptions options) : IRule
{
    private const int MaxConfigBytes = 1 << 20;
    private const int MaxAnnotationBytes = 256 << 10;

    public void Check(ObjectSet set, Report report)
    {
        var seen = new HashSet<string>();
        foreach (var o in set.Objects)
        {
            if (!seen.Add(o.Identity)) report.Add(o, o["metadata"]["name"], "the object is there twice");
            CheckName(o, report);
            CheckNamespace(o, set, report);
            foreach (var metadata in o.Root.All().Where(node => node["labels"].Exists || node["annotations"].Exists)) CheckLabels(o, metadata, report);
            if (o.Kind == "ConfigMap") CheckConfigMap(o, report);
        }

        foreach (var workload in set.Workloads) CheckContainers(workload, report);
    }

    private static void CheckName(KubernetesObject o, Report report)
    {
        var rbac = o.Kind is "Role" or "ClusterRole" or "RoleBinding" or "ClusterRoleBinding";
        var valid = o.Kind is "Service" or "Namespace" ? Label().IsMatch(o.Name) : rbac ? o.Name.Length > 0 : Subdomain().IsMatch(o.Name);
        // Pods of these are named after them, with a suffix, and a pod's name is a host name.
        var limit = o.Kind switch { "CronJob" => 52, "StatefulSet" => 52, "Service" or "Namespace" or "Job" or "Deployment" or "DaemonSet" => 63, _ => 253 };
        if (!valid) report.Add(o, o["metadata"]["name"], $"'{o.Name}' is no name for a {o.Kind}");
        if (o.Name.Length > limit) report.Add(o, o["metadata"]["name"], string.Create(CultureInfo.InvariantCulture, $"is longer than {limit} characters"));
    }

    private void CheckNamespace(KubernetesObject o, ObjectSet set, Report report)
    {
        var node = o["metadata"]["namespace"];
        if (o.IsClusterScoped)
        {
            if (node.Exists) report.Add(o, node, $"a {o.Kind} is in no namespace");
            return;
        }

        if (o.Namespace.Length == 0) report.Add(o, node, "has no namespace");
        else if (options.BuiltInNamespaces.Contains(o.Namespace)) return;
        else if (!options.Namespaces.Contains(o.Namespace)) report.Add(o, node, $"'{o.Namespace}' is not one of the namespaces: {string.Join(", ", options.Namespaces.Order(StringComparer.Ordinal))}");
        else if (set.FindCluster("Namespace", o.Namespace) is null) report.Add(o, node, $"the set has no Namespace {o.Namespace}");
    }

    private static void CheckLabels(KubernetesObject o, YamlNode metadata, Report report)
    {
        if (!metadata.Path.EndsWith("metadata", StringComparison.Ordinal)) return;
        foreach (var (key, value) in metadata["labels"].Fields)
        {
            if (!Key().IsMatch(key)) report.Add(o, value, $"'{key}' is no label's name");
            if (value.IsScalar && !Value().IsMatch(value.Text)) report.Add(o, value, $"'{value.Text}' is no label's value");
        }

        foreach (var (key, value) in metadata["annotations"].Fields)
            if (!Key().IsMatch(key)) report.Add(o, value, $"'{key}' is no annotation's name");
        if (metadata["annotations"].Fields.Sum(field => field.Key.Length + field.Value.Text.Length) > MaxAnnotationBytes)
            report.Add(o, metadata["annotations"], "annotations are limited to 256 KiB");
    }

    private static void CheckConfigMap(KubernetesObject o, Report report)
    {
        foreach (var (key, value) in o["data"].Fields)
            if (!FileKey().IsMatch(key)) report.Add(o, value, $"'{key}' is no key of a ConfigMap");
        if (o["data"].Fields.Sum(field => System.Text.Encoding.UTF8.GetByteCount(field.Value.Text)) > MaxConfigBytes)
            report.Add(o, o["data"], "a ConfigMap is limited to 1 MiB");
    }

    private static void CheckContainers(Workload workload, Report report)
    {
        var names = new HashSet<string>();
        foreach (var container in workload.AllContainers)
        {
            if (!names.Add(container["name"].Text)) report.Add(workload.Object, container["name"], $"two containers are called '{container["name"].Text}'");
            if (!Label().IsMatch(container["name"].Text)) report.Add(workload.Object, container["name"], $"'{container["name"].Text}' is no container's name");
            foreach (var port in container["ports"].Items.Where(port => port["name"].Exists && !PortName().IsMatch(port["name"].Text)))
                report.Add(workload.Object, port["name"], $"'{port["name"].Text}' is no port's name");
        }

        foreach (var twice in workload.Ports.Where(p => p.Name.Length > 0).GroupBy(p => p.Name).Where(g => g.Count() > 1))
            report.Add(workload.Object, workload.Pod["containers"], $"two ports are called '{twice.Key}'");
        foreach (var twice in workload.Ports.GroupBy(p => (p.Number, p.Protocol)).Where(g => g.Count() > 1))
            report.Add(workload.Object, workload.Pod["containers"], $"the port {twice.Key.Number} is declared twice");
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex Key();

    [GeneratedRegex(@"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex Value();

    [GeneratedRegex("^[-._a-zA-Z0-9]{1,253}$")]
    private static partial Regex FileKey();

    [GeneratedRegex("^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex PortName();
}
