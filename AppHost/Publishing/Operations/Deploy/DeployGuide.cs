using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RecoAspire.Publishing.Kubernetes.Services;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Operations.Deploy;

/// <summary>DEPLOY.md: what to type, in which order, and what to look at after each step; made from the same topology and the same files.</summary>
public static partial class DeployGuide
{
    /// <summary>The guide.</summary>
    /// <param name="deployment">What is deployed.</param>
    /// <param name="files">The whole set: it names the secrets that are wanted.</param>
    public static PublishedFile Write(Deployment deployment, IReadOnlyList<PublishedFile> files)
    {
        var topology = deployment.Topology;
        var text = new StringBuilder();
        text.Append(Sections.Introduction(topology));
        text.Append(Numbers(topology));
        text.Append(Sections.Before(topology));
        text.Append(Secrets(files, topology.Primary.Name));
        text.Append(Sections.Images(deployment));
        foreach (var region in topology.Regions) text.Append(RegionSteps.Write(region, deployment));
        text.Append(Sections.Edge(topology));
        text.Append(Sections.After(topology));
        text.Append(Sections.Change());
        text.Append(Sections.Recovery(topology));
        text.Append(Errata());
        return new PublishedFile("DEPLOY.md", text.ToString().ReplaceLineEndings("\n"));
    }

    // Capacity in one table, with what follows from it.
    private static string Numbers(DeploymentTopology topology)
    {
        var text = new StringBuilder("""

            ## The numbers

            All follow from `AppHost/Topology/topology.yaml`; nothing here is edited by hand.

            | region | where | gateways | requests/s it must carry when one region is lost | Qdrant | Neo4j | Kafka | ScyllaDB | GPU workers | machines |
            |---|---|---|---|---|---|---|---|---|---|

            """);
        foreach (var region in topology.Regions)
        {
            var c = region.Capacity;
            var pools = string.Join(", ", NodePools.Of(region, topology).Select(p => p.Min == p.Max ? $"{p.Pool.Name} {p.Min}" : $"{p.Pool.Name} {p.Min}-{p.Max}"));
            text.Append(CultureInfo.InvariantCulture, $"| {region.Name} ({Lower(region.Role)}) | {Lower(region.Provider)} {region.Location} | {c.ApiServers}-{topology.Gateway.MaxReplicas} | {PeakLoad.RequestsPerSecond(topology, region, PeakLoad.WorstCase(topology, region).Lost):#,0} | {c.VectorNodes} | {c.GraphPrimaries} + {c.GraphSecondaries} | {c.KafkaBrokers} | {c.ProfileNodes} | {c.GpuWorkers} | {pools} |\n");
        }

        text.Append("\nServices behind the gateway grow with it, by the rate that one pod was measured to carry; a new pod fills its view from the log before it answers,\nso raise `replicas` to what an ordinary evening needs:\n\n| region | vectorsearch | graph | profile | embedding |\n|---|---|---|---|---|\n");
        foreach (var region in topology.Regions)
            text.Append(CultureInfo.InvariantCulture, $"| {region.Name} | {Pods("vectorsearch", region, topology)} | {Pods("graph", region, topology)} | {Pods("profile", region, topology)} | {Pods("embedding", region, topology)} |\n");
        text.Append("\n| store | recovery point | recovery time | held by |\n|---|---|---|---|\n");
        foreach (var (store, objective) in topology.RecoveryObjectives.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {store} | {objective.RpoMinutes} min | {objective.RtoMinutes} min | {HeldBy(store, topology)} |\n");
        }

        return text.ToString();
    }

    private static string Pods(string name, Region region, DeploymentTopology topology)
    {
        if (!RegionWorkloads.Runs(name, region)) return "-";
        var size = RegionWorkloads.Size(name, topology, region);
        var most = RegionWorkloads.MostPods(name, topology, region);
        var least = name == "embedding" && region.Offers(RegionService.GpuCluster) ? region.Capacity.GpuWorkers : ServiceAutoscaler.Least(size);
        return least == most ? $"{most}" : $"{least}-{most}";
    }

    private static string HeldBy(string store, DeploymentTopology topology) => store == "hot_path_api"
        ? "no state of its own: the next region answers"
        : $"replay of the log, copied `{topology.Backup.Log.Schedule}`; the store's own copies (`backup/`) shorten the replay";

    private static string Secrets(IReadOnlyList<PublishedFile> files, string primary)
    {
        var names = files.Where(f => f.Path.EndsWith(".yaml", StringComparison.Ordinal))
            .SelectMany(f => RemoteKey().Matches(f.Text).Select(m => m.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal);
        return "\n### Secrets\n\nPut these into each region's secret store (AWS Secrets Manager, Google Secret Manager); the clusters fetch them, no file holds a value:\n\n"
            + string.Concat(names.Select(n => $"- `{n}`\n"))
            + "\nA random value is right for all that end in `key` or `password`: `openssl rand -hex 24`. Those of Alertmanager come from the services that it calls.\n"
            + "The one certificate, `...-ca-crt`, exists only after the primary region's monitoring does: `kubectl --context "
            + primary + " -n monitoring get secret prometheus-global-ca -o jsonpath='{.data.ca\\.crt}' | base64 --decode`.\n";
    }

    private static string Errata()
    {
        var text = new StringBuilder("""

            ## The specification's mistakes, row by row

            Rows are those of the errata of the deployment guide. "Where" is a file of this folder unless it says otherwise.

            | row | settled how | where |
            |---|---|---|

            """);
        foreach (var row in ErrataRows.All) text.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {row.How} | {string.Join(", ", row.Where.Select(w => $"`{w}`"))} |\n");
        return text.ToString();
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    [GeneratedRegex(@"^\s+key: (recoaspire-[a-z0-9-]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex RemoteKey();
}
