using RecoAspire.Topology;
using static RecoAspire.Publishing.Monitoring.Rules.SloRules;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>What shows early that answers become worse, before a promise breaks.</summary>
internal static class ServingRules
{
    private const double CacheFloorPerSecond = 1;
    private const double DegradedShare = 0.1;

    public static RuleGroup Of(DeploymentTopology topology) => new(
        "serving",
        [
            new Recording
            {
                Record = "reco:cache_requests:rate10m",
                Expr = "sum by (cache) (rate(cache_hits_total[10m])) + sum by (cache) (rate(cache_misses_total[10m]))",
            },
            new Recording
            {
                Record = "reco:cache_hits:ratio_rate10m",
                // Hits and misses of all pods, then divided: a pod that has just started has few hits and says nothing.
                Expr = "sum by (cache) (rate(cache_hits_total[10m])) / (reco:cache_requests:rate10m > 0)",
            },
            new Recording
            {
                Record = "reco:degraded_answers:ratio_rate5m",
                Expr = "sum by (dependency) (rate(recommendations_degraded_total[5m])) / on () group_left () (sum(rate(recommendations_total[5m])) > 0)",
            },
            new Recording { Record = "reco:vector_search_latency_seconds:p99_5m", Expr = "histogram_quantile(0.99, sum by (le, space) (rate(vector_search_latency_seconds_bucket[5m])))" },
            new Recording
            {
                Record = "reco:graph_query_seconds:p99_5m",
                Expr = "histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket{job=\"graph\",http_route=~\"/reco[.]graph[.].*\"}[5m])))",
            },
            new Alert
            {
                Name = "LowCacheHitRate",
                Severity = Severity.Warning,
                For = "10m",
                Expr = $"reco:cache_hits:ratio_rate10m < {Number(topology.Slo.CacheHitRate)} and reco:cache_requests:rate10m > {Number(CacheFloorPerSecond)}",
                Summary = "The cache '{{ $labels.cache }}' answers too little",
                Description = $"{{{{ $value | humanizePercentage }}}} of what is asked for is in the cache; the target is {Percent(topology.Slo.CacheHitRate)}.",
                Runbook = new Runbook(
                    "Of what the gateways look up, less than the target is there. At less than a request a second nothing is said.",
                    "More work for the embedding service, longer answers; no wrong ones.",
                    ["query: reco:cache_hits:ratio_rate10m", "query: redis_memory_used_bytes / redis_memory_max_bytes", "query: rate(redis_evicted_keys_total[10m])", "kubectl -n recommendation get pods -l app.kubernetes.io/name=cache"],
                    ["Evictions: the cache is too small; raise workloads.cache in topology.yaml and publish.", "The cache was restarted: it fills by itself within its lifetime of entries.", "Neither: the queries have changed (a campaign, a crawler); look at the gateway's routes by rate."],
                    "reco:cache_hits:ratio_rate10m is above the target for 10 minutes."),
            },
            new Alert
            {
                Name = "RecommendationsDegraded",
                Severity = Severity.Warning,
                For = "5m",
                Expr = $"reco:degraded_answers:ratio_rate5m > {Number(DegradedShare)}",
                Summary = "Recommendations are given without '{{ $labels.dependency }}'",
                Description = "{{ $value | humanizePercentage }} of the answers go without it.",
                Runbook = new Runbook(
                    "The gateway answers, but leaves a dependency out because it fails or is too slow.",
                    "Answers are less personal; none is missing.",
                    ["query: sum by (dependency) (rate(recommendations_degraded_total[5m]))", "kubectl -n recommendation get pods -l app.kubernetes.io/name=<dependency> -o wide", "kubectl -n recommendation logs -l app.kubernetes.io/name=<dependency> --since=10m --prefix | tail -50"],
                    ["Pods not ready: see ServiceDown or WorkloadNotReady.", "Pods ready but slow: see the dashboard 'Overview', row 'Dependencies', and scale the service.", "A region without a graph degrades by design and is not counted."],
                    "reco:degraded_answers:ratio_rate5m falls below 0.1."),
            },
            new Alert
            {
                Name = "GraphQueriesSlow",
                Severity = Severity.Warning,
                For = "10m",
                Expr = $"reco:graph_query_seconds:p99_5m > {Number(topology.Neo4j.ScaleUpMs / 1000.0)}",
                Summary = "Graph queries are slower than the graph database may be",
                Description = $"The 99th percentile is {{{{ $value | humanizeDuration }}}}; above {topology.Neo4j.ScaleUpMs} ms a reader more is due.",
                Runbook = new Runbook(
                    $"Queries to the graph service take longer than {topology.Neo4j.ScaleUpMs} ms. No autoscaler adds Neo4j servers: a person decides.",
                    "Recommendations without the graph's part (RecommendationsDegraded) or slower ones (HighLatency).",
                    ["query: reco:graph_query_seconds:p99_5m", "kubectl -n recommendation top pods -l app.kubernetes.io/name=neo4j", "kubectl -n recommendation exec neo4j-primary-0 -- cypher-shell -a bolt://localhost:7687 'SHOW TRANSACTIONS'"],
                    ["One query is to blame: end it with TERMINATE TRANSACTION.", "All are slow: raise graph_secondaries of the region in topology.yaml by one, publish, apply k8s/regions/<region>.", $"Wait {topology.Neo4j.CooldownSeconds} s before another one."],
                    $"reco:graph_query_seconds:p99_5m is below {topology.Neo4j.P99TargetMs} ms."),
            },
            new Alert
            {
                Name = "RecallLow",
                Severity = Severity.Warning,
                For = "30m",
                Expr = $"min by (space) (vector_search_recall) < {Number(topology.Slo.Recall)}",
                Summary = "Vector search in '{{ $labels.space }}' misses neighbours",
                Description = $"Sampled queries find {{{{ $value | humanizePercentage }}}} of the true ten best; promised are {Percent(topology.Slo.Recall)}.",
                Runbook = new Runbook(
                    "Sampled queries are computed exactly as well: the index finds too few of the true neighbours.",
                    "Recommendations are worse without any error being seen.",
                    ["query: min by (space, pod) (vector_search_recall)", "query: sum(collection_dead_replicas) by (id)", "kubectl -n recommendation exec qdrant-0 -- printenv | grep QDRANT__"],
                    ["One pod: delete it; it loads its vectors again.", "All pods since a new model: compare the space's dimension and count in /api/status with the previous model, go back to it.", "Since a change of quantisation: raise hnsw ef or rescoring, or qdrant.quantile in topology.yaml, publish, run the collections Job."],
                    "vector_search_recall is above the promise for all spaces; a sample comes at most once a minute."),
            },
        ],
        [
            new RuleTest("4 of 10 are in one cache, 9 of 10 in the other; a third has hardly any traffic")
                .Given(Cache("hits", "query-vector", "a"), "0+2400x30").Given(Cache("misses", "query-vector", "a"), "0+3600x30")
                .Given(Cache("hits", "sessions", "a"), "0+5400x30").Given(Cache("misses", "sessions", "a"), "0+600x30")
                .Given(Cache("hits", "rare", "a"), "0+1x30").Given(Cache("misses", "rare", "a"), "0+9x30")
                .Gives("20m", "round(reco:cache_requests:rate10m, 0.01)", ("{cache=\"query-vector\"}", 100), ("{cache=\"sessions\"}", 100), ("{cache=\"rare\"}", 0.17))
                .Gives("20m", "round(reco:cache_hits:ratio_rate10m, 0.01)", ("{cache=\"query-vector\"}", 0.4), ("{cache=\"sessions\"}", 0.9), ("{cache=\"rare\"}", 0.1))
                .Quiet("5m", "LowCacheHitRate")
                .Fires("20m", "LowCacheHitRate", "40%", ("cache", "query-vector")),
            new RuleTest("A cold pod beside a warm one: both together reach the target")
                .Given(Cache("hits", "query-vector", "warm"), "0+5400x30").Given(Cache("misses", "query-vector", "warm"), "0+600x30")
                .Given(Cache("hits", "query-vector", "cold"), "0+10x30").Given(Cache("misses", "query-vector", "cold"), "0+500x30")
                .Quiet("20m", "LowCacheHitRate"),
            new RuleTest("Every fifth answer goes without the graph, one in a hundred without profiles")
                .Given("recommendations_total{job=\"gateway\",pod=\"a\",variant=\"personalised\"}", "0+500x30").Given("recommendations_total{job=\"gateway\",pod=\"b\",variant=\"popular\"}", "0+500x30")
                .Given("recommendations_degraded_total{job=\"gateway\",pod=\"a\",dependency=\"graph\"}", "0+200x30").Given("recommendations_degraded_total{job=\"gateway\",pod=\"a\",dependency=\"profile\"}", "0+10x30")
                .Gives("15m", "round(reco:degraded_answers:ratio_rate5m, 0.001)", ("{dependency=\"graph\"}", 0.2), ("{dependency=\"profile\"}", 0.01))
                .Quiet("4m", "RecommendationsDegraded")
                .Fires("15m", "RecommendationsDegraded", "20%", ("dependency", "graph")),
            new RuleTest("Graph queries take between 10 and 25 ms, vector queries less than 1 ms")
                .Given(Graph("0.005"), "0x30").Given(Graph("0.01"), "0x30").Given(Graph("0.025"), "0+600x30").Given(Graph("+Inf"), "0+600x30")
                .Given(Vector("0.0005"), "0x30").Given(Vector("0.001"), "0+600x30").Given(Vector("+Inf"), "0+600x30")
                .Gives("20m", "round(reco:graph_query_seconds:p99_5m, 0.0001)", ("{}", 0.0249))
                .Gives("20m", "round(reco:vector_search_latency_seconds:p99_5m * 1000000)", ("{space=\"collaborative\"}", 995))
                .Quiet("8m", "GraphQueriesSlow")
                .Fires("20m", "GraphQueriesSlow", "24.85ms"),
            new RuleTest("Graph queries take less than 5 ms")
                .Given(Graph("0.005"), "0+600x30").Given(Graph("+Inf"), "0+600x30")
                .Quiet("20m", "GraphQueriesSlow"),
            new RuleTest("One pod's index of one space finds too little")
                .Given("vector_search_recall{job=\"vectorsearch\",pod=\"a\",space=\"collaborative\"}", "0.5x60")
                .Given("vector_search_recall{job=\"vectorsearch\",pod=\"b\",space=\"collaborative\"}", "0.99x60")
                .Given("vector_search_recall{job=\"vectorsearch\",pod=\"a\",space=\"text\"}", "1x60")
                .Quiet("20m", "RecallLow")
                .Fires("45m", "RecallLow", "50%", ("space", "collaborative")),
            new RuleTest("No query has been sampled yet").Given("up{job=\"vectorsearch\"}", "1x60").Quiet("45m", "RecallLow"),
        ]);

    private static string Cache(string what, string cache, string pod) => $"cache_{what}_total{{job=\"gateway\",pod=\"{pod}\",cache=\"{cache}\"}}";

    private static string Graph(string bound) => $"http_server_request_duration_seconds_bucket{{job=\"graph\",pod=\"a\",http_route=\"/reco.graph.v1.GraphService/Expand\",le=\"{bound}\"}}";

    private static string Vector(string bound) => $"vector_search_latency_seconds_bucket{{job=\"vectorsearch\",pod=\"a\",space=\"collaborative\",le=\"{bound}\"}}";
}
