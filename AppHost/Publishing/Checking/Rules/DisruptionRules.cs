using System.Globalization;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Every replicated workload has one disruption budget, and none that keeps a node from being drained.</summary>
internal sealed class DisruptionRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        var budgets = set.OfKind("PodDisruptionBudget").ToList();
        foreach (var budget in budgets)
        {
            var workloads = set.Workloads.Where(w => Covers(budget, w)).ToList();
            if (workloads.Count == 0) report.Add(budget, budget.Spec["selector"], "matches no pods");
            CheckRoom(budget, workloads.Sum(w => ScalingRules.FewestPods(w, set)), report);
        }

        foreach (var workload in set.Workloads.Where(w => w.IsReplicated))
        {
            var covering = budgets.Where(budget => Covers(budget, workload)).ToList();
            if (covering.Count == 0) report.Add(workload.Object, workload.Object["metadata"]["name"], "has no PodDisruptionBudget");
            if (covering.Count > 1) report.Add(workload.Object, workload.Object["metadata"]["name"], $"has {covering.Count} PodDisruptionBudgets: with more than one no pod can be evicted");
        }
    }

    private static bool Covers(KubernetesObject budget, Workload workload) =>
        workload.Namespace == budget.Namespace && LabelSelector.Matches(budget.Spec["selector"], workload.Labels);

    private static void CheckRoom(KubernetesObject budget, long pods, Report report)
    {
        var (most, fewest) = (budget.Spec["maxUnavailable"], budget.Spec["minAvailable"]);
        if (!most.Exists && !fewest.Exists) report.Add(budget, budget.Spec, "has neither maxUnavailable nor minAvailable");
        if (most.Exists && Amount(most, pods) == 0) report.Add(budget, most, "lets no pod go: a node with one cannot be drained");
        if (fewest.Exists && pods > 0 && Amount(fewest, pods) >= pods)
            report.Add(budget, fewest, string.Create(CultureInfo.InvariantCulture, $"lets no pod go of {pods}: a node with one cannot be drained"));
    }

    // Kubernetes rounds both up.
    private static long Amount(YamlNode node, long pods)
    {
        if (node.Number is { } number) return number;
        return double.TryParse(node.Text.TrimEnd('%'), CultureInfo.InvariantCulture, out var percent) ? (long)Math.Ceiling(percent * pods / 100) : 0;
    }
}
