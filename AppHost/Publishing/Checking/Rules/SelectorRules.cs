namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Selectors of workloads, and those that spread or gather their pods.</summary>
internal sealed class SelectorRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var workload in set.Workloads)
        {
            if (workload.IsKeptRunning) CheckOwn(workload, set, report);
            CheckSpread(workload, report);
            CheckAffinity(workload, set, report);
        }
    }

    private static void CheckOwn(Workload workload, ObjectSet set, Report report)
    {
        var selector = workload.Object.Spec["selector"];
        if (selector["matchLabels"].Fields.Count == 0 && selector["matchExpressions"].Items.Count == 0)
        {
            report.Add(workload.Object, selector, "is empty");
            return;
        }

        if (!LabelSelector.Matches(selector, workload.Labels)) report.Add(workload.Object, selector, "does not match the labels of its own pod template");
        foreach (var other in set.Workloads.Where(other => other != workload && other.Namespace == workload.Namespace))
            if (LabelSelector.Matches(selector, other.Labels)) report.Add(workload.Object, selector, $"matches the pods of {other.Object} too");
    }

    private static void CheckSpread(Workload workload, Report report)
    {
        foreach (var spread in workload.Pod["topologySpreadConstraints"].Items)
            if (!LabelSelector.Matches(spread["labelSelector"], workload.Labels)) report.Add(workload.Object, spread["labelSelector"], "does not match the workload's own pods");
    }

    private static void CheckAffinity(Workload workload, ObjectSet set, Report report)
    {
        foreach (var term in Terms(workload.Pod["affinity"]["podAntiAffinity"]))
            if (!LabelSelector.Matches(term["labelSelector"], workload.Labels)) report.Add(workload.Object, term["labelSelector"], "does not match the workload's own pods");
        foreach (var term in Terms(workload.Pod["affinity"]["podAffinity"]))
            if (!set.Workloads.Any(other => LabelSelector.Matches(term["labelSelector"], other.Labels))) report.Add(workload.Object, term["labelSelector"], "matches no pods");
    }

    private static IEnumerable<YamlNode> Terms(YamlNode affinity) =>
        affinity["requiredDuringSchedulingIgnoredDuringExecution"].Items
            .Concat(affinity["preferredDuringSchedulingIgnoredDuringExecution"].Items.Select(weighted => weighted["podAffinityTerm"]));
}
