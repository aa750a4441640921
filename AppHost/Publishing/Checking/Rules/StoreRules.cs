namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Where secrets and backups are kept: the store that an object names is in the set.</summary>
internal sealed class StoreRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var external in set.OfKind("ExternalSecret"))
        {
            var data = external.Spec["data"].Items.Concat(external.Spec["dataFrom"].Items);
            var references = data.Select(item => item["sourceRef"]["storeRef"]).Where(reference => reference.Exists).ToList();
            if (external.Spec["secretStoreRef"].Exists || references.Count == 0) references.Add(external.Spec["secretStoreRef"]);
            foreach (var reference in references) CheckStore(external, reference, set, report);
        }

        foreach (var backup in set.OfKind("Backup")) CheckLocation(backup, backup.Spec["storageLocation"], set, report);
        foreach (var schedule in set.OfKind("Schedule")) CheckLocation(schedule, schedule.Spec["template"]["storageLocation"], set, report);
    }

    private static void CheckStore(KubernetesObject external, YamlNode reference, ObjectSet set, Report report)
    {
        var kind = reference["kind"].TextOrNull ?? "SecretStore";
        var store = kind == "ClusterSecretStore" ? set.FindCluster(kind, reference["name"].Text) : set.Find(kind, external.Namespace, reference["name"].Text);
        if (store is null) report.Add(external, reference["name"], $"there is no {kind} '{reference["name"].Text}'");
    }

    private static void CheckLocation(KubernetesObject o, YamlNode location, ObjectSet set, Report report)
    {
        if (location.Exists && set.Find("BackupStorageLocation", o.Namespace, location.Text) is null)
            report.Add(o, location, $"there is no BackupStorageLocation '{location.Text}' in {o.Namespace}");
    }
}
