namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Services lead to pods that listen; what names a Service names one that is there.</summary>
internal sealed class ServiceRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var service in set.OfKind("Service")) CheckService(service, set, report);
        foreach (var workload in set.Workloads.Where(w => w.Object.Kind == "StatefulSet")) CheckGoverning(workload, set, report);
        foreach (var api in set.OfKind("APIService").Where(api => api.Spec["service"].Exists)) CheckBackend(api, api.Spec["service"], set, report);
        foreach (var webhooks in set.OfKind("ValidatingWebhookConfiguration").Concat(set.OfKind("MutatingWebhookConfiguration")))
            foreach (var backend in webhooks["webhooks"].Items.Select(hook => hook["clientConfig"]["service"]).Where(s => s.Exists)) CheckBackend(webhooks, backend, set, report);
    }

    private static void CheckService(KubernetesObject service, ObjectSet set, Report report)
    {
        if (service.Spec["type"].Text == "ExternalName") return;
        var selector = service.Spec["selector"];
        if (selector.Fields.Count == 0)
        {
            if (!set.OfKind("EndpointSlice").Any(slice => slice["metadata"]["labels"]["kubernetes.io/service-name"].Text == service.Name))
                report.Add(service, selector, "selects nothing, and no EndpointSlice says where it leads");
            return;
        }

        var workloads = set.SelectedBy(service).ToList();
        if (workloads.Count == 0) report.Add(service, selector, "matches no pods");
        foreach (var port in service.Spec["ports"].Items)
        {
            if (service.Spec["ports"].Items.Count > 1 && !port["name"].Exists) report.Add(service, port["name"], "is required where there are several ports");
            foreach (var workload in workloads.Where(workload => !Ports.Listens(workload, port)))
                report.Add(service, port["targetPort"], $"{workload.Object} has no port {Ports.TargetOf(port)}");
        }
    }

    private static void CheckGoverning(Workload workload, ObjectSet set, Report report)
    {
        var name = workload.Object.Spec["serviceName"];
        if (set.Find("Service", workload.Namespace, name.Text) is not { } service)
        {
            report.Add(workload.Object, name, $"there is no Service '{name.Text}' in {workload.Namespace}");
            return;
        }

        if (service.Spec["clusterIP"].Text != "None") report.Add(workload.Object, name, $"{service} is not headless (clusterIP: None)");
        if (!workload.Pods.All(pod => LabelSelector.MatchesMap(service.Spec["selector"], pod))) report.Add(workload.Object, name, $"{service} does not select its pods");
    }

    private static void CheckBackend(KubernetesObject o, YamlNode backend, ObjectSet set, Report report)
    {
        var service = set.Find("Service", backend["namespace"].Text, backend["name"].Text);
        var port = backend["port"].Number ?? 443;
        if (service is null) report.Add(o, backend, $"there is no Service '{backend["name"].Text}' in {backend["namespace"].Text}");
        else if (!Ports.Has(service, port)) report.Add(o, backend["port"], $"{service} has no port {port}");
    }
}
