using System.Text.RegularExpressions;
using RecoAspire.Publishing.Monitoring.Prometheus;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>What Prometheus', Alertmanager's and Kubernetes' own tools say of the published files.</summary>
public sealed partial class ToolTests(PublishedMonitoring published) : IClassFixture<PublishedMonitoring>
{
    [Fact]
    public async Task Every_rule_file_is_valid() =>
        Assert.DoesNotContain("FAILED", await published.RunAsync("promtool", ["check", "rules", .. Paths(".rules.yml")]));

    [Fact]
    public async Task Every_rule_passes_its_unit_tests()
    {
        // A file at a time: a failure names its file, and the longest one does not hide the others.
        foreach (var file in Paths(".test.yml")) await published.RunAsync("promtool", "test", "rules", file);
    }

    [Fact]
    public async Task The_configuration_of_each_region_is_valid()
    {
        // Debian's build knows no Kubernetes, so discovery is checked below and replaced here. The files that the configuration names
        // exist in the pod only: syntax is what can be checked.
        foreach (var file in Paths("prometheus.yml"))
        {
            var copy = Path.Combine(published.Folder, "checked.yml");
            await File.WriteAllTextAsync(copy, KubernetesDiscovery().Replace(published.Text(file), "${indent}${dash}static_configs: []\n"), TestContext.Current.CancellationToken);
            Assert.Contains("SUCCESS", await published.RunAsync("promtool", "check", "config", "--syntax-only", copy));
        }
    }

    [Fact]
    public void Discovery_asks_only_for_what_the_roles_allow()
    {
        foreach (var region in published.Topology.Regions)
        {
            var text = published.Text($"monitoring/regions/{region.Name}/prometheus.yml");
            var blocks = KubernetesDiscovery().Matches(text).Select(m => m.Value).ToList();
            Assert.Equal(11, blocks.Count);
            Assert.All(blocks, b => Assert.Matches("- role: (pod|node)\n", b));
            var namespaces = blocks.SelectMany(b => Regex.Matches(b, @"names:\n\s+- (\S+)").Select(m => m.Groups[1].Value)).ToHashSet();
            Assert.Equal(ScrapeAccess.Namespaces.ToHashSet(), namespaces);
        }
    }

    [Fact]
    public async Task Alertmanager_takes_its_configuration() =>
        Assert.Contains("SUCCESS", await published.RunAsync("amtool", "check-config", "monitoring/base/alertmanager/alertmanager.yml"));

    [Theory]
    [InlineData("Watchdog", "none", "watchdog")]
    [InlineData("ServiceDown", "critical", "pager,chat")]
    [InlineData("HighLatency", "warning", "chat")]
    [InlineData("GPUUtilizationLow", "info", "chat")]
    public async Task An_alert_goes_to_whom_its_severity_says(string alert, string severity, string receivers)
    {
        var text = await published.RunAsync("amtool", "config", "routes", "test", "--config.file=monitoring/base/alertmanager/alertmanager.yml",
            $"alertname={alert}", $"severity={severity}", "region=us-east-1");
        Assert.Equal(receivers, text.Split('\n')[0].Trim());
    }

    [Fact]
    public async Task Every_overlay_renders_and_no_reference_to_a_generated_map_is_left_without_its_hash()
    {
        foreach (var region in published.Topology.Regions)
        {
            var text = await published.RunAsync("kubectl", "kustomize", $"monitoring/regions/{region.Name}");
            foreach (var map in (string[])["prometheus-config", "prometheus-rules", "prometheus-region-rules", "alertmanager-config", "prometheus-adapter-config", "grafana-dashboards"])
                Assert.Matches($"name: {map}-[a-z0-9]{{10}}\n", text);
            Assert.DoesNotMatch("name: (prometheus-config|prometheus-rules|prometheus-region-rules|alertmanager-config|prometheus-adapter-config|grafana-dashboards)\n", text);
            Assert.Equal(region.Offers(RecoAspire.Topology.RegionService.GpuCluster), text.Contains($"image: {published.Topology.Images.OfEngine("dcgm_exporter")}\n"));
            Assert.Equal(region.Role == RecoAspire.Topology.RegionRole.Primary, text.Contains("name: prometheus-global-regions\n"));
            await published.RunAsync("kubectl", "kustomize", $"monitoring/operator/regions/{region.Name}");
        }
    }

    private IEnumerable<string> Paths(string ending) =>
        published.Files.Select(f => f.Path).Where(p => p.EndsWith(ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"(?m)^(?<indent> *)(?<dash>- )?kubernetes_sd_configs:\n(?:\k<indent>  (?(dash)  ).*\n)+")]
    private static partial Regex KubernetesDiscovery();
}
