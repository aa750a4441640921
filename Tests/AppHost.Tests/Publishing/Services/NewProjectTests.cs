using System.Text.Json.Nodes;
using RecoAspire.Publishing;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

public sealed class NewProjectTests
{
    private static readonly Workload Size = new() { Cpu = 1, MemoryMib = 512, MemoryLimitMib = 1024, StorageGib = 10, Replicas = 3 };

    [Fact]
    public void A_new_project_gets_a_workload_a_name_and_its_connections()
    {
        var published = new Published(With(Size), Manifest());
        Assert.Equal("3", published.Object("k8s/base/editorial/workload.yaml", "StatefulSet").Text("spec/replicas"));
        Assert.Contains("editorial_url=dns:///editorial:8000", published.Text("k8s/regions/us-east-1/kustomization.yaml"));
        Assert.Contains("services__editorial__http__0", published.Object("k8s/base/gateway/workload.yaml", "Deployment").Environment().Keys);
        var callers = published.Object("k8s/base/editorial/network.yaml", "NetworkPolicy").Items("spec/ingress").SelectMany(r => r.Items("from")).Select(f => f.Text("podSelector/matchLabels/app.kubernetes.io/name"));
        Assert.Contains("gateway", callers);
        Assert.Contains("../../base/editorial", published.Text("k8s/regions/eu-west-1/kustomization.yaml"));
    }

    [Fact]
    public void One_without_a_size_is_refused() => Assert.Contains("workloads: 'editorial'", Error(Published.Topology, Manifest()));

    [Fact]
    public void One_whose_pods_nobody_has_counted_is_refused() => Assert.Contains("workloads.editorial.replicas", Error(With(Size with { Replicas = null }), Manifest()));

    [Fact]
    public void One_without_a_volume_is_refused() => Assert.Contains("workloads.editorial.storage_gib", Error(With(Size with { StorageGib = 0 }), Manifest()));

    [Fact]
    public void One_with_a_port_that_the_cluster_does_not_know_is_refused() => Assert.Contains("'admin' of 'editorial'", Error(With(Size), Manifest("admin")));

    private static string Error(DeploymentTopology topology, string manifest) => Assert.Throws<PublishException>(() => new Published(topology, manifest)).Message;

    private static DeploymentTopology With(Workload size) =>
        Published.Topology with { Workloads = new Dictionary<string, Workload>(Published.Topology.Workloads) { ["editorial"] = size } };

    private static string Manifest(string? endpoint = null)
    {
        var manifest = JsonNode.Parse(Published.Manifest)!;
        var editorial = JsonNode.Parse(manifest["resources"]!["profile"]!.ToJsonString().Replace("{profile.", "{editorial.", StringComparison.Ordinal))!;
        if (endpoint is not null) editorial["bindings"]![endpoint] = editorial["bindings"]!["http"]!.DeepClone();
        manifest["resources"]!["editorial"] = editorial;
        manifest["resources"]!["gateway"]!["env"]!["services__editorial__http__0"] = "{editorial.bindings.grpc.url}";
        return manifest.ToJsonString();
    }
}
