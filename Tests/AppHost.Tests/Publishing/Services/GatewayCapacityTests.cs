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
        var (most, lost) = PeakLoad.WorstCase(Published.Topology, region);
        Assert.Equal(pods, most);
        Assert.Equal(166_667.0 * serversOf140 / 140, PeakLoad.RequestsPerSecond(Published.Topology, region, lost), 6);
    }

    internal static DeploymentTopology WithRegion(string name, Func<Region, Region> change) =>
        Published.Topology with { Regions = [.. Published.Topology.Regions.Select(r => r.Name == name ? change(r) : r)] };
}
