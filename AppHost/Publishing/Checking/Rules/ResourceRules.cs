namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Every container asks for processor and memory, is bound in memory and not in processor.</summary>
internal sealed class ResourceRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var workload in set.Workloads)
            foreach (var container in workload.AllContainers)
                CheckContainer(workload.Object, container["resources"], report);
    }

    private static void CheckContainer(KubernetesObject o, YamlNode resources, Report report)
    {
        var (requests, limits) = (resources["requests"], resources["limits"]);
        foreach (var missing in new[] { requests["cpu"], requests["memory"], limits["memory"] }.Where(node => !node.Exists)) report.Add(o, missing, "is missing");
        if (limits["cpu"].Exists) report.Add(o, limits["cpu"], "throttles the container: a processor limit is not wanted");
        foreach (var (name, request) in requests.Fields)
            if (Quantity.TryParse(request.Text, out var asked) && Quantity.TryParse(limits[name].Text, out var limit) && asked > limit) report.Add(o, request, $"is more than the limit of {limits[name].Text}");
    }
}
