using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Topology;

/// <summary>What a topology must mean: one edit of the valid file, the errors that follow.</summary>
public sealed class TopologyRuleTests
{
    [Theory]
    [InlineData("domain: tv5monde.com", "domain: tv5monde", "domain: must be a domain name, such as example.org, is 'tv5monde'")]
    [InlineData("host: api ", "host: a.b ", "host: must be a DNS label (a-z, 0-9, -; at most 63), is 'a.b'")]
    [InlineData("role: secondary", "role: primary", "regions: exactly one must have the role primary, 2 have: 'us-east-1', 'eu-west-1'")]
    [InlineData("role: primary", "role: secondary", "regions: exactly one must have the role primary, none has")]
    [InlineData("zones: [us-east-1a, us-east-1b, us-east-1c]", "zones: [us-east-1a]", "regions[0].zones: must be at least 2, is 1: one zone may be lost")]
    [InlineData("zones: [us-east-1a, us-east-1b,", "zones: [us-east-1a, us-east-1a,", "regions[0].zones[1]: 'us-east-1a' is already at regions[0].zones[0]")]
    [InlineData("us-east-1c]", "us-west-1c]", "regions[0].zones[2]: must be 'us-east-1' and a letter, is 'us-west-1c'")]
    [InlineData("europe-west1-d]", "europe-west1d]", "regions[1].zones[2]: must be 'europe-west1-' and a letter, is 'europe-west1d'")]
    [InlineData("[AS, OC]", "[AS, XX]", "regions[2].continents[1]: must be one of AF, AN, AS, EU, NA, OC, SA, is 'XX'")]
    [InlineData("[AS, OC]", "[AS, EU]", "regions[2].continents[1]: 'EU' is already at regions[1].continents[0]")]
    [InlineData("fail_over_to: eu-west-1", "fail_over_to: us-east-1", "regions[0].fail_over_to: must be another region")]
    [InlineData("fail_over_to: eu-west-1", "fail_over_to: eu-west-2", "regions[0].fail_over_to: there is no region 'eu-west-2': did you mean 'eu-west-1'?")]
    [InlineData("default_region: us-east-1", "default_region: mars", "default_region: there is no region 'mars': known are us-east-1, eu-west-1, ap-southeast-1")]
    [InlineData("vector_search, knowledge_graph]", "vector_search, vector_search, knowledge_graph]", "regions[1].services[2]: 'VectorSearch' is already at regions[1].services[1]")]
    public void Names_and_regions(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Theory]
    [InlineData("gpu_nodes: 20", "gpu_nodes: 2", "regions[0].capacity.gpu_workers: must be 4 or less, is 6: 2 gpu_nodes of 8 GPUs, 4 for a worker")]
    [InlineData("gpu_workers: 6", "gpu_workers: 0", "regions[0].capacity.gpu_workers: must be more than 0, is 0: the region offers gpu_cluster")]
    [InlineData("gpus: 8, ", "", "node_pools: one must run gpu_nodes and have gpus: a region offers gpu_cluster")]
    [InlineData("services: [hot_path_api, vector_search, knowledge_graph]", "services: [hot_path_api, vector_search]", "regions[1].capacity.graph_primaries: must be 0, is 3: the region does not offer knowledge_graph", "regions[1].capacity.graph_secondaries: must be 0, is 2: the region does not offer knowledge_graph")]
    [InlineData("api_servers: 20 ", "api_servers: 0 ", "regions[2].capacity.api_servers: must be more than 0, is 0: the region offers hot_path_api", "gateway.max_replicas: must be 217 or more, is 200: 'us-east-1' needs them at slo.peak_requests_per_second while 'eu-west-1' is lost")]
    [InlineData("graph_primaries: 3", "graph_primaries: 4", "regions[0].capacity.graph_primaries: must be odd and 3 or more, is 4: a majority must outlive one")]
    [InlineData("graph_primaries: 3", "graph_primaries: 1", "regions[0].capacity.graph_primaries: must be odd and 3 or more, is 1: a majority must outlive one")]
    [InlineData("kafka_brokers: 3", "kafka_brokers: 2", "regions[0].capacity.kafka_brokers: must be odd and 3 or more, is 2: a majority of the controllers must outlive one")]
    [InlineData("profile_nodes: 3", "profile_nodes: 1", "regions[0].capacity.profile_nodes: must be 3 or more, is 1: a quorum of three copies must outlive one node")]
    [InlineData("vector_nodes: 10", "vector_nodes: 1", "regions[0].capacity.vector_nodes: must be 2 or more, is 1: qdrant.replicas_per_shard")]
    [InlineData("vector_nodes: 10", "vector_nodes: -1", "regions[0].capacity.vector_nodes: must be 0 or more, is -1")]
    public void Capacities(string before, string after, params string[] expected)
    {
        // The third region's only mark is its place.
        if (before == "api_servers: 20 ") (before, after) = ("api_servers: 20\n", "api_servers: 0\n");
        Demand(before, after, expected);
    }

    [Fact]
    public void The_community_edition_is_one_server_in_each_region()
    {
        var text = TopologyText.With("edition: enterprise ", "edition: community ");
        Assert.Equal(
            [
                "regions[0].capacity.graph_primaries: must be 1, is 3: the community edition is one server",
                "regions[0].capacity.graph_secondaries: must be 0, is 5: the community edition is one server",
                "regions[1].capacity.graph_primaries: must be 1, is 3: the community edition is one server",
                "regions[1].capacity.graph_secondaries: must be 0, is 2: the community edition is one server",
            ],
            TopologyText.Errors(text));
        foreach (var (before, after) in (ReadOnlySpan<(string, string)>)[("graph_primaries: 3", "graph_primaries: 1"), ("graph_secondaries: 5", "graph_secondaries: 0"), ("graph_primaries: 3", "graph_primaries: 1"), ("graph_secondaries: 2", "graph_secondaries: 0")])
            text = TopologyText.Replace(text, before, after);
        Assert.Equal("community", TopologyFile.Parse(text).Neo4j.Edition);
    }

    [Theory]
    [InlineData("knowledge_graph: { strategy: async_replication, lag_target_seconds: 10 }", "knowledge_grph: { strategy: async_replication, lag_target_seconds: 10 }", "replication.knowledge_graph: is missing", "replication.knowledge_grph: is not known: did you mean 'knowledge_graph'?")]
    [InlineData("strategy: multi_master", "strategy: hope", "replication.user_profiles.strategy: must be one of async_replication, multi_master, is 'hope'")]
    [InlineData("consistency: eventual", "consistency: strong", "replication.user_profiles.consistency: must be one of eventual, is 'strong'")]
    [InlineData("lag_target_seconds: 10", "lag_target_seconds: 0", "replication.knowledge_graph.lag_target_seconds: must be more than 0, is 0")]
    [InlineData("availability: 0.999", "availability: 1", "slo.availability: must be more than 0 and less than 1, is 1")]
    [InlineData("window_days: 30", "window_days: 0", "slo.window_days: must be between 1 and 90, is 0")]
    [InlineData("latency_p99_seconds: 0.1", "latency_p99_seconds: 0.11", "slo.latency_p99_seconds: must be a bucket boundary of the latency histogram (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5), is 0.11: else it cannot be measured")]
    [InlineData("error_rate: 0.001", "error_rate: 0.01", "slo.error_rate: must not be more than 1 - availability, is 0.01 beside an availability of 0.999")]
    [InlineData("peak_requests_per_second: 166667", "peak_requests_per_second: 0", "slo.peak_requests_per_second: must be more than 0, is 0")]
    [InlineData("cache_hit_rate: 0.6", "cache_hit_rate: 60", "slo.cache_hit_rate: must be more than 0 and less than 1, is 60")]
    [InlineData("recall: 0.95", "recall: 1.5", "slo.recall: must be more than 0 and at most 1, is 1.5")]
    [InlineData("interval_seconds: 30", "interval_seconds: 20", "health_check.interval_seconds: must be 10 or 30, is 20: Route 53 knows no other")]
    [InlineData("timeout_seconds: 10", "timeout_seconds: 40", "health_check.timeout_seconds: must be between 1 and 30, is 40: health_check.interval_seconds")]
    [InlineData("failure_threshold: 3", "failure_threshold: 11", "health_check.failure_threshold: must be between 1 and 10, is 11: Route 53's range")]
    [InlineData("path: /health/ready", "path: health", "health_check.path: must begin with / and have no blanks, is 'health'")]
    [InlineData("zone: tv5monde.com", "zone: -x.com", "cdn.zone: must be a domain name, such as example.org, is '-x.com'")]
    [InlineData("popular_ttl_seconds: 300", "popular_ttl_seconds: 0", "cdn.popular_ttl_seconds: must be more than 0, is 0")]
    public void Promises(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Theory]
    [InlineData("vector_db: { rpo_minutes: 60", "vector_db: { rpo_minutes: 90", "recovery_objectives.vector_db.rpo_minutes: must be 60 or less, is 90: slo.data_loss_hours")]
    [InlineData("vector_db: { rpo_minutes: 60", "vector_db: { rpo_minutes: 30", "recovery_objectives.vector_db.rpo_minutes: 30 minutes cannot be kept: the log is copied every 30 minutes (backup.log.schedule) and may be 5 s behind (replication.vector_db.lag_target_seconds)")]
    [InlineData("log: { schedule: \"*/30 * * * *\"", "log: { schedule: \"0 */3 * * *\"", "recovery_objectives.vector_db.rpo_minutes: 60 minutes cannot be kept: the log is copied every 180 minutes (backup.log.schedule) and may be 5 s behind (replication.vector_db.lag_target_seconds)", "recovery_objectives.knowledge_graph.rpo_minutes: 60 minutes cannot be kept: the log is copied every 180 minutes (backup.log.schedule) and may be 10 s behind (replication.knowledge_graph.lag_target_seconds)", "recovery_objectives.user_profiles.rpo_minutes: 60 minutes cannot be kept: the log is copied every 180 minutes (backup.log.schedule) and may be 5 s behind (replication.user_profiles.lag_target_seconds)")]
    [InlineData("hot_path_api: { rpo_minutes: 0", "hot_path_api: { rpo_minutes: -1", "recovery_objectives.hot_path_api.rpo_minutes: must be 0 or more, is -1")]
    [InlineData("rto_minutes: 120", "rto_minutes: 0", "recovery_objectives.knowledge_graph.rto_minutes: must be more than 0, is 0")]
    [InlineData("\"0 3 * * *\"", "\"0 25 * * *\"", "backup.knowledge_graph.schedule: must be a cron expression of five fields, such as \"0 2 * * *\", is '0 25 * * *'")]
    [InlineData("\"0 5 * * 0\"", "\"0 5 30 2 *\"", "backup.rehearsal_schedule: never comes, is '0 5 30 2 *'")]
    [InlineData("\"0 2 * * *\", retention_days: 30", "\"0 2 1 * *\", retention_days: 30", "backup.vector_db.retention_days: must be longer than the 31 days between two backups, is 30: else there are times without any")]
    [InlineData("retention_days: 7", "retention_days: 400", "backup.user_profiles.retention_days: must not be more than backup.delete_after_days (365), is 400")]
    [InlineData("retention_days: 7, type: incremental", "retention_days: 7, type: some", "backup.user_profiles.type: must be one of full, incremental, is 'some'")]
    [InlineData("delete_after_days: 365", "delete_after_days: 90", "backup.delete_after_days: must be more than backup.archive_after_days (90), is 90")]
    [InlineData("bucket: tv5monde-backups", "bucket: TV5", "backup.bucket: must be a bucket's name (a-z, 0-9, - and .; 3 to 63), is 'TV5'")]
    public void Recovery(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Theory]
    [InlineData("tag: 0.1.0", "tag: latest", "images.tag: must not be 'latest': that is another image tomorrow")]
    [InlineData("tag: 0.1.0", "tag: \"\"", "images.tag: must not be empty")]
    [InlineData("tag: 4.1.0 }", "tag: \"4:1\" }", "images.engines.kafka.tag: must be letters, digits, '.', '_' and '-' (at most 128), is '4:1'")]
    [InlineData("registry: ghcr.io/recoaspire", "registry: k8s.gcr.io/recoaspire", "images.registry: must not be on k8s.gcr.io: it is frozen, registry.k8s.io took its place")]
    [InlineData("registry.k8s.io/autoscaling", "k8s.gcr.io/autoscaling", "images.engines.cluster_autoscaler.image: must not be on k8s.gcr.io: it is frozen, registry.k8s.io took its place")]
    [InlineData("docker.io/apache/kafka,", "docker.io/apache/kafka:4,", "images.engines.kafka.image: must be a registry and a path in lower case without tag and digest, such as docker.io/library/redis, is 'docker.io/apache/kafka:4'")]
    [InlineData("    curl: {", "    wget: {", "images.engines.curl: is missing")]
    [InlineData("digests: {}", "digests: { docker.io/apache/kafka: sha256:12 }", "images.digests[\"docker.io/apache/kafka\"]: must be sha256: and 64 digits of a-f and 0-9, is 'sha256:12'")]
    [InlineData("digests: {}", "digests: { docker.io/x/y: sha256:0123456789012345678901234567890123456789012345678901234567890123 }", "images.digests[\"docker.io/x/y\"]: there is no such image: neither of a service nor in images.engines")]
    [InlineData("digests: {}", "digests: { ghcr.io/recoaspire/gateway: sha256:0123456789012345678901234567890123456789012345678901234567890123 }")]
    [InlineData("\"1.34\"", "\"v1.34.1\"", "kubernetes_version: must be a minor version from 1.29 on, such as \"1.34\", is 'v1.34.1'")]
    public void Images(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Theory]
    [InlineData("  graph: { cpu: 2", "  grap: { cpu: 2", "workloads.graph: is missing", "workloads.grap: is not known: did you mean 'graph'?")]
    [InlineData("memory_mib: 2048, memory_limit_mib: 4096", "memory_mib: 2048, memory_limit_mib: 1024", "workloads.gateway.memory_limit_mib: must not be less than memory_mib (2048), is 1024")]
    [InlineData("cpu: 0.5", "cpu: 0", "workloads.ops.cpu: must be more than 0, is 0")]
    [InlineData("storage_gib: 500 }", "storage_gib: -5 }", "workloads.kafka.storage_gib: must be 0 or more, is -5")]
    [InlineData("embedding_cpu: { cpu: 4", "embedding_cpu: { cpu: -4", "embedding_cpu.cpu: must be more than 0, is -4")]
    [InlineData("per_worker: 4", "per_worker: 0", "gpu.per_worker: must be more than 0, is 0")]
    [InlineData("write_consistency: 2", "write_consistency: 3", "qdrant.write_consistency: must be between 1 and 2, is 3: qdrant.replicas_per_shard")]
    [InlineData("rebalance_imbalance: 0.2", "rebalance_imbalance: 20", "qdrant.rebalance_imbalance: must be more than 0 and less than 1, is 20")]
    [InlineData("quantile: 0.99", "quantile: 0.2", "qdrant.quantile: must be between 0.5 and 1, is 0.2")]
    [InlineData("edition: enterprise", "edition: aura", "neo4j.edition: must be one of enterprise, community, is 'aura'")]
    [InlineData("scale_up_ms: 10", "scale_up_ms: 2", "neo4j.scale_up_ms: must be more than neo4j.scale_down_ms (2), is 2: else readers come and go")]
    public void Workloads(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Theory]
    [InlineData("max_replicas: 200", "max_replicas: 185", "gateway.max_replicas: must be 186 or more, is 185: 'us-east-1' needs them at slo.peak_requests_per_second while 'eu-west-1' is lost")]
    [InlineData("max_replicas: 200", "max_replicas: 186")]
    [InlineData("api_servers: 40", "api_servers: 201", "regions[1].capacity.api_servers: must not be more than gateway.max_replicas (200), is 201", "gateway.max_replicas: must be 203 or more, is 200: 'us-east-1' needs them at slo.peak_requests_per_second while 'eu-west-1' is lost")]
    [InlineData("target_cpu_percent: 70", "target_cpu_percent: 0", "gateway.target_cpu_percent: must be between 1 and 100, is 0")]
    [InlineData("headroom: 1.3", "headroom: 0.9", "gateway.headroom: must be 1 or more, is 0.9")]
    [InlineData("percent: 10, period_seconds: 60", "percent: 110, period_seconds: 60", "gateway.scale_down.percent: must be between 1 and 100, is 110")]
    [InlineData("percent: 10, period_seconds: 60", "percent: 10, period_seconds: 3600", "gateway.scale_down.period_seconds: must be between 1 and 1800, is 3600: Kubernetes' range")]
    public void Scaling(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Theory]
    [InlineData("name: standard-ssd", "name: fast-ssd", "storage_classes: 'standard-ssd' is missing", "storage_classes[1].name: 'fast-ssd' is already at storage_classes[0].name")]
    [InlineData("{ name: stores,", "{ name: serving,", "node_pools[1].name: 'serving' is already at node_pools[0].name")]
    [InlineData("runs: [api_servers]", "runs: [api_server]", "node_pools[0].runs[0]: 'api_server' is no capacity: did you mean 'api_servers'?")]
    [InlineData("runs: [api_servers]", "runs: [api_servers, kafka_brokers]", "node_pools[1].runs[3]: 'kafka_brokers' is already at node_pools[0].runs[1]")]
    [InlineData("cpu: 96,", "cpu: 0,", "node_pools[2].cpu: must be more than 0, is 0")]
    [InlineData("currency: USD", "currency: $", "prices.currency: must be three capital letters, such as USD, is '$'")]
    [InlineData("usd: 30000, units: 140", "usd: -1, units: 0", "prices.compute.api_servers.usd: must be 0 or more, is -1", "prices.compute.api_servers.units: must be more than 0, is 0")]
    [InlineData("units: 9, of: [profile_nodes]", "units: 9, of: [nodes]", "prices.storage.user_profiles.of[0]: 'nodes' is no capacity: known are api_servers, gpu_nodes, gpu_workers, vector_nodes, graph_primaries, graph_secondaries, kafka_brokers, profile_nodes, regions")]
    [InlineData("optimize_storage: 3000", "optimize_storage: -3000", "prices.savings.optimize_storage: must be 0 or more, is -3000")]
    public void Infrastructure(string before, string after, params string[] expected) => Demand(before, after, expected);

    [Fact]
    public void Two_regions_of_one_name_are_refused()
    {
        var errors = TopologyText.Errors(TopologyText.With("name: eu-west-1", "name: us-east-1"));
        Assert.Contains("regions[1].name: 'us-east-1' is already at regions[0].name", errors);
    }

    private static void Demand(string before, string after, string[] expected)
    {
        var text = TopologyText.With(before, after);
        if (expected.Length == 0) TopologyFile.Parse(text);
        else Assert.Equal(expected, TopologyText.Errors(text));
    }
}
