namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>What the Prometheus operator scrapes is there.</summary>
internal sealed class MonitoringRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var monitor in set.OfKind("ServiceMonitor")) CheckServices(monitor, set, report);
        foreach (var monitor in set.OfKind("PodMonitor")) CheckPods(monitor, set, report);
    }

    private static void CheckServices(KubernetesObject monitor, ObjectSet set, Report report)
    {
        var services = set.OfKind("Service").Where(s => Covers(monitor, s.Namespace) && LabelSelector.Matches(monitor.Spec["selector"], s["metadata"]["labels"].ToLabels())).ToList();
        if (services.Count == 0) report.Add(monitor, monitor.Spec["selector"], "matches no Service");
        foreach (var endpoint in monitor.Spec["endpoints"].Items)
            foreach (var service in services.Where(s => !Ports.HasNamed(s, endpoint["port"].Text)))
                report.Add(monitor, endpoint["port"], $"{service} has no port '{endpoint["port"].Text}'");
    }

    private static void CheckPods(KubernetesObject monitor, ObjectSet set, Report report)
    {
        var workloads = set.Workloads.Where(w => Covers(monitor, w.Namespace) && LabelSelector.Matches(monitor.Spec["selector"], w.Labels)).ToList();
        if (workloads.Count == 0) report.Add(monitor, monitor.Spec["selector"], "matches no pods");
        foreach (var endpoint in monitor.Spec["podMetricsEndpoints"].Items)
            if (workloads.Count > 0 && !workloads.Any(w => w.Ports.Any(port => port.Name == endpoint["port"].Text)))
                report.Add(monitor, endpoint["port"], $"no pod that it selects has a port '{endpoint["port"].Text}'");
    }

    private static bool Covers(KubernetesObject monitor, string ns)
    {
        var selector = monitor.Spec["namespaceSelector"];
        if (selector["any"].IsTrue) return true;
        return selector["matchNames"].Items.Count == 0 ? ns == monitor.Namespace : selector["matchNames"].Items.Any(name => name.Text == ns);
    }
}
