namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>What goes wrong under any workload: volumes, machines, restarts, limits, certificates.</summary>
internal static class PlatformRules
{
    private const string Reco = "namespace=~\"recommendation|scylladb|monitoring|node-agents\"";

    public static RuleGroup Of() => new(
        "platform",
        [
            new Alert
            {
                Name = "VolumeFillingUp",
                Severity = Severity.Warning,
                For = "1h",
                // A volume that has just been filled by a restore rises steeply and ends: it must be more than half full as well.
                Expr = $"predict_linear(kubelet_volume_stats_available_bytes{{{Reco}}}[6h], 4 * 86400) < 0 and kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.5",
                Summary = "The volume {{ $labels.persistentvolumeclaim }} is full within four days",
                Description = "As it has filled in the last 6 hours, {{ $value | humanize1024 }}B will be left in four days (namespace {{ $labels.namespace }}).",
                Runbook = Volume,
            },
            new Alert
            {
                Name = "VolumeAlmostFull",
                Severity = Severity.Critical,
                For = "5m",
                Expr = $"kubelet_volume_stats_available_bytes{{{Reco}}} / kubelet_volume_stats_capacity_bytes < 0.05",
                Summary = "The volume {{ $labels.persistentvolumeclaim }} is almost full",
                Description = "{{ $value | humanizePercentage }} are left (namespace {{ $labels.namespace }}).",
                Runbook = Volume,
            },
            new Alert
            {
                Name = "AutoscalerAtMaximum",
                Severity = Severity.Warning,
                For = "15m",
                Expr = $"kube_horizontalpodautoscaler_status_current_replicas{{{Reco}}} >= kube_horizontalpodautoscaler_spec_max_replicas and kube_horizontalpodautoscaler_spec_max_replicas > kube_horizontalpodautoscaler_spec_min_replicas",
                Summary = "{{ $labels.horizontalpodautoscaler }} cannot grow any more",
                Description = "It has had its highest number of pods, {{ $value | humanize }}, for 15 minutes.",
                Runbook = new Runbook(
                    "The autoscaler wants more pods than it may start.",
                    "With more traffic answers become slow (HighLatency).",
                    ["kubectl -n recommendation describe hpa <name>", "query: sum(reco:http_requests:rate5m{job=\"gateway\"})", "kubectl get nodes -L recoaspire.io/pool"],
                    ["Real traffic: raise gateway.max_replicas in topology.yaml, publish, apply; see that the node pool can hold them.", "Not real: find the caller by the gateway's log and limit it at the CDN.", "A metric is missing: kubectl get --raw /apis/custom.metrics.k8s.io/v1beta1 | jq ."],
                    "The current number is below the highest for 15 minutes."),
            },
            new Alert
            {
                Name = "PodCrashLooping",
                Severity = Severity.Warning,
                For = "5m",
                Expr = $"max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{{reason=\"CrashLoopBackOff\",{Reco}}}[5m])) >= 1",
                Summary = "{{ $labels.pod }} starts and ends again and again",
                Description = "The container '{{ $labels.container }}' in {{ $labels.namespace }} is held back after repeated failures.",
                Runbook = new Runbook(
                    "A container ends soon after each start; the kubelet waits longer each time.",
                    "One pod less; a whole service if all of its pods do it.",
                    ["kubectl -n <namespace> logs <pod> -c <container> --previous | tail -50", "kubectl -n <namespace> describe pod <pod>"],
                    ["The log ends with a setting that cannot be read: compare the ConfigMap with the last publish.", "Last state OOMKilled: see ContainerOutOfMemory.", "After a rollout: kubectl -n <namespace> rollout undo <kind>/<name>"],
                    "The pod is ready and its restart count stays."),
            },
            new Alert
            {
                Name = "ContainerOutOfMemory",
                Severity = Severity.Warning,
                For = "0m",
                Expr = $"sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{{{Reco}}}[15m])) > 0 and max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{{reason=\"OOMKilled\"}}) == 1",
                Summary = "{{ $labels.pod }} was ended because it used more memory than it may",
                Description = "The container '{{ $labels.container }}' in {{ $labels.namespace }} was started again.",
                Runbook = new Runbook(
                    "The kernel ended a container at its memory limit.",
                    "A restart: requests of that pod are lost, its caches are cold.",
                    ["query: max_over_time(dotnet_process_memory_working_set_bytes{pod=\"<pod>\"}[1h])", "kubectl -n <namespace> describe pod <pod>"],
                    ["It grows without end: take a dump before the limit (dotnet-gcdump) and open a bug.", "It is a peak: raise memory_limit_mib of the workload in topology.yaml, publish, apply."],
                    "No restart for an hour."),
            },
            new Alert
            {
                Name = "WorkloadNotReady",
                Severity = Severity.Warning,
                For = "15m",
                Expr = $"""
                    (label_replace(kube_deployment_spec_replicas{Braced} - kube_deployment_status_replicas_ready{Braced}, "workload", "$1", "deployment", "(.+)") > 0)
                    or (label_replace(kube_statefulset_replicas{Braced} - kube_statefulset_status_replicas_ready{Braced}, "workload", "$1", "statefulset", "(.+)") > 0)
                    or (label_replace(kube_daemonset_status_desired_number_scheduled{Braced} - kube_daemonset_status_number_ready{Braced}, "workload", "$1", "daemonset", "(.+)") > 0)
                    """,
                Summary = "{{ $labels.workload }} has fewer pods than wanted",
                Description = "{{ $value | humanize }} pods in {{ $labels.namespace }} have not been ready for 15 minutes.",
                Runbook = new Runbook(
                    "Wanted and ready pods have differed for 15 minutes.",
                    "Less room for failures and load.",
                    ["kubectl -n <namespace> get pods -l app.kubernetes.io/name=<workload> -o wide", "kubectl -n <namespace> get events --sort-by=.lastTimestamp | tail -20"],
                    ["Pending: no machine fits; look at the node pool and the cluster autoscaler's log.", "Not ready: GET /health/ready says which dependency is missing.", "ImagePullBackOff: compare image and digest with topology.yaml."],
                    "Wanted and ready are equal."),
            },
            new Alert
            {
                Name = "CertificateExpiresSoon",
                Severity = Severity.Warning,
                For = "1h",
                Expr = "certmanager_certificate_expiration_timestamp_seconds - time() < 14 * 86400",
                Summary = "The certificate {{ $labels.name }} ends soon",
                Description = "{{ $value | humanizeDuration }} are left; cert-manager should have renewed it.",
                Runbook = new Runbook(
                    "cert-manager renews long before the end; it has not.",
                    "At its end apps or stores refuse each other.",
                    ["kubectl get certificates -A", "kubectl -n <exported namespace> describe certificate <name>", "kubectl -n cert-manager logs deploy/cert-manager --since=1h | grep <name>"],
                    ["The issuer is not ready: describe it; an ACME account may be blocked or the DNS challenge fail.", "Ask for a new one: cmctl renew <name> -n <namespace>"],
                    "kubectl get certificate shows READY True and a later end."),
            },
            new Alert
            {
                Name = "NodeNotReady",
                Severity = Severity.Warning,
                For = "10m",
                Expr = "kube_node_status_condition{condition=\"Ready\",status=\"true\"} == 0",
                Summary = "The machine {{ $labels.node }} is not ready",
                Description = "Its kubelet has not reported for 10 minutes.",
                Runbook = new Runbook(
                    "A machine is gone or its kubelet is.",
                    "Its pods are moved; those with volumes wait for the volume.",
                    ["kubectl describe node <node>", "kubectl get pods -A --field-selector spec.nodeName=<node>"],
                    ["The machine is gone: kubectl delete node <node>, so that volumes are released.", "It is there: restart its kubelet by the provider's console, or replace it."],
                    "kubectl get nodes shows it Ready, or it is away and its pods run elsewhere."),
            },
            new Alert
            {
                Name = "NodeDiskFillingUp",
                Severity = Severity.Warning,
                For = "30m",
                Expr = "node_filesystem_avail_bytes{mountpoint=\"/\",fstype!~\"tmpfs|overlay\"} / node_filesystem_size_bytes < 0.1",
                Summary = "The disk of {{ $labels.node }} is almost full",
                Description = "{{ $value | humanizePercentage }} are left.",
                Runbook = new Runbook(
                    "Images, logs or scratch space fill a machine's own disk.",
                    "The kubelet evicts pods when it is full.",
                    ["kubectl describe node <node> | grep -A5 Conditions", "kubectl get pods -A --field-selector spec.nodeName=<node>"],
                    ["Drain and replace the machine: kubectl drain <node> --ignore-daemonsets --delete-emptydir-data"],
                    "The share that is left is above 10 %."),
            },
        ],
        PlatformRuleTests.All);

    private static string Braced => $"{{{Reco}}}";

    private static Runbook Volume { get; } = new(
        "A claim's file system fills.",
        "A full store refuses writes; the log refuses events, which apps then keep and send again.",
        ["query: kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes", "kubectl -n <namespace> get pvc <claim>"],
        [
            "Grow it (the storage classes allow it): raise storage_gib of the workload in topology.yaml, publish; then kubectl -n <namespace> patch pvc <claim> -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"<size>Gi\"}}}}'",
            "A StatefulSet's template cannot be changed: kubectl delete statefulset <name> --cascade=orphan, then apply.",
            "Prometheus: shorten its retention. Qdrant: delete old snapshots.",
        ],
        "The share that is left is above 20 % and the forecast is above 0.");
}
