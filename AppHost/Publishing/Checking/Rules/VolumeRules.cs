namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>What is mounted is declared, what is declared is mounted, and disks come from a class of the set.</summary>
internal sealed class VolumeRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var workload in set.Workloads)
        {
            CheckMounts(workload, report);
            foreach (var claim in workload.Pod["volumes"].Items.Select(volume => volume["persistentVolumeClaim"]["claimName"]).Where(claim => claim.Exists))
                if (set.Find("PersistentVolumeClaim", workload.Namespace, claim.Text) is null)
                    report.Add(workload.Object, claim, $"there is no PersistentVolumeClaim '{claim.Text}' in {workload.Namespace}");
            foreach (var template in workload.Object.Spec["volumeClaimTemplates"].Items) CheckClass(workload.Object, template["spec"], set, report);
            foreach (var volume in workload.Pod["volumes"].Items.Where(volume => volume["ephemeral"].Exists))
                CheckClass(workload.Object, volume["ephemeral"]["volumeClaimTemplate"]["spec"], set, report);
        }

        foreach (var claim in set.OfKind("PersistentVolumeClaim")) CheckClass(claim, claim.Spec, set, report);
        foreach (var snapshot in set.OfKind("VolumeSnapshot")) CheckSnapshot(snapshot, set, report);
    }

    private static void CheckMounts(Workload workload, Report report)
    {
        var templates = workload.Object.Spec["volumeClaimTemplates"].Items.Select(template => template["metadata"]["name"]);
        var volumes = new Dictionary<string, YamlNode>();
        foreach (var name in workload.Pod["volumes"].Items.Select(volume => volume["name"]).Concat(templates))
            if (!volumes.TryAdd(name.Text, name)) report.Add(workload.Object, name, $"two volumes are called '{name.Text}'");
        var mounted = new HashSet<string>();
        foreach (var container in workload.AllContainers)
        {
            foreach (var mount in container["volumeMounts"].Items)
            {
                mounted.Add(mount["name"].Text);
                if (!volumes.ContainsKey(mount["name"].Text)) report.Add(workload.Object, mount["name"], $"there is no volume '{mount["name"].Text}'");
            }

            foreach (var device in container["volumeDevices"].Items)
            {
                mounted.Add(device["name"].Text);
                if (!volumes.ContainsKey(device["name"].Text)) report.Add(workload.Object, device["name"], $"there is no volume '{device["name"].Text}'");
            }

            foreach (var path in container["volumeMounts"].Items.Select(mount => mount["mountPath"]).GroupBy(path => path.Text.TrimEnd('/')).Where(group => group.Count() > 1))
                report.Add(workload.Object, path.Last(), $"two volumes are mounted at {path.Key}");
        }

        foreach (var (name, node) in volumes.Where(volume => !mounted.Contains(volume.Key))) report.Add(workload.Object, node, $"the volume '{name}' is mounted nowhere");
    }

    private static void CheckClass(KubernetesObject o, YamlNode claim, ObjectSet set, Report report)
    {
        var name = claim["storageClassName"];
        if (!name.Exists || name.Text.Length == 0) report.Add(o, name, "names no StorageClass: the disk would be of whatever class a cluster has as its default");
        else if (set.FindCluster("StorageClass", name.Text) is null) report.Add(o, name, $"there is no StorageClass '{name.Text}'");
    }

    private static void CheckSnapshot(KubernetesObject snapshot, ObjectSet set, Report report)
    {
        var name = snapshot.Spec["volumeSnapshotClassName"];
        if (set.FindCluster("VolumeSnapshotClass", name.Text) is null) report.Add(snapshot, name, $"there is no VolumeSnapshotClass '{name.Text}'");
    }
}
