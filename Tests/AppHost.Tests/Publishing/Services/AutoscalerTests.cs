namespace RecoAspire.AppHost.Tests.Publishing.Services;

public sealed class AutoscalerTests
{
    [Fact]
    public void The_gateway_grows_fast_and_shrinks_slowly_by_processor_time_and_request_rate()
    {
        var published = new Published();
        var spec = published.Object("k8s/base/gateway/autoscaler.yaml", "HorizontalPodAutoscaler").At("spec")!;
        Assert.Equal(("80", "200"), (spec.Text("minReplicas"), spec.Text("maxReplicas")));
        Assert.Equal(["cpu", "http_requests_per_second"], spec.Items("metrics").Select(m => m.Text("type") == "Resource" ? m.Text("resource/name") : m.Text("pods/metric/name")));
        Assert.Equal("70", spec.Items("metrics").First().Text("resource/target/averageUtilization"));
        Assert.Equal("1000", spec.Items("metrics").Last().Text("pods/target/averageValue"));
        Assert.Equal(("60", "Max"), (spec.Text("behavior/scaleUp/stabilizationWindowSeconds"), spec.Text("behavior/scaleUp/selectPolicy")));
        Assert.Equal([("Percent", "100", "60"), ("Pods", "10", "60")], Policies("scaleUp"));
        Assert.Equal(("300", "Min"), (spec.Text("behavior/scaleDown/stabilizationWindowSeconds"), spec.Text("behavior/scaleDown/selectPolicy")));
        Assert.Equal([("Percent", "10", "60")], Policies("scaleDown"));

        IEnumerable<(string, string, string)> Policies(string direction) =>
            spec.Items($"behavior/{direction}/policies").Select(p => (p.Text("type"), p.Text("value"), p.Text("periodSeconds")));
    }

    [Theory]
    [InlineData("us-east-1", 80)]
    [InlineData("eu-west-1", 40)]
    [InlineData("ap-southeast-1", 20)]
    public void Each_region_has_its_own_lower_bound(string region, int least) => Assert.Equal((least, 200), new Published().Bounds(region, "gateway"));

    [Fact]
    public void Gpu_workers_grow_to_what_the_nodes_hold() => Assert.Equal((6, 40), new Published().Bounds("us-east-1", "embedding"));

    [Fact]
    public void Nodes_that_do_not_hold_the_workers_are_refused()
    {
        var topology = GatewayCapacityTests.WithRegion("us-east-1", r => r with { Capacity = r.Capacity with { GpuNodes = 2 } });
        Assert.Contains("us-east-1.capacity.gpu_nodes", Assert.Throws<RecoAspire.Publishing.PublishException>(() => new Published(topology)).Message);
    }

    [Fact]
    public void Where_an_autoscaler_owns_the_number_no_workload_states_one()
    {
        var published = new Published();
        foreach (var (folder, workload) in published.Workloads())
        {
            Assert.Equal(published.Paths.Contains($"k8s/base/{folder}/autoscaler.yaml"), workload.At("spec/replicas") is null);
        }
    }
}
