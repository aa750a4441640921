using System.Text.Json;
using System.Text.RegularExpressions;
using RecoAspire.Publishing.Monitoring;
using RecoAspire.Publishing.Monitoring.Adapter;
using RecoAspire.Publishing.Monitoring.Rules;

namespace RecoAspire.AppHost.Tests.Publishing.Monitoring;

/// <summary>Whatever a rule, a dashboard or the adapter asks for is exported by somebody, or recorded by a rule.</summary>
public sealed class MetricNameTests(PublishedMonitoring published) : IClassFixture<PublishedMonitoring>
{
    [Fact]
    public void Every_metric_that_is_asked_for_is_exported_or_recorded()
    {
        var known = Known();
        foreach (var (where, expr) in Expressions())
        {
            foreach (var name in PromQl.Metrics(expr)) Assert.True(known.Contains(name), $"{where}: nobody exports '{name}' ({expr})");
        }
    }

    [Fact]
    public void Every_metric_on_the_lists_is_asked_for()
    {
        var asked = Expressions().SelectMany(e => PromQl.Metrics(e.Expr)).Select(Base).ToHashSet();
        var all = ExportedMetrics.Own.Concat(ExportedMetrics.OfJobs).Concat(ExportedMetrics.Others.Values.SelectMany(v => v));
        Assert.All(all, name => Assert.Contains(name, asked));
    }

    [Theory]
    [InlineData("sum by (le, job) (rate(a_bucket{x=\"b_total\"}[5m])) / on (pod) group_left () (c > 0) or vector(0)", "a_bucket,c")]
    [InlineData("histogram_quantile(0.99, d:e:f) and g == +Inf", "d:e:f,g")]
    [InlineData("label_replace(h, \"i\", \"$1\", \"j\", \"(.+)\") * 4 * 86400", "h")]
    public void Names_are_read_out_of_promql(string expr, string names) => Assert.Equal(names.Split(','), PromQl.Metrics(expr));

    private HashSet<string> Known()
    {
        var recorded = RuleCatalogue.All(published.Deployment).SelectMany(g => g.Rules).OfType<Recording>().Select(r => r.Record);
        var own = ExportedMetrics.Own.SelectMany(name => (string[])[name, .. name.EndsWith("_seconds", StringComparison.Ordinal) ? [$"{name}_bucket", $"{name}_count", $"{name}_sum"] : Array.Empty<string>()]);
        return [.. recorded, .. own, .. ExportedMetrics.OfJobs, .. ExportedMetrics.Others.Values.SelectMany(v => v)];
    }

    private static string Base(string name) => Regex.Replace(name, "_seconds_(bucket|count|sum)$", "_seconds");

    private IEnumerable<(string Where, string Expr)> Expressions()
    {
        foreach (var group in RuleCatalogue.All(published.Deployment))
        {
            foreach (var rule in group.Rules) yield return (group.Name, rule.Expr);
        }

        foreach (var query in AdapterRules.Queries) yield return ("prometheus-adapter", query);
        foreach (var file in published.Files.Where(f => f.Path.Contains("/dashboards/")))
        {
            using var dashboard = JsonDocument.Parse(file.Text);
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            {
                if (!panel.TryGetProperty("targets", out var targets)) continue;
                foreach (var target in targets.EnumerateArray()) yield return (file.Path, target.GetProperty("expr").GetString()!);
            }
        }
    }
}
