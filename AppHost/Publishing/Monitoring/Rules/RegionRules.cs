using RecoAspire.Topology;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>What must be there in one region. A series that has gone is as bad as one that says 0, so each rule knows what it expects.</summary>
internal static class RegionRules
{
    /// <summary>Services of ours that a region runs, by the job that scrapes them.</summary>
    public static IReadOnlyList<string> Services(Deployment deployment, Region region) =>
    [
        .. deployment.Model.Services.Select(s => s.Name)
            .Where(name => name != "graph" || region.Offers(RegionService.KnowledgeGraph))
            .Where(name => deployment.Topology.Workloads[name].Replicas != 0),
    ];

    /// <summary>Stores that others publish and a region runs.</summary>
    public static IReadOnlyList<string> Stores(Region region) =>
    [
        .. region.Capacity.VectorNodes > 0 ? ["qdrant"] : Array.Empty<string>(),
        .. region.Capacity.GraphPrimaries > 0 ? ["neo4j"] : Array.Empty<string>(),
        .. region.Capacity.KafkaBrokers > 0 ? ["kafka"] : Array.Empty<string>(),
        "cache",
        .. region.Capacity.ProfileNodes > 0 ? ["scylladb"] : Array.Empty<string>(),
    ];

    public static RuleGroup Of(Deployment deployment, Region region)
    {
        var services = Services(deployment, region);
        string[] stores = [.. Stores(region).Where(s => s != "qdrant")];
        string[] replicated = [.. deployment.Topology.Replication.Keys.Where(s => s != "knowledge_graph" || region.Offers(RegionService.KnowledgeGraph))];
        return new RuleGroup(
            "region",
            [
                RegionDown(),
                NoRequests(),
                .. services.Select((name, i) => ServiceDown(name, i == 0)),
                InstanceDown(),
                .. region.Capacity.VectorNodes > 0 ? [VectorDbDown()] : Array.Empty<Rule>(),
                .. region.Capacity.VectorNodes > 0 ? [VectorReplicasDead()] : Array.Empty<Rule>(),
                .. stores.Select((name, i) => StoreDown(name, i == 0)),
                .. replicated.Select((store, i) => LagUnknown(store, i == 0)),
            ],
            RegionRuleTests.Of(services, stores, replicated, region.Capacity.VectorNodes));
    }

    // No pod of the gateway answers, or most answers are errors.
    private static Alert RegionDown() => new()
    {
        Name = "RegionDown",
        Severity = Severity.Critical,
        For = "2m",
        Expr = "(count(up{job=\"gateway\"} == 1) or vector(0)) == 0 or reco:api_errors:ratio_rate5m > 0.5",
        Summary = "The region does not answer",
        Description = "No gateway is up, or more than half of all answers are errors.",
        Runbook = new Runbook(
            "Viewers' apps get nothing from this region. Other alerts of the region are muted: they are symptoms.",
            "Within three missed health checks DNS sends viewers to the next region.",
            ["kubectl -n recommendation get pods -l app.kubernetes.io/name=gateway -o wide", "kubectl get nodes", "query: count by (node) (up{job=\"gateway\"} == 1)", "dig +short api.<domain>"],
            ["See that DNS has moved; else apply the region's failover batch in dns/.", "All machines gone: the provider's status page; wait, the other regions hold the load.", "Pods are there but not ready: GET /health/ready names what is missing; mostly eventlog.", "A rollout: kubectl -n recommendation rollout undo deployment/gateway"],
            "/health/ready of the region's address answers 200 for 5 minutes; then let DNS go back."),
    };

    private static Alert NoRequests() => new()
    {
        Name = "NoRequests",
        Severity = Severity.Warning,
        For = "15m",
        Expr = "(reco:api_requests:rate5m or vector(0)) == 0",
        Summary = "Nobody asks this region",
        Description = "The gateways have had no request of the API for 15 minutes.",
        Runbook = new Runbook(
            "A region that serves a continent has no traffic, or its metrics do not arrive.",
            "None if DNS has moved viewers; else they get nothing.",
            ["dig +short api.<domain> @8.8.8.8", "curl -sS https://<the region's address>/health/ready", "query: up{job=\"gateway\"}"],
            ["DNS has moved on purpose: silence this alert for the time.", "The address does not answer: look at the Gateway object, its certificate and its load balancer.", "Metrics are missing: see InstanceDown."],
            "reco:api_requests:rate5m is above 0."),
    };

    private static Alert ServiceDown(string service, bool withRunbook) => new()
    {
        Name = "ServiceDown",
        Severity = Severity.Critical,
        For = "1m",
        Labels = [("service", service)],
        // Also when it has no target any more: a series that is missing is counted as 0.
        Expr = $"(count(up{{job=\"{service}\"}} == 1) or vector(0)) == 0",
        Summary = $"{service} is down",
        Description = $"No pod of {service} can be scraped.",
        Runbook = withRunbook ? new Runbook(
            "No pod of the service answers on its metrics port: it does not run, or it cannot be reached.",
            "Without eventlog or gateway: no answers, no events. Without another one: answers of less quality (RecommendationsDegraded).",
            ["kubectl -n recommendation get pods -l app.kubernetes.io/name=<service> -o wide", "kubectl -n recommendation get events --sort-by=.lastTimestamp | tail -20", "kubectl -n recommendation logs -l app.kubernetes.io/name=<service> --since=10m --prefix | tail -50"],
            ["No pods: kubectl -n recommendation describe deployment,statefulset -l app.kubernetes.io/name=<service>", "CrashLoopBackOff: see PodCrashLooping.", "They run: the network policy or the metrics port; kubectl -n monitoring exec prometheus-0 -- wget -qO- http://<pod ip>:9090/metrics | head"],
            "up{job=\"<service>\"} is 1 for every pod.") : null,
    };

    private static Alert InstanceDown() => new()
    {
        Name = "InstanceDown",
        Severity = Severity.Warning,
        For = "5m",
        Expr = "up == 0",
        Summary = "{{ $labels.job }}: {{ $labels.instance }} cannot be scraped",
        Description = "Prometheus finds it, but gets no metrics from it (pod {{ $labels.pod }}).",
        Runbook = new Runbook(
            "One target does not answer on its metrics port.",
            "None by itself; nothing is known of this pod.",
            ["kubectl -n monitoring port-forward prometheus-0 9090, then http://localhost:9090/targets", "kubectl -n recommendation describe pod <pod>"],
            ["The pod is not running: see PodCrashLooping.", "It runs: compare the NetworkPolicies of the pod and of prometheus; Qdrant answers 401 when its key has changed."],
            "up is 1 for the target."),
    };

    private static Alert VectorDbDown() => new()
    {
        Name = "VectorDBDown",
        Severity = Severity.Critical,
        For = "1m",
        Expr = """
            (sum(kube_statefulset_replicas{namespace="recommendation",statefulset="qdrant"}) - (sum(kube_statefulset_status_replicas_ready{namespace="recommendation",statefulset="qdrant"}) or vector(0))) > 0
            or sum(absent(kube_statefulset_replicas{namespace="recommendation",statefulset="qdrant"}))
            or count(up{job="qdrant"} == 0)
            """,
        Summary = "Nodes of the vector database are missing",
        Description = "{{ $value | humanize }} nodes are not ready, cannot be scraped, or nothing is known of them.",
        Runbook = new Runbook(
            "Fewer Qdrant nodes are ready than wanted. Each shard has two copies: with one node away everything is still there.",
            "One node: none. Two: shards may be unavailable, and the vectorsearch service answers from its own index or not at all.",
            ["kubectl -n recommendation get pods -l app.kubernetes.io/name=qdrant -o wide", "kubectl -n recommendation exec qdrant-0 -- sh -c 'curl -s -H \"api-key: $QDRANT__SERVICE__API_KEY\" localhost:6333/cluster'", "kubectl -n recommendation logs <pod> --previous | tail -50"],
            ["Pending: its volume is bound to a zone without room; add a machine there.", "Starting: it loads its segments; wait for the startup probe's time.", "Its volume is lost: remove the peer (DELETE /cluster/peer/{id}?force=true), let it join anew, replicate its shards."],
            "All pods are ready and collection_dead_replicas is 0."),
    };

    private static Alert VectorReplicasDead() => new()
    {
        Name = "VectorReplicasDead",
        Severity = Severity.Warning,
        For = "10m",
        Expr = "sum(collection_dead_replicas{job=\"qdrant\"}) > 0",
        Summary = "Shards of the vector database have lost copies",
        Description = "{{ $value | humanize }} copies are dead and are not being restored.",
        Runbook = new Runbook(
            "Copies of shards are marked dead: they missed writes and have not caught up.",
            "The next node that fails takes shards away.",
            ["query: collection_dead_replicas > 0", "kubectl -n recommendation exec qdrant-0 -- sh -c 'curl -s -H \"api-key: $QDRANT__SERVICE__API_KEY\" localhost:6333/collections/<collection>/cluster'"],
            ["A node has been away: wait for its recovery (collection_shard_transfer_incoming > 0).", "No transfer runs: POST /collections/<collection>/cluster with replicate_shard to another node, then drop_replica of the dead one."],
            "collection_dead_replicas is 0 on every node."),
    };

    private static Alert StoreDown(string store, bool withRunbook) => new()
    {
        Name = "StoreDown",
        Severity = Severity.Critical,
        For = "2m",
        Labels = [("store", store)],
        Expr = $"""
            (sum({Wanted(store, ChosenBy(store))}) - (sum({Ready(store, ChosenBy(store))}) or vector(0))) > 0
            or sum(absent({Wanted(store, ChosenBy(store))}))
            """,
        Summary = $"Nodes of {store} are missing",
        Description = "{{ $value | humanize }} nodes are not ready, or nothing is known of them.",
        Runbook = withRunbook ? new Runbook(
            "A store has fewer ready nodes than wanted, or kube-state-metrics does not report it. scylladb lives in the namespace of its name, with the label value scylla.",
            "neo4j: no graph in recommendations. kafka: with two of three brokers away no event is taken. cache: slower answers. scylladb: profiles are served by the remaining nodes.",
            ["kubectl -n recommendation get pods -l app.kubernetes.io/name=<store> -o wide", "kubectl -n recommendation describe statefulset,deployment -l app.kubernetes.io/name=<store>", "kubectl -n recommendation logs <pod> --previous | tail -50"],
            ["Pending: its volume is bound to a zone without room; add a machine there.", "It restarts: see PodCrashLooping and VolumeAlmostFull.", "The volume is lost: delete claim and pod; the node fills from its peers, or restore (backup/ and DEPLOY.md)."],
            "Wanted and ready nodes are equal, replication lag is below its target.") : null,
    };

    /// <summary>The series of the pods that a store should have. The cache alone has no state, so it is a Deployment.</summary>
    internal static string Wanted(string store, string labels) => store == "cache" ? $"kube_deployment_spec_replicas{{{labels}}}" : $"kube_statefulset_replicas{{{labels}}}";

    /// <summary>The series of those that are ready.</summary>
    internal static string Ready(string store, string labels) => store == "cache" ? $"kube_deployment_status_replicas_ready{{{labels}}}" : $"kube_statefulset_status_replicas_ready{{{labels}}}";

    // neo4j has a StatefulSet for each role, scylladb one for each zone.
    private static string ChosenBy(string store) => $"namespace=\"{Watchers.NamespaceOf(store)}\",{(store == "cache" ? "deployment" : "statefulset")}=~\"{store}(-.+)?\"";

    private static Alert LagUnknown(string store, bool withRunbook) => new()
    {
        Name = "ReplicationLagUnknown",
        Severity = Severity.Warning,
        For = "10m",
        Labels = [("store", store)],
        Expr = $"absent(replication_lag_seconds{{store=\"{store}\"}})",
        Summary = $"Nobody says how far {store} is behind",
        Description = "replication_lag_seconds has been missing for 10 minutes, so ReplicationLag cannot fire.",
        Runbook = withRunbook ? new Runbook(
            "The service that applies the log to this store does not report.",
            "A promise is unwatched.",
            ["query: count by (job, store) (replication_lag_seconds)", "query: up{job=~\"vectorsearch|graph|profile\"}"],
            ["The service is down: see ServiceDown.", "It is up: it has been configured without this view; compare its settings with the last publish."],
            "replication_lag_seconds{store=\"<store>\"} is there again.") : null,
    };
}
