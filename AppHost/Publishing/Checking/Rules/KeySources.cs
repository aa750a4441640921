namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>The keys of a ConfigMap or a Secret; null where only the store behind it knows them.</summary>
internal sealed record KnownKeys(IReadOnlySet<string>? Keys)
{
    public bool Has(string key) => Keys?.Contains(key) ?? true;
}

/// <summary>Every ConfigMap and Secret that there will be: those of the set, and those that others write from what the set says.</summary>
internal sealed class KeySources
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), KnownKeys> known = [];
    private readonly HashSet<string> namespaces = [];

    public KeySources(ObjectSet set)
    {
        foreach (var o in set.Objects) namespaces.Add(o.Namespace);
        foreach (var map in set.OfKind("ConfigMap")) Add(map, "ConfigMap", map.Name, [.. map["data"].Fields.Keys, .. map["binaryData"].Fields.Keys]);
        foreach (var secret in set.OfKind("Secret")) Add(secret, "Secret", secret.Name, [.. secret["data"].Fields.Keys, .. secret["stringData"].Fields.Keys]);
        foreach (var external in set.OfKind("ExternalSecret"))
            Add(external, "Secret", external.Spec["target"]["name"].TextOrNull ?? external.Name, KeysOf(external));
        foreach (var certificate in set.OfKind("Certificate")) Add(certificate, "Secret", certificate.Spec["secretName"].Text,
            ["tls.crt", "tls.key", "ca.crt", .. certificate.Spec["additionalOutputFormats"].Items.Any(f => f["type"].Text == "CombinedPEM") ? ["tls-combined.pem"] : (string[])[]]);
    }

    /// <summary>Null where there is no such object.</summary>
    public KnownKeys? Find(string kind, string ns, string name)
    {
        // Kubernetes writes it into every namespace.
        if (kind == "ConfigMap" && name == "kube-root-ca.crt" && namespaces.Contains(ns)) return new KnownKeys(new HashSet<string> { "ca.crt" });
        return known.GetValueOrDefault((kind, ns, name));
    }

    private void Add(KubernetesObject o, string kind, string name, HashSet<string>? keys) => known[(kind, o.Namespace, name)] = new KnownKeys(keys);

    private static HashSet<string>? KeysOf(KubernetesObject external)
    {
        var template = external.Spec["target"]["template"];
        if (template["templateFrom"].Items.Count > 0) return null;
        var keys = template["data"].Fields.Keys.ToHashSet();
        if (keys.Count > 0 && template["mergePolicy"].Text != "Merge") return keys;
        if (external.Spec["dataFrom"].Items.Count > 0) return null;
        keys.UnionWith(external.Spec["data"].Items.Select(item => item["secretKey"].Text));
        return keys;
    }
}
