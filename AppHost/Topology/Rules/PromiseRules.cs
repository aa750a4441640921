using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>Promises are possible and can be measured.</summary>
internal static class PromiseRules
{
    /// <summary>The replicated stores.</summary>
    public static readonly string[] Stores = ["vector_db", "knowledge_graph", "user_profiles"];

    public static void CheckReplication(DeploymentTopology topology, TopologyErrors errors)
    {
        errors.Keys("replication", topology.Replication.Keys, Stores);
        foreach (var (store, replication) in topology.Replication)
        {
            var path = TopologyPath.Key("replication", store);
            errors.OneOf($"{path}.strategy", replication.Strategy, "async_replication", "multi_master");
            if (replication.Consistency is { } consistency) errors.OneOf($"{path}.consistency", consistency, "eventual");
            errors.Above0($"{path}.lag_target_seconds", replication.LagTargetSeconds);
        }
    }

    public static void CheckServiceLevels(DeploymentTopology topology, TopologyErrors errors)
    {
        var slo = topology.Slo;
        errors.ProperShare("slo.availability", slo.Availability);
        errors.Between("slo.window_days", slo.WindowDays, 1, 90);
        errors.Demand(
            LatencyBuckets.Seconds.Contains(slo.LatencyP99Seconds),
            "slo.latency_p99_seconds",
            $"must be a bucket boundary of the latency histogram ({string.Join(", ", LatencyBuckets.Seconds.Select(Demands.Text))}), is {Demands.Text(slo.LatencyP99Seconds)}: else it cannot be measured");
        if (errors.ProperShare("slo.error_rate", slo.ErrorRate) && slo.Availability is > 0 and < 1)
        {
            // The tolerance is for 1 - 0.999, which is not quite 0.001 in binary.
            errors.Demand(
                slo.ErrorRate <= 1 - slo.Availability + 1e-9, "slo.error_rate", $"must not be more than 1 - availability, is {Demands.Text(slo.ErrorRate)} beside an availability of {Demands.Text(slo.Availability)}");
        }

        errors.Above0("slo.peak_requests_per_second", slo.PeakRequestsPerSecond);
        errors.Above0("slo.data_loss_hours", slo.DataLossHours);
        errors.ProperShare("slo.cache_hit_rate", slo.CacheHitRate);
        errors.Demand(slo.Recall is > 0 and <= 1, "slo.recall", $"must be more than 0 and at most 1, is {Demands.Text(slo.Recall)}");
    }

    public static void CheckHealthCheck(DeploymentTopology topology, TopologyErrors errors)
    {
        var check = topology.HealthCheck;
        errors.Demand(check.Path.StartsWith('/') && !check.Path.Any(char.IsWhiteSpace), "health_check.path", $"must begin with / and have no blanks, is '{check.Path}'");
        if (errors.Demand(check.IntervalSeconds is 10 or 30, "health_check.interval_seconds", $"must be 10 or 30, is {check.IntervalSeconds}: Route 53 knows no other"))
            errors.Between("health_check.timeout_seconds", check.TimeoutSeconds, 1, check.IntervalSeconds, "health_check.interval_seconds");
        errors.Between("health_check.failure_threshold", check.FailureThreshold, 1, 10, "Route 53's range");
    }

    public static void CheckCdn(DeploymentTopology topology, TopologyErrors errors)
    {
        NameRules.DemandDomain(errors, "cdn.zone", topology.Cdn.Zone);
        errors.Above0("cdn.popular_ttl_seconds", topology.Cdn.PopularTtlSeconds);
        errors.Above0("cdn.session_ttl_seconds", topology.Cdn.SessionTtlSeconds);
    }
}
