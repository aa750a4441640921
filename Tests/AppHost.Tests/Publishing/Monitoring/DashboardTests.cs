using System.Text.Json;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>Dashboards are files that Grafana provisions as they are.</summary>
public sealed class DashboardTests(PublishedMonitoring published) : IClassFixture<PublishedMonitoring>
{
    private IEnumerable<JsonElement> Dashboards => published.Files.Where(f => f.Path.Contains("/dashboards/")).Select(f => JsonDocument.Parse(f.Text).RootElement);

    [Fact]
    public void There_is_one_for_each_subject_with_an_address_that_stays()
    {
        Assert.Equal(["reco-cost", "reco-gpu", "reco-overview", "reco-regions", "reco-slo", "reco-vector-search"], Dashboards.Select(d => d.GetProperty("uid").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(Dashboards, d => Assert.True(d.GetProperty("schemaVersion").GetInt32() >= 39));
        Assert.All(Dashboards, d => Assert.Equal(["datasource", "region"], d.GetProperty("templating").GetProperty("list").EnumerateArray().Select(v => v.GetProperty("name").GetString())));
    }

    [Fact]
    public void Every_panel_has_an_id_a_place_a_unit_a_source_and_queries_with_names()
    {
        foreach (var dashboard in Dashboards)
        {
            var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
            foreach (var panel in panels.Where(p => p.GetProperty("type").GetString() != "row"))
            {
                Assert.False(string.IsNullOrEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()));
                Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
                var targets = panel.GetProperty("targets").EnumerateArray().ToList();
                Assert.NotEmpty(targets);
                Assert.Equal(targets.Count, targets.Select(t => t.GetProperty("refId").GetString()).Distinct().Count());
                Assert.All(targets, t => Assert.Contains("$region", t.GetProperty("expr").GetString()));
            }
        }
    }

    [Fact]
    public void No_two_panels_lie_on_each_other()
    {
        foreach (var dashboard in Dashboards)
        {
            var places = new HashSet<(int X, int Y)>();
            foreach (var panel in dashboard.GetProperty("panels").EnumerateArray())
            {
                var grid = panel.GetProperty("gridPos");
                for (var x = 0; x < grid.GetProperty("w").GetInt32(); x++)
                {
                    for (var y = 0; y < grid.GetProperty("h").GetInt32(); y++)
                        Assert.True(places.Add((grid.GetProperty("x").GetInt32() + x, grid.GetProperty("y").GetInt32() + y)), panel.GetProperty("title").GetString());
                }

                Assert.True(grid.GetProperty("x").GetInt32() + grid.GetProperty("w").GetInt32() <= 24);
            }
        }
    }
}
