using RecoAspire.Topology;
using static RecoAspire.Publishing.Monitoring.Rules.SloRules;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>
/// What a region costs: the price table's units times what runs at this moment. Provider bills come a day late and do not know what a
/// pod is for; these gauges follow scaling within a minute, and add up to the table where everything runs as planned.
/// </summary>
internal static class CostRules
{
    private const double OverrunFactor = 1.2;
    private const string Known = "0 * count(up{job=\"kube-state-metrics\"} == 1)";

    public static RuleGroup Of(DeploymentTopology topology, Region region)
    {
        var prices = topology.Prices;
        var planned = Planned(topology, region);
        return new RuleGroup(
            "cost",
            [
                .. prices.Compute.Select(p => Gauge("compute_cost_usd_per_hour", "service", p, region, $" / {prices.HoursPerMonth}")),
                .. prices.Storage.Select(p => Gauge("storage_cost_usd_per_month", "storage_type", p, region)),
                .. prices.Network.Select(p => Gauge("network_cost_usd_per_month", "network_type", p, region)),
                new Recording
                {
                    Record = "total_monthly_cost_usd",
                    Expr = $"sum(compute_cost_usd_per_hour) * {prices.HoursPerMonth} + sum(storage_cost_usd_per_month) + sum(network_cost_usd_per_month)",
                    Labels = [("region", region.Name)],
                },
                new Alert
                {
                    Name = "CostDataStale",
                    Severity = Severity.Warning,
                    For = "15m",
                    Expr = "absent(total_monthly_cost_usd) or sum(absent(up{job=\"kube-state-metrics\"} == 1))",
                    Summary = "Nobody knows what the region costs",
                    Description = "The cost gauges, or what they count, have been missing for 15 minutes.",
                    Runbook = new Runbook(
                        "kube-state-metrics, whose counts are multiplied with prices, does not report.",
                        "The cost dashboard is empty or too low; nothing else.",
                        ["query: up{job=\"kube-state-metrics\"}", "kubectl -n monitoring get pods -l app.kubernetes.io/name=kube-state-metrics", "query: compute_cost_usd_per_hour"],
                        ["It is down: kubectl -n monitoring describe deployment kube-state-metrics", "It is up: a workload has another name than the rules expect; compare with monitoring/regions/<region>/rules/cost.rules.yml"],
                        "total_monthly_cost_usd is there."),
                },
                new Alert
                {
                    Name = "CostAboveBudget",
                    Severity = Severity.Warning,
                    For = "6h",
                    Expr = $"total_monthly_cost_usd > {Number(Math.Round(planned * OverrunFactor))}",
                    Summary = "The region costs more than planned",
                    Description = $"At this rate a month costs {{{{ $value | humanize }}}} USD; planned are {Number(Math.Round(planned))}.",
                    Runbook = new Runbook(
                        "What has run for six hours costs a fifth more than the capacity in topology.yaml.",
                        "Money only.",
                        ["query: sort_desc(compute_cost_usd_per_hour * 730)", "kubectl -n recommendation get hpa", "kubectl get nodes -L recoaspire.io/pool"],
                        ["More traffic: it is worth it; raise the region's capacity in topology.yaml, so that the plan is true again.", "Something does not scale in: describe its autoscaler.", "GPU machines without work: see GPUUtilizationLow."],
                        "total_monthly_cost_usd is below the limit."),
                },
            ],
            Tests(topology, region, planned));
    }

    /// <summary>USD a month of a region at its planned capacity.</summary>
    internal static double Planned(DeploymentTopology topology, Region region) =>
        new[] { topology.Prices.Compute, topology.Prices.Storage, topology.Prices.Network }.SelectMany(t => t.Values).Sum(p => p.UsdPerUnit * Units(p, region));

    private static int Units(Price price, Region region) => price.Of.Sum(name => name == "regions" ? 1 : region.Capacity.Of(name) ?? 0);

    private static Recording Gauge(string metric, string label, KeyValuePair<string, Price> price, Region region, string divisor = "") => new()
    {
        Record = metric,
        Expr = $"{Count(price.Value.Of)} * {Number(price.Value.Usd)} / {price.Value.Units}{divisor}",
        Labels = [("region", region.Name), (label, price.Key)],
    };

    // 0 only where kube-state-metrics is there to say so; without it there is no figure, and CostDataStale.
    private static string Count(IReadOnlyList<string> of)
    {
        if (of is ["regions"]) return "vector(1)";
        string[] sets = [.. of.Select(StatefulSet).OfType<string>().Distinct()];
        List<string> counts = [.. of.Select(Other).OfType<string>()];
        if (sets.Length > 0) counts.Add($"sum(kube_statefulset_status_replicas{{namespace=~\"recommendation|scylladb\",statefulset=~\"({string.Join('|', sets)})(-.+)?\"}})");
        if (counts.Count == 0) throw new PublishException($"topology.yaml: prices: nothing counts '{string.Join(", ", of)}'.");
        return string.Join(" + ", counts.Select(c => $"({c} or {Known})")) is var sum && counts.Count > 1 ? $"({sum})" : sum;
    }

    private static string? StatefulSet(string capacity) => capacity switch
    {
        "vector_nodes" => "qdrant",
        "graph_primaries" or "graph_secondaries" => "neo4j",
        "kafka_brokers" => "kafka",
        "profile_nodes" => "scylladb",
        _ => null,
    };

    private static string? Other(string capacity) => capacity switch
    {
        "api_servers" => "sum(kube_deployment_status_replicas{namespace=\"recommendation\",deployment=\"gateway\"})",
        "gpu_nodes" => "count(kube_node_status_capacity{resource=\"nvidia_com_gpu\"} > 0)",
        "gpu_workers" => "sum(kube_statefulset_status_replicas{namespace=\"recommendation\",statefulset=\"embedding\"})",
        _ => null,
    };

    private static IReadOnlyList<RuleTest> Tests(DeploymentTopology topology, Region region, double planned)
    {
        var prices = topology.Prices;
        var running = new RuleTest("Everything runs as planned: the gauges add up to the table").Given("up{job=\"kube-state-metrics\",pod=\"a\"}", "1x30")
            .Given("kube_deployment_status_replicas{namespace=\"recommendation\",deployment=\"gateway\"}", $"{region.Capacity.ApiServers}x30");
        foreach (var (set, count) in Sets(region.Capacity)) running = running.Given($"kube_statefulset_status_replicas{{namespace=\"{Watchers.NamespaceOf(set)}\",statefulset=\"{set}\"}}", $"{count}x30");
        for (var node = 0; node < region.Capacity.GpuNodes; node++) running = running.Given($"kube_node_status_capacity{{resource=\"nvidia_com_gpu\",node=\"gpu-{node}\"}}", "8x30");
        running = running
            .Gives("10m", "round(compute_cost_usd_per_hour * " + prices.HoursPerMonth + ", 0.01)", Expected(prices.Compute, "service", region))
            .Gives("10m", "round(storage_cost_usd_per_month, 0.01)", Expected(prices.Storage, "storage_type", region))
            .Gives("10m", "round(network_cost_usd_per_month, 0.01)", Expected(prices.Network, "network_type", region))
            .Gives("10m", "round(total_monthly_cost_usd, 0.01)", ($"{{region=\"{region.Name}\"}}", Cents(planned)))
            .Quiet("20m", "CostDataStale");
        return
        [
            running,
            new RuleTest("kube-state-metrics is away: no figure, and somebody is told").Given("up{job=\"kube-state-metrics\",pod=\"a\"}", "0x30")
                .Gives("10m", "total_monthly_cost_usd").Gives("10m", "compute_cost_usd_per_hour")
                .Quiet("10m", "CostDataStale").Fires("25m", "CostDataStale"),
            new RuleTest("Ten times as many gateways as planned", "4m").Given("up{job=\"kube-state-metrics\",pod=\"a\"}", "1x130")
                .Given("kube_deployment_status_replicas{namespace=\"recommendation\",deployment=\"gateway\"}", $"{region.Capacity.ApiServers * 10}x130")
                .Quiet("5h", "CostAboveBudget")
                .Gives("8h", "count(ALERTS{alertname=\"CostAboveBudget\",alertstate=\"firing\"})", ("{}", 1)),
        ];
    }

    private static IEnumerable<(string Name, int Count)> Sets(Capacity capacity)
    {
        yield return ("qdrant", capacity.VectorNodes);
        yield return ("neo4j-primary", capacity.GraphPrimaries);
        yield return ("neo4j-secondary", capacity.GraphSecondaries);
        yield return ("kafka", capacity.KafkaBrokers);
        yield return ("scylladb", capacity.ProfileNodes);
    }

    private static (string Series, double Value)[] Expected(IReadOnlyDictionary<string, Price> table, string label, Region region) =>
        [.. table.Select(p => ($"{{region=\"{region.Name}\",{label}=\"{p.Key}\"}}", Cents(p.Value.UsdPerUnit * Units(p.Value, region))))];

    // As PromQL's round does it.
    private static double Cents(double usd) => Math.Floor(usd * 100 + 0.5) / 100;
}
