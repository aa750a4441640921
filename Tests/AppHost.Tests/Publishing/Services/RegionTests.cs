using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

public sealed class RegionTests
{
    [Fact]
    public void A_region_has_the_workloads_that_it_offers_and_no_others()
    {
        var published = new Published();
        Assert.Equal(
            ["agentdb", "cache", "embedding-gpu", "eventlog", "gateway", "graph", "kafka", "neo4j", "ops", "platform", "profile", "qdrant", "scylladb", "vectorsearch"], Folders(published, "us-east-1"));
        Assert.Equal(
            ["agentdb", "cache", "embedding-cpu", "eventlog", "gateway", "kafka", "ops", "platform", "profile", "qdrant", "scylladb", "vectorsearch"], Folders(published, "ap-southeast-1"));
    }

    [Fact]
    public void Without_the_graph_there_is_no_address_of_it()
    {
        var published = new Published();
        Assert.Contains("graph_db_url=dns:///graph:8000", Addresses(published, "eu-west-1"));
        Assert.DoesNotContain(Addresses(published, "ap-southeast-1"), a => a.StartsWith("graph", StringComparison.Ordinal));
        Assert.Contains("vector_db_url=dns:///vectorsearch:8000", Addresses(published, "ap-southeast-1"));
    }

    [Fact]
    public void Without_a_licence_the_graph_store_is_one_server()
    {
        var published = new Published(Published.Topology with { Neo4j = Published.Topology.Neo4j with { Edition = "community" } });
        Assert.Contains("neo4j-community", Folders(published, "us-east-1"));
        Assert.DoesNotContain("neo4j", Folders(published, "us-east-1"));
        Assert.DoesNotContain(published.Overlay("us-east-1").Items("replicas"), r => r.Text("name").StartsWith("neo4j", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_capacity_changes_that_regions_numbers_and_no_others()
    {
        var before = new Published();
        var after = new Published(GatewayCapacityTests.WithRegion("eu-west-1", r => r with { Capacity = r.Capacity with { ApiServers = 41, VectorNodes = 12 } }));
        Assert.Equal((41, 200), after.Bounds("eu-west-1", "gateway"));
        Assert.Equal("12", Count(after, "eu-west-1", "qdrant"));
        Assert.Equal(
            ["k8s/regions/eu-west-1/kustomization.yaml", "k8s/regions/eu-west-1/quota.yaml"],
            before.Paths.Where(p => p.StartsWith("k8s/regions/", StringComparison.Ordinal) && before.Text(p) != after.Text(p)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_fourth_region_gets_an_overlay_with_its_own_cloud_and_names()
    {
        var fourth = Published.Topology.Region("eu-west-1") with { Name = "sa-east-1", Provider = CloudProvider.Aws, Location = "sa-east-1", Zones = ["sa-east-1a", "sa-east-1b", "sa-east-1c"] };
        var published = new Published(Published.Topology with { Regions = [.. Published.Topology.Regions, fourth] });
        Assert.Equal((40, 200), published.Bounds("sa-east-1", "gateway"));
        Assert.Contains("sa-east-1.api.tv5monde.com", published.Text("k8s/regions/sa-east-1/ingress.yaml"));
        Assert.All(published.Objects("k8s/regions/sa-east-1/storage.yaml"), c => Assert.Equal("ebs.csi.aws.com", c.Text("provisioner")));
        Assert.Equal("sa-east-1", published.Object("k8s/regions/sa-east-1/secret-store.yaml", "ClusterSecretStore").Text("spec/provider/aws/region"));
        Assert.Contains("arn:aws:iam::123456789012:role/reco-sa-east-1-ops", published.Text("k8s/regions/sa-east-1/kustomization.yaml"));
    }

    [Fact]
    public void Each_cloud_brings_its_own_storage_secret_store_and_way_in()
    {
        var published = new Published();
        Assert.All(published.Objects("k8s/regions/eu-west-1/storage.yaml"), c => Assert.Equal("pd.csi.storage.gke.io", c.Text("provisioner")));
        Assert.NotNull(published.Object("k8s/regions/eu-west-1/secret-store.yaml", "ClusterSecretStore").At("spec/provider/gcpsm"));
        Assert.StartsWith("gke-", published.Object("k8s/regions/eu-west-1/ingress.yaml", "Gateway").Text("spec/gatewayClassName"));
        var classes = published.Objects("k8s/regions/us-east-1/ingress.yaml").Where(o => o.Text("kind") == "GatewayClass").Select(c => c.Text("metadata/name"));
        Assert.Equal([published.Object("k8s/regions/us-east-1/ingress.yaml", "Gateway").Text("spec/gatewayClassName")], classes);
        foreach (var region in Published.Topology.Regions)
        {
            var storage = published.Objects($"k8s/regions/{region.Name}/storage.yaml").ToDictionary(c => c.Text("metadata/name"));
            Assert.Equal(("Retain", "Delete"), (storage["fast-ssd"].Text("reclaimPolicy"), storage["scratch-ssd"].Text("reclaimPolicy")));
            Assert.All(storage.Values, c => Assert.Equal(("WaitForFirstConsumer", "true"), (c.Text("volumeBindingMode"), c.Text("allowVolumeExpansion"))));
        }
    }

    [Fact]
    public void The_public_way_leads_to_what_viewers_apps_call_and_to_readiness_and_never_to_metrics_profiles_or_ingest()
    {
        foreach (var region in Published.Topology.Regions)
        {
            var routes = new Published().Objects($"k8s/regions/{region.Name}/ingress.yaml").Where(o => o.Text("kind") == "HTTPRoute").ToList();
            var open = routes.Single(r => r.Text("metadata/name") == "gateway").Items("spec/rules").SelectMany(r => r.Items("matches")).Select(m => $"{(m.At("method") is null ? "any" : m.Text("method"))} {m.Text("path/type")} {m.Text("path/value")}");
            Assert.Equal(["GET Exact /api/recommendations", "POST Exact /api/rank", "POST Exact /api/events", "GET PathPrefix /api/items", "GET Exact /api/search", "any Exact /health/ready"], open);
            Assert.DoesNotContain(routes.Where(r => r.Text("metadata/name") != "gateway").SelectMany(r => r.Items("spec/rules")), r => r.Items("backendRefs").Any());
        }
    }

    [Fact]
    public void The_quota_holds_every_workload_at_its_largest()
    {
        var hard = new Published().Object("k8s/regions/us-east-1/quota.yaml", "ResourceQuota").At("spec/hard")!;
        Assert.True(hard.Number("pods") >= 250, "200 gateways and a quarter more while they are replaced");
        Assert.True(hard.Number("requests.cpu") >= (250 * 2) + (40 * 16));
        Assert.Equal("160", hard.Text("requests.nvidia.com/gpu"));
        Assert.Equal("0", new Published().Object("k8s/regions/eu-west-1/quota.yaml", "ResourceQuota").Text("spec/hard/requests.nvidia.com/gpu"));
    }

    private static IEnumerable<string> Folders(Published published, string region) =>
        published.Overlay(region).Items("resources").Select(r => r.ToString()).Where(r => r.StartsWith("../../base/", StringComparison.Ordinal)).Select(r => r["../../base/".Length..]);

    private static List<string> Addresses(Published published, string region) =>
        [.. published.Overlay(region).Items("configMapGenerator").Single(m => m.Text("name") == "service-endpoints").Items("literals").Select(l => l.ToString())];

    private static string Count(Published published, string region, string name) => published.Overlay(region).Items("replicas").Single(r => r.Text("name") == name).Text("count");
}
