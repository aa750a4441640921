using System.Text;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Rule files, their tests and the runbooks.</summary>
internal sealed class RulesPart : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var files = new RuleFiles(deployment.Topology.Alerting.RunbooksUrl);
        foreach (var group in RuleCatalogue.Everywhere(deployment.Topology))
        {
            yield return new PublishedFile($"monitoring/base/prometheus/rules/{group.Name}.rules.yml", files.File(group));
            yield return new PublishedFile($"monitoring/tests/base/{group.Name}.test.yml", files.TestFile(group, $"../../base/prometheus/rules/{group.Name}.rules.yml"));
        }

        foreach (var region in deployment.Topology.Regions)
        {
            foreach (var group in RuleCatalogue.OfRegion(deployment, region))
            {
                yield return new PublishedFile($"monitoring/regions/{region.Name}/rules/{group.Name}.rules.yml", files.File(group));
                yield return new PublishedFile($"monitoring/tests/{region.Name}/{group.Name}.test.yml", files.TestFile(group, $"../../regions/{region.Name}/rules/{group.Name}.rules.yml"));
            }
        }

        // An alert may exist several times, once for each service or region: its first runbook is that of all.
        foreach (var alert in RuleCatalogue.All(deployment).SelectMany(g => g.Alerts).Where(a => a.Runbook is not null).DistinctBy(a => a.Name))
            yield return new PublishedFile($"monitoring/runbooks/{alert.Name}.md", Write(alert, alert.Runbook!));
    }

    private static string Write(Alert alert, Runbook runbook)
    {
        var text = new StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"# {alert.Name}\n\n{runbook.Meaning}\n\n**Impact.** {runbook.Impact}\n\n## Look\n");
        foreach (var look in runbook.Look)
            text.Append(look.StartsWith("query: ", StringComparison.Ordinal) ? $"- Prometheus: `{look["query: ".Length..]}`\n" : $"- `{look}`\n");
        text.Append("\n## Act\n");
        foreach (var step in runbook.Act) text.Append("- ").Append(step).Append('\n');
        return text.Append("\n## Verify\n").Append(runbook.Verify).Append('\n').ToString();
    }
}
