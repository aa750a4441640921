namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>What to do when promises to viewers break.</summary>
internal static class SloRunbooks
{
    public static Runbook Errors { get; } = new(
        "The API answers so many requests with 5xx that the month's error budget will not last. The label `window` says over which time: 1h and 6h wake somebody, 1d and 3d can wait for the day.",
        "Viewers' apps show no recommendations, or old ones.",
        [
            "query: sum by (http_route, http_response_status_code) (rate(http_server_request_duration_seconds_count{job=\"gateway\",http_response_status_code=~\"5..\"}[5m]))",
            "query: sum by (dependency) (rate(recommendations_degraded_total[5m]))",
            "kubectl -n recommendation get pods -l app.kubernetes.io/name=gateway -o wide",
            "kubectl -n recommendation logs -l app.kubernetes.io/name=gateway --since=10m --prefix | grep -E 'fail|error' | tail -50",
            "kubectl -n recommendation rollout history deployment/gateway",
        ],
        [
            "Began with a rollout: kubectl -n recommendation rollout undo deployment/gateway",
            "503 from all pods: the log is out of reach; see ServiceDown of eventlog and StoreDown of kafka.",
            "Errors in one zone only: kubectl cordon its nodes, delete the pods there.",
            "The autoscaler is at its maximum: see AutoscalerAtMaximum.",
        ],
        "reco:api_errors:ratio_rate5m is below 0.001, and the alert's short window has passed.");

    public static Runbook Latency { get; } = new(
        "More than one recommendation in a hundred takes longer than promised. HighLatency names the variant; LatencyBudgetBurn says over which window.",
        "Apps' start pages fill late; apps with short timeouts show their own fallback.",
        [
            "query: reco:recommendation_latency_seconds:p99_5m",
            "query: histogram_quantile(0.99, sum by (le, space) (rate(vector_search_latency_seconds_bucket[5m])))",
            "query: histogram_quantile(0.99, sum by (le, job) (rate(http_server_request_duration_seconds_bucket{job=~\"graph|profile|embedding|vectorsearch\"}[5m])))",
            "query: sum by (pod) (rate(dotnet_gc_pause_time_seconds_total{job=\"gateway\"}[5m]))",
            "kubectl -n recommendation top pods -l app.kubernetes.io/name=gateway",
        ],
        [
            "One dependency is slow: follow its runbook (GraphQueriesSlow, VectorReplicasDead, StoreDown).",
            "All pods are busy: kubectl -n recommendation get hpa gateway, then AutoscalerAtMaximum.",
            "Pauses of the garbage collector above 10 %: compare memory with the limit; raise workloads.gateway.memory_limit_mib in topology.yaml and publish again.",
        ],
        "reco:recommendation_latency_seconds:p99_5m is below the promise for all variants for 15 minutes.");
}
