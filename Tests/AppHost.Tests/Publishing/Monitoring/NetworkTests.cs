using RecoAspire.Publishing;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>Prometheus reaches what it scrapes, and nobody reaches more than he needs.</summary>
public sealed class NetworkTests(PublishedMonitoring published) : IClassFixture<PublishedMonitoring>
{
    private static readonly string[] Watching = ["prometheus", "alertmanager", "prometheus-adapter", "grafana", "kube-state-metrics", "node-exporter", "dcgm-exporter"];

    [Fact]
    public void Prometheus_reaches_the_metrics_of_every_service_and_no_other_port_of_it()
    {
        foreach (var service in published.Model.Services)
            Assert.Equal([9090], published.Deployment.Edges.Where(e => e.From == Peer.InMonitoring("prometheus") && e.To == Peer.Of(service.Name)).Select(e => e.Port));
    }

    [Fact]
    public void Nothing_that_watches_opens_a_connection_to_a_service_but_prometheus() => Assert.All(
        published.Deployment.Edges.Where(e => e.From.Namespace is "monitoring" or "node-agents" && e.To.Namespace == Deployment.Namespace), e => Assert.Equal("prometheus", e.From.Name));

    [Fact]
    public void Every_workload_has_a_policy_an_account_and_a_disruption_budget_of_its_own()
    {
        foreach (var name in Watching)
        {
            var files = published.Files.Where(f => f.Path.StartsWith($"monitoring/base/{name}/", StringComparison.Ordinal)).Select(f => f.Text).ToList();
            foreach (var kind in (string[])["NetworkPolicy", "ServiceAccount", "PodDisruptionBudget"]) Assert.Contains(files, f => f.Contains($"kind: {kind}\nmetadata:\n  name: {name}\n"));
        }
    }

    [Fact]
    public void Only_those_that_ask_the_api_server_have_a_token() => Assert.Equal(
        ["kube-state-metrics", "prometheus", "prometheus-adapter"],
        published.Files.Where(f => f.Text.Contains("automountServiceAccountToken: true\n")).Select(f => f.Path.Split('/')[2]).Order(StringComparer.Ordinal));

    [Fact]
    public void Only_agents_of_machines_see_the_machine() => Assert.Equal(
        ["dcgm-exporter", "node-exporter"],
        published.Files.Where(f => f.Text.Contains("hostPath:")).Select(f => f.Path.Split('/')[2]).Order(StringComparer.Ordinal));
}
