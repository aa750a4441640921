namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>ConfigMaps, Secrets and their keys: what a pod, a Gateway or a store reads is there.</summary>
internal sealed class ConfigRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        var sources = new KeySources(set);
        foreach (var workload in set.Workloads)
        {
            foreach (var container in workload.AllContainers) CheckEnvironment(workload, container, sources, report);
            foreach (var volume in workload.Pod["volumes"].Items) CheckVolume(workload, volume, sources, report);
            foreach (var pull in workload.Pod["imagePullSecrets"].Items) Require(workload.Object, "Secret", pull["name"], [], pull, sources, report);
        }

        foreach (var gateway in set.OfKind("Gateway"))
            foreach (var reference in gateway.Spec["listeners"].Items.SelectMany(listener => listener["tls"]["certificateRefs"].Items))
                if ((reference["kind"].TextOrNull ?? "Secret") == "Secret") Require(gateway, "Secret", reference["name"], [], reference, sources, report);
        foreach (var ingress in set.OfKind("Ingress"))
            foreach (var tls in ingress.Spec["tls"].Items.Where(tls => tls["secretName"].Exists)) Require(ingress, "Secret", tls["secretName"], [], tls, sources, report);
    }

    private static void CheckEnvironment(Workload workload, YamlNode container, KeySources sources, Report report)
    {
        foreach (var from in container["env"].Items.Select(env => env["valueFrom"]))
        {
            if (from["configMapKeyRef"] is { Exists: true } config) Require(workload.Object, "ConfigMap", config["name"], [config["key"]], config, sources, report);
            if (from["secretKeyRef"] is { Exists: true } secret) Require(workload.Object, "Secret", secret["name"], [secret["key"]], secret, sources, report);
        }

        foreach (var from in container["envFrom"].Items)
        {
            if (from["configMapRef"] is { Exists: true } config) Require(workload.Object, "ConfigMap", config["name"], [], config, sources, report);
            if (from["secretRef"] is { Exists: true } secret) Require(workload.Object, "Secret", secret["name"], [], secret, sources, report);
        }
    }

    private static void CheckVolume(Workload workload, YamlNode volume, KeySources sources, Report report)
    {
        foreach (var source in volume["projected"]["sources"].Items.Append(volume))
        {
            if (source["configMap"] is { Exists: true } config)
                Require(workload.Object, "ConfigMap", config["name"], config["items"].Items.Select(item => item["key"]), config, sources, report);
            if (source["secret"] is not { Exists: true } secret) continue;
            var name = secret["secretName"].Exists ? secret["secretName"] : secret["name"];
            Require(workload.Object, "Secret", name, secret["items"].Items.Select(item => item["key"]), secret, sources, report);
        }
    }

    private static void Require(KubernetesObject o, string kind, YamlNode name, IEnumerable<YamlNode> keys, YamlNode reference, KeySources sources, Report report)
    {
        if (reference["optional"].IsTrue) return;
        var ns = reference["namespace"].TextOrNull ?? o.Namespace;
        if (sources.Find(kind, ns, name.Text) is not { } known)
        {
            var how = kind == "Secret" ? " (no ExternalSecret or Certificate writes it)" : "";
            report.Add(o, name, $"there is no {kind} '{name.Text}' in {ns}{how}");
            return;
        }

        foreach (var key in keys.Where(key => !known.Has(key.Text))) report.Add(o, key, $"the {kind} '{name.Text}' has no key '{key.Text}'");
    }
}
