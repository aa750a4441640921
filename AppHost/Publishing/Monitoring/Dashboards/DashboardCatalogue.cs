using RecoAspire.Topology;
using static RecoAspire.Publishing.Monitoring.Dashboards.Dashboard;

namespace RecoAspire.Publishing.Monitoring.Dashboards;

/// <summary>All dashboards. Those on promises, regions and cost read recorded series only, so that they work over all regions.</summary>
internal static class DashboardCatalogue
{
    private static readonly string[] ShownWindows = ["5m", "1h", "6h", "3d"];

    public static IReadOnlyList<Dashboard> All(DeploymentTopology topology) =>
        [Overview(topology), Regions(topology), Slo(topology.Slo), VectorSearch(topology), Gpu(), Cost(topology)];

    private static Dashboard Overview(DeploymentTopology topology) => new("reco-overview", "RecoAspire: overview",
        new Row("Promises",
            new Panel("Error budget left", "percentunit", new Query($"min by (region) (reco:error_budget:remaining_ratio{{{InRegion}}})", "{{region}}")) { Type = PanelType.Stat, Limit = 0.25, LimitIsFloor = true },
            new Panel("Alerts that fire", "short", new Query($"sum by (severity) (max by (region, alertname, severity, service, store) (ALERTS{{alertstate=\"firing\",severity!=\"none\",{InRegion}}}))", "{{severity}}")) { Type = PanelType.Stat, Limit = 1 },
            new Panel("Targets up", "percentunit", new Query($"avg by (job) (up{{{InRegion}}})", "{{job}}")) { Limit = 1, LimitIsFloor = true }),
        new Row("API: rate, errors, duration",
            new Panel("Requests", "reqps", new Query($"max by (region, job) (reco:http_requests:rate5m{{{InRegion}}})", "{{region}} {{job}}")),
            new Panel("Share of errors", "percentunit", new Query($"max by (region) (reco:api_errors:ratio_rate5m{{{InRegion}}})", "{{region}}")) { Limit = topology.Slo.ErrorRate },
            new Panel("p99 of recommendations", "s", new Query($"max by (region, variant) (reco:recommendation_latency_seconds:p99_5m{{{InRegion}}})", "{{region}} {{variant}}")) { Limit = topology.Slo.LatencyP99Seconds },
            new Panel("Recommendations by variant", "reqps", new Query($"sum by (variant) (rate(recommendations_total{{{InRegion}}}[$__rate_interval]))", "{{variant}}")),
            new Panel("Events taken", "cps", new Query($"sum by (kind) (rate(events_ingested_total{{{InRegion}}}[$__rate_interval]))", "{{kind}}")),
            new Panel("Requests in flight", "short", new Query($"sum by (job) (http_server_active_requests{{{InRegion}}})", "{{job}}"))),
        new Row("Dependencies",
            new Panel("Answers without a dependency", "percentunit", new Query($"max by (region, dependency) (reco:degraded_answers:ratio_rate5m{{{InRegion}}})", "{{region}} {{dependency}}")) { Limit = 0.1 },
            new Panel("p99 by service", "s", new Query($"histogram_quantile(0.99, sum by (le, job) (rate(http_server_request_duration_seconds_bucket{{job=~\"graph|profile|embedding|vectorsearch|eventlog\",http_route!~\"/health.*|/metrics|.*/(Subscribe|Watch)\",{InRegion}}}[$__rate_interval])))", "{{job}}")),
            new Panel("Cache hit rate", "percentunit", new Query($"max by (region, cache) (reco:cache_hits:ratio_rate10m{{{InRegion}}})", "{{region}} {{cache}}")) { Limit = topology.Slo.CacheHitRate, LimitIsFloor = true },
            new Panel("Graph queries, p99", "s", new Query($"max by (region) (reco:graph_query_seconds:p99_5m{{{InRegion}}})", "{{region}}")) { Limit = topology.Neo4j.ScaleUpMs / 1000.0 },
            new Panel("Log: commit, p99", "s", new Query($"histogram_quantile(0.99, sum by (le) (rate(eventlog_commit_seconds_bucket{{{InRegion}}}[$__rate_interval])))", "commit")),
            new Panel("Log: writes that wait, records taken", "short", new Query($"sum(eventlog_queue_writes{{{InRegion}}})", "waiting"), new Query($"sum by (topic) (rate(eventlog_appended_records_total{{{InRegion}}}[$__rate_interval]))", "{{topic}}/s"))),
        new Row("Lag",
            new Panel("Records behind the log", "short", new Query($"max by (job, view, topic) (view_lag_records{{{InRegion}}})", "{{job}} {{view}} {{topic}}")),
            new Panel("Age of a record when it is applied, p99", "s", new Query($"histogram_quantile(0.99, sum by (le, view) (rate(view_freshness_seconds_bucket{{{InRegion}}}[$__rate_interval])))", "{{view}}")),
            new Panel("Kafka lag", "short", new Query($"sum by (consumergroup, topic) (kafka_consumergroup_lag{{{InRegion}}})", "{{consumergroup}} {{topic}}"))),
        new Row("Saturation and scaling",
            new Panel("Pods and their maximum", "short",
                new Query($"max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{{{InRegion}}})", "{{horizontalpodautoscaler}}"),
                new Query($"max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{{{InRegion}}})", "{{horizontalpodautoscaler}} maximum")),
            new Panel("CPU by service", "short", new Query($"sum by (job) (rate(dotnet_process_cpu_time_seconds_total{{{InRegion}}}[$__rate_interval]))", "{{job}}")),
            new Panel("Memory by service, largest pod", "bytes", new Query($"max by (job) (dotnet_process_memory_working_set_bytes{{{InRegion}}})", "{{job}}")),
            new Panel("Share of time in garbage collection", "percentunit", new Query($"max by (job) (rate(dotnet_gc_pause_time_seconds_total{{{InRegion}}}[$__rate_interval]))", "{{job}}")) { Limit = 0.1 },
            new Panel("Volumes: share that is free", "percentunit", new Query($"min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{{{InRegion}}} / kubelet_volume_stats_capacity_bytes)", "{{persistentvolumeclaim}}")) { Limit = 0.05, LimitIsFloor = true },
            new Panel("Memory of the cache", "percentunit", new Query($"max(redis_memory_used_bytes{{{InRegion}}} / (redis_memory_max_bytes > 0))", "used"))),
        new Row("Backups",
            new Panel("Age of the last success", "s", new Query($"time() - max by (cronjob) (kube_cronjob_status_last_successful_time{{{InRegion}}})", "{{cronjob}}")) { Type = PanelType.Table },
            new Panel("Failed jobs", "short", new Query($"sum by (job_name) (kube_job_status_failed{{{InRegion}}} > 0)", "{{job_name}}")) { Type = PanelType.Table }));

    private static Dashboard Regions(DeploymentTopology topology) => new("reco-regions", "RecoAspire: regions",
        new Row("Side by side (data source: All regions)",
            new Panel("Requests", "reqps", new Query($"max by (region) (reco:api_requests:rate5m{{{InRegion}}})", "{{region}}")),
            new Panel("Share of errors", "percentunit", new Query($"max by (region) (reco:api_errors:ratio_rate5m{{{InRegion}}})", "{{region}}")) { Limit = topology.Slo.ErrorRate },
            new Panel("p99 of recommendations", "s", new Query($"max by (region) (reco:recommendation_latency_seconds:p99_5m{{{InRegion}}})", "{{region}}")) { Limit = topology.Slo.LatencyP99Seconds },
            new Panel("Error budget left", "percentunit", new Query($"min by (region) (reco:error_budget:remaining_ratio{{{InRegion}}})", "{{region}}")) { Type = PanelType.Stat, Limit = 0.25, LimitIsFloor = true },
            new Panel("Cost a month", "currencyUSD", new Query($"max by (region) (total_monthly_cost_usd{{{InRegion}}})", "{{region}}")) { Type = PanelType.Stat },
            new Panel("Alerts that fire", "short", new Query($"max by (region, alertname, severity) (ALERTS{{alertstate=\"firing\",severity!=\"none\",{InRegion}}})", "{{region}} {{alertname}}")) { Type = PanelType.Table }),
        new Row("Replication",
            [.. topology.Replication.Select(store => new Panel($"Lag of {store.Key}", "s", new Query($"max by (from, to) (replication_lag_seconds{{store=\"{store.Key}\",{InRegion}}})", "{{from}} to {{to}}")) { Limit = store.Value.LagTargetSeconds })]));

    private static Dashboard Slo(ServiceLevels slo) => new("reco-slo", "RecoAspire: promises",
        new Row($"Availability: {slo.WindowDays} days",
            new Panel("Error budget left", "percentunit", new Query($"min by (region) (reco:error_budget:remaining_ratio{{{InRegion}}})", "{{region}}")) { Type = PanelType.Gauge, Limit = 0.25, LimitIsFloor = true },
            new Panel("Share of errors by window", "percentunit", [.. Windows("reco:api_errors")]) { Limit = slo.ErrorRate },
            new Panel("Burn rate (1 = lasts exactly its window)", "short", [.. Windows("reco:api_errors", $" / {Rules.SloRules.Number(Math.Round(1 - slo.Availability, 9))}")]) { Limit = 14.4 }),
        new Row("Latency",
            new Panel("p99", "s", new Query($"max by (region, variant) (reco:recommendation_latency_seconds:p99_5m{{{InRegion}}})", "{{region}} {{variant}}")) { Limit = slo.LatencyP99Seconds },
            new Panel("Share of slow answers by window", "percentunit", [.. Windows("reco:slow_recommendations")]) { Limit = 0.01 },
            new Panel("Burn rate", "short", [.. Windows("reco:slow_recommendations", " / 0.01")]) { Limit = 14.4 }),
        new Row("Throughput and quality",
            new Panel("Requests, of the promised peak", "percentunit", new Query($"sum(max by (region) (reco:api_requests:rate5m{{{InRegion}}})) / {Rules.SloRules.Number(slo.PeakRequestsPerSecond)}", "of peak")),
            new Panel("Recall of vector search", "percentunit", new Query($"min by (space) (vector_search_recall{{{InRegion}}})", "{{space}}")) { Limit = slo.Recall, LimitIsFloor = true },
            new Panel("Cache hit rate", "percentunit", new Query($"max by (region, cache) (reco:cache_hits:ratio_rate10m{{{InRegion}}})", "{{region}} {{cache}}")) { Limit = slo.CacheHitRate, LimitIsFloor = true }));

    private static IEnumerable<Query> Windows(string metric, string suffix = "") =>
        ShownWindows.Select(window => new Query($"max by (region) ({metric}:ratio_rate{window}{{{InRegion}}}){suffix}", $"{{{{region}}}} {window}"));

    private static Dashboard VectorSearch(DeploymentTopology topology) => new("reco-vector-search", "RecoAspire: vector search",
        new Row("Queries",
            new Panel("p99 by space", "s", new Query($"max by (region, space) (reco:vector_search_latency_seconds:p99_5m{{{InRegion}}})", "{{region}} {{space}}")),
            new Panel("Median by space", "s", new Query($"histogram_quantile(0.5, sum by (le, space) (rate(vector_search_latency_seconds_bucket{{{InRegion}}}[$__rate_interval])))", "{{space}}")),
            new Panel("Queries by space", "reqps", new Query($"sum by (space) (rate(vector_search_latency_seconds_count{{{InRegion}}}[$__rate_interval]))", "{{space}}")),
            new Panel("Recall", "percentunit", new Query($"min by (space) (vector_search_recall{{{InRegion}}})", "{{space}}")) { Limit = topology.Slo.Recall, LimitIsFloor = true },
            new Panel("Vectors behind the log", "short", new Query($"max by (topic) (view_lag_records{{job=\"vectorsearch\",{InRegion}}})", "{{topic}}")),
            new Panel("Replication lag", "s", new Query($"max by (from, to) (replication_lag_seconds{{store=\"vector_db\",{InRegion}}})", "{{from}} to {{to}}")) { Limit = topology.Replication.TryGetValue("vector_db", out var lag) ? lag.LagTargetSeconds : null }),
        new Row("Qdrant",
            new Panel("Nodes ready and wanted", "short",
                new Query($"sum(kube_statefulset_status_replicas_ready{{statefulset=\"qdrant\",{InRegion}}})", "ready"), new Query($"sum(kube_statefulset_replicas{{statefulset=\"qdrant\",{InRegion}}})", "wanted")),
            new Panel("Dead copies of shards", "short", new Query($"sum by (id) (collection_dead_replicas{{{InRegion}}})", "{{id}}")) { Limit = 1 },
            new Panel("Points", "short", new Query($"sum by (id) (collection_points{{{InRegion}}})", "{{id}}")),
            new Panel("Resident memory by node", "bytes", new Query($"memory_resident_bytes{{job=\"qdrant\",{InRegion}}}", "{{pod}}")),
            new Panel("Requests", "reqps", new Query($"sum by (endpoint) (rate(grpc_responses_total{{job=\"qdrant\",{InRegion}}}[$__rate_interval]))", "{{endpoint}}")),
            new Panel("Operations of consensus that wait", "short", new Query($"max by (pod) (cluster_pending_operations_total{{{InRegion}}})", "{{pod}}")) { Limit = 10 }));

    private static Dashboard Gpu() => new("reco-gpu", "RecoAspire: GPUs",
        new Row("GPUs",
            new Panel("Utilisation by GPU", "percent", new Query($"max by (node, gpu_id) (gpu_utilization_percent{{{InRegion}}})", "{{node}} {{gpu_id}}")),
            new Panel("Memory in use", "decmbytes", new Query($"max by (node, UUID) (DCGM_FI_DEV_FB_USED{{{InRegion}}})", "{{node}} {{UUID}}")),
            new Panel("Temperature", "celsius", new Query($"max by (node, UUID) (DCGM_FI_DEV_GPU_TEMP{{{InRegion}}})", "{{node}} {{UUID}}")) { Limit = 85 },
            new Panel("Power", "watt", new Query($"sum by (node) (DCGM_FI_DEV_POWER_USAGE{{{InRegion}}})", "{{node}}")),
            new Panel("GPUs announced and seen", "short",
                new Query($"sum(kube_node_status_capacity{{resource=\"nvidia_com_gpu\",{InRegion}}})", "announced"), new Query($"count(max by (gpu_id) (gpu_utilization_percent{{{InRegion}}}))", "seen")),
            new Panel("Errors (XID)", "short", new Query($"max by (node, UUID) (DCGM_FI_DEV_XID_ERRORS{{{InRegion}}})", "{{node}} {{UUID}}")) { Limit = 1 }),
        new Row("Embedding",
            new Panel("Records that wait", "short", new Query($"max by (topic) (view_lag_records{{job=\"embedding\",{InRegion}}})", "{{topic}}")),
            new Panel("Workers", "short", new Query($"max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{{horizontalpodautoscaler=\"embedding\",{InRegion}}})", "workers")),
            new Panel("Time of a training", "s", new Query($"sum(rate(training_seconds_sum{{{InRegion}}}[6h])) / sum(rate(training_seconds_count{{{InRegion}}}[6h]))", "mean")),
            new Panel("Fold-in of a viewer, p99", "s", new Query($"histogram_quantile(0.99, sum by (le) (rate(fold_in_seconds_bucket{{{InRegion}}}[$__rate_interval])))", "p99"))));

    private static Dashboard Cost(DeploymentTopology topology) => new("reco-cost", "RecoAspire: cost",
        new Row("Now",
            new Panel("A month at this rate", "currencyUSD", new Query($"sum(max by (region) (total_monthly_cost_usd{{{InRegion}}}))", "all")) { Type = PanelType.Stat, Limit = PlannedTotal(topology) * 1.2 },
            new Panel("By region", "currencyUSD", new Query($"max by (region) (total_monthly_cost_usd{{{InRegion}}})", "{{region}}")),
            new Panel("Cost of a million requests", "currencyUSD",
                new Query($"sum(max by (region) (total_monthly_cost_usd{{{InRegion}}})) / {topology.Prices.HoursPerMonth} / 3600 / (sum(max by (region) (reco:api_requests:rate5m{{{InRegion}}})) > 0) * 1000000", "per million"))),
        new Row("By kind",
            new Panel("Compute, an hour", "currencyUSD", new Query($"max by (region, service) (compute_cost_usd_per_hour{{{InRegion}}})", "{{region}} {{service}}")),
            new Panel("Storage, a month", "currencyUSD", new Query($"max by (region, storage_type) (storage_cost_usd_per_month{{{InRegion}}})", "{{region}} {{storage_type}}")),
            new Panel("Network, a month", "currencyUSD", new Query($"max by (region, network_type) (network_cost_usd_per_month{{{InRegion}}})", "{{region}} {{network_type}}"))));

    private static double PlannedTotal(DeploymentTopology topology) => Math.Round(topology.Regions.Sum(r => Rules.CostRules.Planned(topology, r)));
}
