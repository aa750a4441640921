namespace RecoAspire.Publishing.Monitoring;

/// <summary>
/// Names that may stand in rules, dashboards and the adapter. Ours are compared with what the running services export; those of others
/// are written from their documentation as known, and were not seen running here.
/// </summary>
public static class ExportedMetrics
{
    /// <summary>Metrics of our own services at <c>/metrics</c>; a histogram by its name without <c>_bucket</c>, <c>_count</c>, <c>_sum</c>.</summary>
    public static IReadOnlyList<string> Own { get; } =
    [
        "cache_hits_total", "cache_misses_total",
        "dotnet_gc_pause_time_seconds_total", "dotnet_process_cpu_time_seconds_total", "dotnet_process_memory_working_set_bytes",
        "eventlog_appended_records_total", "eventlog_commit_seconds", "eventlog_queue_writes", "events_ingested_total",
        "fold_in_seconds",
        "http_server_active_requests", "http_server_request_duration_seconds",
        "recommendation_latency_seconds", "recommendations_degraded_total", "recommendations_total",
        "replication_lag_seconds",
        "training_seconds",
        "vector_search_latency_seconds", "vector_search_recall",
        "view_freshness_seconds", "view_lag_records", "view_rejected_records_total",
    ];

    /// <summary>Of <see cref="Own"/>: appear only once something has gone wrong.</summary>
    public static IReadOnlyList<string> OnlyAfterFaults { get; } = ["recommendations_degraded_total", "view_rejected_records_total"];

    /// <summary>Written by a job and not by a service.</summary>
    public static IReadOnlyList<string> OfJobs { get; } = ["reco_backup_last_success_timestamp_seconds"];

    /// <summary>Metrics of others, by exporter.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Others { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["prometheus"] =
        [
            "up", "ALERTS", "prometheus_config_last_reload_successful", "prometheus_rule_evaluation_failures_total", "prometheus_notifications_alertmanagers_discovered",
            "prometheus_notifications_dropped_total", "prometheus_remote_storage_highest_timestamp_in_seconds", "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
        ],
        ["alertmanager"] = ["alertmanager_config_last_reload_successful", "alertmanager_notifications_total", "alertmanager_notifications_failed_total"],
        ["kube-state-metrics"] =
        [
            "kube_cronjob_created", "kube_cronjob_status_last_successful_time", "kube_job_status_failed",
            "kube_daemonset_status_desired_number_scheduled", "kube_daemonset_status_number_ready",
            "kube_deployment_spec_replicas", "kube_deployment_status_replicas", "kube_deployment_status_replicas_ready",
            "kube_horizontalpodautoscaler_spec_max_replicas", "kube_horizontalpodautoscaler_spec_min_replicas", "kube_horizontalpodautoscaler_status_current_replicas",
            "kube_node_status_capacity", "kube_node_status_condition",
            "kube_pod_container_status_last_terminated_reason", "kube_pod_container_status_restarts_total", "kube_pod_container_status_waiting_reason",
            "kube_statefulset_replicas", "kube_statefulset_status_replicas", "kube_statefulset_status_replicas_ready",
        ],
        ["kubelet"] = ["kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"],
        ["node-exporter"] = ["node_filesystem_avail_bytes", "node_filesystem_size_bytes"],
        ["dcgm-exporter"] = ["DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_FB_USED", "DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_XID_ERRORS"],
        ["qdrant"] = ["collection_dead_replicas", "collection_points", "cluster_pending_operations_total", "grpc_responses_total", "memory_resident_bytes"],
        ["kafka-exporter"] = ["kafka_consumergroup_lag", "kafka_topic_partition_under_replicated_partition"],
        ["redis_exporter"] = ["redis_memory_used_bytes", "redis_memory_max_bytes"],
        ["scylla-manager"] = ["scylla_manager_scheduler_last_success"],
        ["cert-manager"] = ["certmanager_certificate_expiration_timestamp_seconds"],
    };
}
