using RecoAspire.Publishing.Checking;

namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>One number, or one more region, changes everywhere it should, and nowhere else.</summary>
public sealed class TopologyChangeTests : IDisposable
{
    private const string FourthRegion = """
          - name: sa-east-1
            role: tertiary
            provider: aws
            location: sa-east-1
            zones: [sa-east-1a, sa-east-1b, sa-east-1c]
            continents: [SA]
            fail_over_to: us-east-1
            services: [hot_path_api, vector_search]
            capacity:
              api_servers: 10
              vector_nodes: 4
              kafka_brokers: 3
              profile_nodes: 3

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("topology-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_regions_capacity_follows_into_autoscaler_quota_machines_failover_cost_and_guide()
    {
        var before = CommittedSet.Generate(CommittedSet.TopologyText);
        var after = CommittedSet.Generate(CommittedSet.Edit(CommittedSet.TopologyText, "api_servers: 40", "api_servers: 47"));
        var changed = after.Where(f => before[f.Key] != f.Value).Select(f => f.Key).ToHashSet();
        Assert.Equal(before.Keys, after.Keys);
        foreach (var path in (string[])["k8s/regions/eu-west-1/kustomization.yaml", "scaling/regions/eu-west-1/node-pools.tf", "backup/scripts/failover.sh", "DEPLOY.md"]) Assert.Contains(path, changed);
        Assert.Contains("value: 47", after["k8s/regions/eu-west-1/kustomization.yaml"], StringComparison.Ordinal);
        // Elsewhere only shares of the peak move: bounds of autoscalers, what they may take at most, and the machines for it.
        Assert.All(changed, path => Assert.Matches(@"^(DEPLOY\.md|backup/scripts/failover\.sh|scaling/regions/.*|k8s/base/[a-z-]+/autoscaler\.yaml|k8s/regions/[a-z0-9-]+/(kustomization|quota)\.yaml|monitoring/.*)$", path));
        foreach (var region in (string[])["us-east-1", "ap-southeast-1"])
        {
            var path = $"k8s/regions/{region}/kustomization.yaml";
            Assert.All(after[path].Split('\n').Except(before[path].Split('\n')), line => Assert.Matches(@"^\s+value: [0-9]+$", line));
            Assert.Equal(before[path].Split('\n').Length, after[path].Split('\n').Length);
        }
    }

    [Fact]
    public void A_fourth_region_gets_its_own_of_everything_and_the_whole_set_stays_right()
    {
        Assert.SkipUnless(Tools.Kustomize, Tools.WhyNoKustomize);
        var text = CommittedSet.Edit(CommittedSet.TopologyText, "default_region:", $"{FourthRegion}default_region:");
        text = CommittedSet.Edit(text, "continents: [NA, SA]", "continents: [NA]");
        var files = CommittedSet.Generate(text);
        foreach (var path in (string[])
        [
            "k8s/regions/sa-east-1/kustomization.yaml", "monitoring/regions/sa-east-1/kustomization.yaml", "scaling/regions/sa-east-1/node-pools.tf",
            "backup/regions/sa-east-1/kustomization.yaml", "dns/failover/sa-east-1-away.json", "dns/failover/sa-east-1-back.json",
        ])
            Assert.Contains(path, files.Keys);
        Assert.Contains("sa-east-1.api.tv5monde.com", files["dns/route53.tf"], StringComparison.Ordinal);
        Assert.Contains("sa-east-1", files["DEPLOY.md"], StringComparison.Ordinal);
        Assert.Contains("sa-east-1)", files["backup/scripts/failover.sh"], StringComparison.Ordinal);

        CommittedSet.Save(files, _folder);
        var topology = RecoAspire.Topology.TopologyFile.Parse(text);
        var result = PublishedSetCheck.Run(_folder, SetCheck.Options(Publisher.Describe(topology, CommittedSet.Model), null));
        Assert.Empty(result.Findings);
        Assert.Equal(4, result.Traffic.Count);
    }

    [Fact]
    public void The_community_edition_is_one_server_and_the_set_stays_right()
    {
        Assert.SkipUnless(Tools.Kustomize, Tools.WhyNoKustomize);
        var text = CommittedSet.Edit(CommittedSet.TopologyText, "edition: enterprise", "edition: community")
            .Replace("graph_primaries: 3", "graph_primaries: 1", StringComparison.Ordinal)
            .Replace("graph_secondaries: 5", "graph_secondaries: 0", StringComparison.Ordinal)
            .Replace("graph_secondaries: 2", "graph_secondaries: 0", StringComparison.Ordinal);
        var files = CommittedSet.Generate(text);
        Assert.Contains("neo4j-community", files["k8s/regions/us-east-1/kustomization.yaml"], StringComparison.Ordinal);
        Assert.DoesNotContain("backup/base/knowledge-graph/backup.yaml", files.Keys);
        CommittedSet.Save(files, _folder);
        var result = PublishedSetCheck.Run(_folder, SetCheck.Options(Publisher.Describe(RecoAspire.Topology.TopologyFile.Parse(text), CommittedSet.Model), null));
        Assert.Empty(result.Findings);
    }
}
