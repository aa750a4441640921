namespace RecoAspire.Publishing.Operations.Deploy;

/// <summary>How each row of the specification's errata is settled, in the order of its sections.</summary>
internal static class ErrataRows
{
    private const string Overlay = "k8s/regions/us-east-1/kustomization.yaml";
    private const string Gateway = "k8s/base/gateway/workload.yaml";
    private const string Gpu = "k8s/base/embedding-gpu/workload.yaml";
    private const string Qdrant = "k8s/base/qdrant/statefulset.yaml";
    private const string Prometheus = "monitoring/regions/us-east-1/prometheus.yml";
    private const string Topology = "AppHost/Topology/topology.yaml";

    /// <summary>All rows, in their order.</summary>
    public static IReadOnlyList<ErrataRow> All { get; } = [.. RegionsAndEdge, .. Workloads, .. Gpus, .. Stores, .. Configuration, .. Monitoring, .. Scaling, .. Recovery];

    private static IEnumerable<ErrataRow> RegionsAndEdge => [
        new(1, "A region's logical name is kept; provider, location and zones are data", Topology),
        new(2, "Continent codes are Route 53's, and validated: AS and OC instead of AP", "dns/records.json"),
        new(3, "One policy a record: geolocation in front, failover pairs behind, no weights", "dns/records.json"),
        new(4, "The default is country `*`; every record has its identifier and a TTL of 60 s", "dns/route53.tf"),
        new(5, "Zone `tv5monde.com`, records `api` and `origin-api`; AWS regions by alias A and AAAA, GCP by address", "dns/route53.tf"),
        new(6, "One HTTPS check a region with name, path, interval 10 or 30, threshold and SNI, tied to that region's records; 10 s is no setting of Route 53 and stands in the neutral file only", "dns/route53.tf", "dns/records.json"),
        new(7, "Each continent points at a pair: its region, then the next one; failover needs nobody", "dns/route53.tf"),
        new(8, "One contract: `/health/live` for the process, `/health/ready` for what it needs, used by probes, routes and checks alike", Gateway, "k8s/regions/us-east-1/ingress.yaml"),
        new(9, "Cloudflare's own ruleset, phase `http_request_cache_settings`; personal paths always bypass", "cdn/cloudflare.tf"),
        new(10, "The answer decides: the gateway sends `public, s-maxage` where everybody gets the same, for as long as the rights of what it shows last; a request's headers can only forbid", "cdn/cloudflare.tf", "Services/Gateway/Api/SharedCaching.cs"),
        new(11, "Sessions are kept at no edge: personal answers say `private, no-store`. The gateways keep no sessions yet that would need the 3600 s in Redis", "cdn/rules.json"),
        new(12, "One authority: Route 53. Cloudflare is a partial zone whose origin is the Route 53 name", "dns/route53.tf", "cdn/cloudflare.tf"),
        new(13, "One table of capacities makes overlays, autoscaler bounds, quotas and node pools", Topology, "scaling/regions/us-east-1/node-pools.tf"),
        new(14, "Ceilings must carry the peak with one region lost, times 1.3, or nothing is published", "k8s/base/gateway/autoscaler.yaml", "AppHost/Topology/PeakLoad.cs"),
        new(15, "The third region has no graph address: the gateway is ready and answers without it, and says so; tested", "k8s/regions/ap-southeast-1/kustomization.yaml", "Tests/Gateway.Tests/DegradedTests.cs"),
        new(16, "Each region applies the same log by itself; lag is a metric with an alert per store. The log is not mirrored between regions yet", "monitoring/base/prometheus/rules/replication.rules.yml"),
    ];

    private static IEnumerable<ErrataRow> Workloads => [
        new(17, "Namespaces with Pod Security labels, quota and limits", "k8s/base/platform/namespace.yaml", "k8s/base/platform/limits.yaml", "k8s/regions/us-east-1/quota.yaml"),
        new(18, "No replicas where an autoscaler owns them", Gateway),
        new(19, "A budget for every workload, none that blocks a drain", Gateway, "k8s/base/qdrant/policies.yaml"),
        new(20, "Default deny both ways; one policy a workload from the app model's references; a test compares what policies allow with what is referenced", "k8s/base/platform/network.yaml", "k8s/base/gateway/network.yaml"),
        new(21, "Restricted everywhere in this namespace: numeric user, no privileges, read-only root, `/tmp`", Gateway),
        new(22, "An account a workload, no token; cloud roles by annotation where one is needed", "k8s/base/ops/account.yaml", Overlay),
        new(23, "Spread over zones and hosts; stores never share a host", Gateway, Qdrant),
        new(24, "Startup, liveness and readiness probes with limits, 10 s before the end, grace for the longest request", Gateway),
        new(25, "Percentages: 25 % and 10 %, which are the 5 and 2 of 20 pods; 0 would stall where no machine is free", Gateway),
        new(26, "No CPU limits; memory limits bound the heap. ScyllaDB alone has one: its operator takes the number of shards from it", Gateway, "k8s/base/scylladb/cluster.yaml"),
        new(27, "A port `metrics` of its own, which no route leads to", Gateway, "k8s/base/gateway/services.yaml"),
        new(28, "Only variables that the code binds are set, and a test says so", Gateway, "Tests/AppHost.Tests/Publishing/Services/SettingTests.cs"),
        new(29, "Every key is consumed and every consumer's key exists; the check walks them", Overlay, "k8s/base/gateway/secrets.yaml"),
        new(30, "Gateway API with TLS, a class per cloud, http redirected; only what viewers' apps call and `/health/ready` lead in. No source ranges: health checks and apps without the CDN need the way in", "k8s/regions/us-east-1/ingress.yaml"),
        new(31, "The region's name comes from the same table in DNS and in the route", "k8s/regions/us-east-1/ingress.yaml", "dns/records.json"),
        new(32, "prometheus-adapter with its rights, its APIService and the rule; no KEDA", "monitoring/base/prometheus-adapter/config.yaml", "monitoring/base/prometheus-adapter/apiservice.yaml"),
        new(33, "CPU and request rate only", "k8s/base/gateway/autoscaler.yaml"),
    ];

    private static IEnumerable<ErrataRow> Gpus => [
        new(34, "`/models` is a volume; with `gpu.model` in the topology an init container fetches a model and checks its SHA-256", Gpu),
        new(35, "Headless Service; a StatefulSet, because one pod by name trains and publishes", Gpu, "k8s/base/embedding-gpu/services.yaml"),
        new(36, "The log is the queue, `/queue` is scratch that lives as long as the pod; the autoscaler follows the lag", Gpu, "k8s/base/embedding-gpu/autoscaler.yaml"),
        new(37, "Toleration, the label of GPU feature discovery, no `CUDA_VISIBLE_DEVICES`", Gpu),
        new(38, "Probes, metrics on 9090, `/dev/shm`, 120 s of grace on spot machines, dcgm-exporter on GPU machines", Gpu, "monitoring/base/dcgm-exporter/daemonset.yaml"),
    ];

    private static IEnumerable<ErrataRow> Stores => [
        new(39, "No node id; identity is the stored raft state and the URI", Qdrant),
        new(40, "The start script gives every peer its URI and all but the founder a peer to join; a lost first volume joins instead of founding anew", "k8s/base/qdrant/start.sh", "k8s/base/qdrant/find-peer.sh"),
        new(41, "Port 6335, a headless Service that names unready peers, a client Service `qdrant-service`", "k8s/base/qdrant/services.yaml"),
        new(42, "`/livez`, `/readyz`, and a startup probe long enough to load segments", Qdrant),
        new(43, "Keys from the cloud's store, TLS between peers, network policy", "k8s/base/qdrant/secrets.yaml", "k8s/base/qdrant/certificates.yaml", "k8s/base/qdrant/policies.yaml"),
        new(44, "Storage classes per cloud, encrypted, expandable, bound at first use, kept", "k8s/regions/us-east-1/storage.yaml", "k8s/regions/eu-west-1/storage.yaml"),
        new(45, "Snapshots have a claim of their own; `fsGroup`, the unprivileged image", Qdrant),
        new(46, "Current versions, pinned. Digests are `images.digests` of the topology: they can only be read where the registry is, the guide has the command", Topology),
        new(47, "20 shards in 2 copies by an idempotent job. Moving shards is a policy for the operator's tool, not YAML", "k8s/base/qdrant/collections.yaml", "scaling/policies.json"),
        new(48, "Common labels, history limits, priorities. No pull secret: nodes pull by identity", Gateway, "k8s/base/platform/priorities.yaml"),
    ];

    private static IEnumerable<ErrataRow> Configuration => [
        new(49, "Names come from the same model as the Services; the check resolves every host name in every file", Overlay),
        new(50, "ExternalSecrets and a store per cloud; no object of kind Secret", "k8s/base/neo4j/secrets.yaml", "k8s/regions/us-east-1/secret-store.yaml"),
        new(51, "Neo4j: a role `reco` made by a job. ScyllaDB's roles are made by hand, it has no default superuser. No service of ours uses either yet", "k8s/base/neo4j/role.yaml"),
        new(52, "TLS between Qdrant's peers, in Neo4j's cluster, mutual TLS on Kafka, HTTPS on Alternator. **Not held** for our own gRPC, Qdrant's client port and Redis: plain inside the cluster, fenced by policies and keys", "k8s/base/kafka/certificates.yaml", "k8s/base/neo4j/certificates.yaml"),
        new(53, "`enableServiceLinks: false` on all pods", Gateway),
        new(54, "Values per overlay, ConfigMaps with hashes in their names", Overlay),
    ];

    private static IEnumerable<ErrataRow> Monitoring => [
        new(55, "`rule_files`, mounted", Prometheus),
        new(56, "Alertmanager in 3 replicas, routes by severity, inhibition, credentials as files, a dead-man's switch", "monitoring/base/alertmanager/alertmanager.yml"),
        new(57, "Two replicas with claims, an account with a role in each scraped namespace, retention; each region on its own, one view over all by federation of recorded series", "monitoring/base/prometheus/statefulset.yaml", "monitoring/base/prometheus/access.yaml"),
        new(58, "Pods are discovered, all of them", Prometheus),
        new(59, "Kept by port name; labels for namespace, pod, node", Prometheus),
        new(60, "Qdrant's key as a file", Prometheus),
        new(61, "A job for each dependency, and for those who watch", Prometheus),
        new(62, "Region from the overlay", "monitoring/regions/eu-west-1/prometheus.yml"),
        new(63, "Provisioned dashboards with uid, units, grid, data source and region variables", "monitoring/base/grafana/dashboards/reco-overview.json"),
        new(64, "p99 by sum over pods, recorded", "monitoring/base/prometheus/rules/serving.rules.yml"),
        new(65, "Six dashboards: overview, regions, vector search, GPU, cost, SLO", "monitoring/base/grafana/dashboards/reco-slo.json"),
        new(66, "Thresholds are computed from the SLO", "monitoring/base/prometheus/rules/slo.rules.yml"),
        new(67, "Burn rates over several windows on availability and latency", "monitoring/base/prometheus/rules/slo.rules.yml"),
        new(68, "Absent series raise alerts: desired against ready, `absent`, per GPU", "monitoring/regions/us-east-1/rules/gpu.rules.yml", "monitoring/base/prometheus/rules/platform.rules.yml"),
        new(69, "Both sides summed, a floor on traffic, the 60 % of the target", "monitoring/base/prometheus/rules/serving.rules.yml"),
        new(70, "Summary, description, runbook and a promtool test for every alert", "monitoring/runbooks/HighLatency.md"),
        new(71, "An alert for each promise: lag, recall, age of backups, volumes, autoscaler at its end, Kafka, certificates, crash loops", "monitoring/base/prometheus/rules/replication.rules.yml", "monitoring/base/prometheus/rules/platform.rules.yml"),
        new(72, "A test compares every name in rules and dashboards with what the running suite exports, or with a list of the exporters' own", "Tests/AppHost.Tests/Publishing/Monitoring/MetricNameTests.cs"),
    ];

    private static IEnumerable<ErrataRow> Scaling => [
        new(73, "The autoscaler is in its target's namespace", "k8s/base/gateway/autoscaler.yaml"),
        new(74, "One autoscaler a region; the overlay has its bounds", "k8s/base/gateway/autoscaler.yaml", Overlay),
        new(75, "Left out: the request rate of Prometheus works on both clouds", "k8s/base/gateway/autoscaler.yaml"),
        new(76, "10 % a minute after 300 s, the slower policy wins", "k8s/base/gateway/autoscaler.yaml"),
        new(77, "A Deployment of two with leader election, account, role, budget and priority on AWS; GKE scales its pools by itself", "scaling/regions/us-east-1/cluster-autoscaler.yaml", "scaling/regions/eu-west-1/node-pools.tf"),
        new(78, "`registry.k8s.io`, the clusters' minor version", "scaling/regions/us-east-1/cluster-autoscaler.yaml"),
        new(79, "Discovery by tag, a tainted pool for GPUs, balanced groups, spot first, scratch data kept", "scaling/regions/us-east-1/cluster-autoscaler.yaml", "scaling/regions/us-east-1/node-pools.tf"),
        new(80, "5.x terms: 3 primaries, secondaries by a line of the topology; thresholds are alerts and a policy file. The controller that acts on it does not exist yet", "k8s/base/neo4j/secondaries.yaml", "scaling/policies.json"),
    ];

    private static IEnumerable<ErrataRow> Recovery => [
        new(81, "CronJobs that forbid a second run, with deadlines, time zone and a role; the bucket has versions, a lock, a key and a second copy", "backup/base/log/backup.yaml", "backup/regions/us-east-1/bucket.tf"),
        new(82, "The log is copied every half hour and every store replays it: one table, and validation refuses a schedule that misses an objective", "backup/base/log/backup.yaml", Topology),
        new(83, "Snapshots of every node, restored through the store's own interface, checksums before and counts after", "backup/base/vector-db/backup-vector-db.sh", "backup/scripts/restore-vector-db.sh"),
        new(84, "The lower bound is patched, not the number; spare pods hold room", "backup/scripts/failover.sh", "scaling/regions/us-east-1/spare-capacity.yaml"),
        new(85, "Failover by health check; the batches exist, away and back; every region takes writes, so nothing is promoted. A drill on real clusters was not possible here", "dns/failover/us-east-1-away.json", "backup/scripts/failover.sh"),
        new(86, "Strict mode, checked arguments, dry run, exit codes, forwarded ports, keys never on a command line", "backup/scripts/failover.sh", "backup/scripts/restore-vector-db.sh"),
        new(87, "One price table; a test sums it to 126,000 USD a month and 58,000 USD of savings", Topology),
        new(88, "Gauges are recorded from prices and what runs, with an alert when they stop", "monitoring/regions/us-east-1/rules/cost.rules.yml"),
        new(89, "Spot only for the GPU pool, whose work is in the log and not on its disk", "scaling/regions/us-east-1/node-pools.tf"),
        new(90, "int8 by quantile, in memory, originals on disk. Recall of the service's own index is measured while it serves; Qdrant's is not, as no service asks it yet", "k8s/base/qdrant/collaborative.json", "monitoring/base/prometheus/rules/serving.rules.yml"),
    ];
}

/// <summary>One row.</summary>
/// <param name="Number">Its number.</param>
/// <param name="How">What was done, or why not.</param>
/// <param name="Where">Files of the published set, or of the project where the set is not the place.</param>
internal sealed record ErrataRow(int Number, string How, params IReadOnlyList<string> Where);
