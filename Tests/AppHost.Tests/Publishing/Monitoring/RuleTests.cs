using System.Text.RegularExpressions;
using RecoAspire.Publishing.Monitoring.Rules;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>Rules are complete: tests, runbooks, annotations, thresholds of the topology.</summary>
public sealed partial class RuleTests(PublishedMonitoring published) : IClassFixture<PublishedMonitoring>
{
    private IEnumerable<RuleGroup> Groups => RuleCatalogue.All(published.Deployment);

    [Fact]
    public void Every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not()
    {
        foreach (var group in Groups)
        {
            foreach (var name in group.Alerts.Select(a => a.Name).Distinct())
            {
                var expectations = group.Tests.SelectMany(t => t.Alerts).Where(a => a.Alert == name).ToList();
                var counted = group.Tests.SelectMany(t => t.Values).Any(v => v.Expr.Contains($"alertname=\"{name}\"") && v.Samples.Count > 0);
                Assert.True(counted || expectations.Exists(a => a.Firing.Count > 0), $"{group.Name}: no case in which {name} fires");
                // One that is always on has no other case; of those that come once for each store, others stay on.
                if (name is not ("Watchdog" or "StoreDown" or "BackupTooOld")) Assert.True(expectations.Exists(a => a.Firing.Count == 0), $"{group.Name}: no case in which {name} is quiet");
            }
        }
    }

    [Fact]
    public void Every_alert_of_a_store_fires_in_one_case_and_is_missing_in_another()
    {
        foreach (var (group, alert) in Groups.SelectMany(g => g.Alerts.Where(a => a.Name is "StoreDown" or "BackupTooOld" or "ServiceDown").Select(a => (g, a))))
        {
            var own = alert.Labels.Single();
            var cases = group.Tests.SelectMany(t => t.Alerts).Where(a => a.Alert == alert.Name).ToList();
            Assert.Contains(cases, c => c.Firing.Any(f => f.Labels.Contains(own)));
            Assert.Contains(cases, c => !c.Firing.Any(f => f.Labels.Contains(own)));
        }
    }

    [Fact]
    public void Every_recorded_series_has_a_case_with_its_value()
    {
        foreach (var group in Groups)
        {
            foreach (var rule in group.Rules.OfType<Recording>())
                Assert.True(group.Tests.SelectMany(t => t.Values).Any(v => v.Expr.Contains(rule.Record) && v.Samples.Count > 0), $"{group.Name}: no case with a value of {rule.Record}");
        }
    }

    [Fact]
    public void Every_alert_has_a_severity_a_summary_a_description_and_a_runbook_that_exists()
    {
        foreach (var alert in Groups.SelectMany(g => g.Alerts))
        {
            Assert.False(string.IsNullOrWhiteSpace(alert.Summary));
            Assert.False(string.IsNullOrWhiteSpace(alert.Description));
            var runbook = published.Text($"monitoring/runbooks/{alert.Name}.md");
            foreach (var heading in (string[])["**Impact.**", "## Look", "## Act", "## Verify"]) Assert.Contains(heading, runbook);
        }

        var urls = published.Files.Where(f => f.Path.EndsWith(".rules.yml", StringComparison.Ordinal)).SelectMany(f => RunbookUrl().Matches(f.Text).Select(m => m.Groups["name"].Value)).ToHashSet();
        Assert.Equal(urls.Order(), published.Files.Where(f => f.Path.StartsWith("monitoring/runbooks/", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f.Path)).Order());
    }

    [Fact]
    public void Queries_in_runbooks_and_names_of_workloads_there_exist()
    {
        string[] known = [.. published.Model.Resources.Select(r => r.Name), "scylladb", "agentdb", "prometheus", "alertmanager", "grafana", "prometheus-adapter", "kube-state-metrics", "node-exporter", "dcgm-exporter"];
        foreach (var file in published.Files.Where(f => f.Path.StartsWith("monitoring/runbooks/", StringComparison.Ordinal)))
        {
            foreach (Match match in Selector().Matches(file.Text))
                if (!match.Groups["name"].Value.StartsWith('<')) Assert.Contains(match.Groups["name"].Value, known);
        }
    }

    [Fact]
    public void The_costs_of_all_regions_add_up_to_the_price_table()
    {
        var prices = published.Topology.Prices;
        var table = prices.Compute.Values.Concat(prices.Storage.Values).Concat(prices.Network.Values).Sum(p => p.Usd);
        // Of the expected values of the promtool cases: what is added up here has been computed by Prometheus.
        var totals = published.Topology.Regions.Select(r => RuleCatalogue.OfRegion(published.Deployment, r).Single(g => g.Name == "cost"))
            .SelectMany(g => g.Tests).SelectMany(t => t.Values).Where(v => v.Expr == "round(total_monthly_cost_usd, 0.01)").Select(v => v.Samples.Single().Value).ToList();

        Assert.Equal(published.Topology.Regions.Count, totals.Count);
        Assert.Equal(126_000, table);
        Assert.Equal(table, totals.Sum(), tolerance: 0.03);
    }

    [Fact]
    public void Thresholds_follow_the_topology()
    {
        var replication = published.Topology.Replication.ToDictionary(r => r.Key, r => r.Value with { LagTargetSeconds = 77 });
        using var other = new PublishedMonitoring(published.Topology with
        {
            Slo = published.Topology.Slo with { LatencyP99Seconds = 0.25, CacheHitRate = 0.7, Availability = 0.99, ErrorRate = 0.02 },
            Replication = replication,
        });
        var slo = other.Text("monitoring/base/prometheus/rules/slo.rules.yml");
        Assert.Contains("le=\\\"0.25\\\"", slo);
        Assert.Contains("reco:api_errors:ratio_rate1h > 0.144 ", slo);
        Assert.Contains("reco:cache_hits:ratio_rate10m < 0.7 ", other.Text("monitoring/base/prometheus/rules/serving.rules.yml"));
        Assert.Equal(3, Regex.Count(other.Text("monitoring/base/prometheus/rules/replication.rules.yml"), " > 77\""));
    }

    [Fact]
    public async Task The_cases_hold_for_other_numbers_too()
    {
        using var other = new PublishedMonitoring(published.Topology with
        {
            Slo = published.Topology.Slo with { LatencyP99Seconds = 0.25, Availability = 0.995, ErrorRate = 0.02 },
            Backup = published.Topology.Backup with { Log = published.Topology.Backup.Log with { Schedule = "*/15 * * * *" } },
        });
        await other.RunAsync("promtool", "test", "rules", "monitoring/tests/base/slo.test.yml", "monitoring/tests/us-east-1/backup.test.yml");
    }

    [Fact]
    public void A_region_without_a_graph_expects_none()
    {
        foreach (var region in published.Topology.Regions)
        {
            var text = published.Text($"monitoring/regions/{region.Name}/rules/region.rules.yml");
            var graph = region.Offers(RecoAspire.Topology.RegionService.KnowledgeGraph);
            Assert.Equal(graph, text.Contains("service: graph"));
            Assert.Equal(graph, text.Contains("store: neo4j"));
            Assert.Equal(graph, text.Contains("store: knowledge_graph"));
        }
    }

    [GeneratedRegex("runbook_url: \"?\\S+/runbooks/(?<name>[A-Za-z]+)\\.md")]
    private static partial Regex RunbookUrl();

    [GeneratedRegex("app\\.kubernetes\\.io/name=(?<name>[<a-z0-9-]+)")]
    private static partial Regex Selector();
}
