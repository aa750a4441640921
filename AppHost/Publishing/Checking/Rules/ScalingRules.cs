namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Autoscalers: one for a workload that is there, and nobody else decides how many pods it has.</summary>
internal sealed class ScalingRules : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        var taken = new Dictionary<Workload, KubernetesObject>();
        foreach (var scaler in set.OfKind("HorizontalPodAutoscaler").Concat(set.OfKind("ScaledObject")))
        {
            var target = scaler.Spec["scaleTargetRef"];
            var kind = target["kind"].TextOrNull ?? "Deployment";
            if (set.FindWorkload(kind, scaler.Namespace, target["name"].Text) is not { } workload)
            {
                report.Add(scaler, target, $"there is no {kind} '{target["name"].Text}' in {scaler.Namespace}");
                continue;
            }

            if (target["apiVersion"].Exists && target["apiVersion"].Text != workload.Object.ApiVersion)
                report.Add(scaler, target["apiVersion"], $"{workload.Object} is of {workload.Object.ApiVersion}");
            if (!taken.TryAdd(workload, scaler)) report.Add(scaler, target, $"{taken[workload]} scales {workload.Object} too");
            if (workload.Object.Spec["replicas"].Exists)
                report.Add(workload.Object, workload.Object.Spec["replicas"], $"is decided by {scaler}: each rollout would reset it");
            CheckBounds(scaler, report);
        }

        foreach (var pool in set.OfKind("NodePool"))
        {
            var nodeClass = pool.Spec["template"]["spec"]["nodeClassRef"];
            if (nodeClass.Exists && set.FindCluster(nodeClass["kind"].Text, nodeClass["name"].Text) is null)
                report.Add(pool, nodeClass, $"there is no {nodeClass["kind"].Text} '{nodeClass["name"].Text}'");
        }
    }

    /// <summary>The fewest pods that run: what is written, or what the workload's autoscaler keeps.</summary>
    public static long FewestPods(Workload workload, ObjectSet set)
    {
        var scaler = set.OfKind("HorizontalPodAutoscaler").Concat(set.OfKind("ScaledObject")).FirstOrDefault(s =>
            s.Namespace == workload.Namespace && s.Spec["scaleTargetRef"]["name"].Text == workload.Name
            && (s.Spec["scaleTargetRef"]["kind"].TextOrNull ?? "Deployment") == workload.Object.Kind);
        if (scaler is null) return workload.Replicas ?? 1;
        return scaler.Kind == "ScaledObject" ? scaler.Spec["minReplicaCount"].Number ?? 0 : scaler.Spec["minReplicas"].Number ?? 1;
    }

    private static void CheckBounds(KubernetesObject scaler, Report report)
    {
        var (low, high) = scaler.Kind == "ScaledObject" ? ("minReplicaCount", "maxReplicaCount") : ("minReplicas", "maxReplicas");
        if (scaler.Spec[low].Number > scaler.Spec[high].Number) report.Add(scaler, scaler.Spec[low], $"is more than {high}");
    }
}
