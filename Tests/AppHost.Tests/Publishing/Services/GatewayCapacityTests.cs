using RecoAspire.Publishing;
using RecoAspire.Publishing.Kubernetes.Services;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

public sealed class GatewayCapacityTests
{
    [Theory]
    [InlineData("us-east-1", 120, 186)]
    [InlineData("eu-west-1", 120, 186)]
    [InlineData("ap-southeast-1", 20, 31)]
    public void A_region_carries_its_share_of_the_peak_and_the_largest_that_may_come_to_it(string name, int serversOf140, int pods)
    {
        var region = Published.Topology.Region(name);
        Assert.Equal(166_667.0 * serversOf140 / 140, GatewayCapacity.RequestsPerSecond(Published.Topology, region), 6);
        Assert.Equal(pods, GatewayCapacity.Pods(Published.Topology, region));
    }

    [Fact]
    public void A_ceiling_below_the_need_is_refused_with_the_number_that_is_needed()
    {
        var topology = Published.Topology with { Gateway = Published.Topology.Gateway with { MaxReplicas = 185 } };
        var error = Assert.Throws<PublishException>(() => new Published(topology));
        Assert.Contains("max_replicas", error.Message);
        Assert.Contains("186", error.Message);
    }

    [Fact]
    public void A_ceiling_that_is_just_enough_is_taken() =>
        Assert.Equal((80, 186), new Published(Published.Topology with { Gateway = Published.Topology.Gateway with { MaxReplicas = 186 } }).Bounds("us-east-1", "gateway"));

    [Fact]
    public void More_servers_at_least_than_at_most_are_refused()
    {
        var crowded = WithRegion("ap-southeast-1", r => r with { Capacity = r.Capacity with { ApiServers = 201 } });
        var topology = crowded with { Slo = crowded.Slo with { PeakRequestsPerSecond = 1000 } };
        Assert.Contains("ap-southeast-1.capacity.api_servers", Assert.Throws<PublishException>(() => new Published(topology)).Message);
    }

    internal static DeploymentTopology WithRegion(string name, Func<Region, Region> change) =>
        Published.Topology with { Regions = [.. Published.Topology.Regions.Select(r => r.Name == name ? change(r) : r)] };
}
