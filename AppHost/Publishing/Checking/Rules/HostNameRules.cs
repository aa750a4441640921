namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Every host that configuration names is a Service of the set with that port, or one that the caller allows outside.</summary>
internal sealed class HostNameRules(CheckOptions options) : IRule
{
    // What custom resources name is resolved by an operator in another namespace.
    private static readonly HashSet<string> Operated = ["ScaledObject", "TriggerAuthentication", "ClusterSecretStore", "SecretStore", "Alertmanager", "Prometheus", "Probe", "ScrapeConfig"];

    public void Check(ObjectSet set, Report report)
    {
        var resolver = new HostResolver(set, options);
        foreach (var workload in set.Workloads)
            foreach (var node in workload.AllContainers.SelectMany(Texts)) CheckText(workload.Object, node, workload.Namespace, resolver, report);
        foreach (var map in set.OfKind("ConfigMap"))
            foreach (var node in map["data"].Fields.Values) CheckText(map, node, map.Namespace, resolver, report);
        foreach (var o in set.Objects.Where(o => Operated.Contains(o.Kind)))
            foreach (var node in o.Spec.All().Where(node => node.Kind == YamlKind.String)) CheckText(o, node, "", resolver, report);
    }

    private static IEnumerable<YamlNode> Texts(YamlNode container) => container["env"].Items.Select(variable => variable["value"])
        .Concat(container["args"].Items).Concat(container["command"].Items)
        .Concat(container["lifecycle"].All().Where(node => node.Kind == YamlKind.String));

    private static void CheckText(KubernetesObject o, YamlNode node, string ns, HostResolver resolver, Report report)
    {
        var told = new HashSet<string>();
        foreach (var host in HostNames.In(node.Text))
            if (resolver.Problem(host, ns) is { } problem && told.Add(problem)) report.Add(o, node, problem);
    }
}
