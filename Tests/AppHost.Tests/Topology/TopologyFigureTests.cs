using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Topology;

/// <summary>Figures that follow from the project's own topology.</summary>
public sealed class TopologyFigureTests
{
    private readonly DeploymentTopology _topology = TopologyFile.Read(TopologyText.Path);

    [Fact]
    public void The_services_histograms_have_the_boundaries_that_a_promise_may_name() => Assert.Equal(MetricNames.LatencyBucketsSeconds, LatencyBuckets.Seconds);

    [Fact]
    public void A_month_costs_126_000_USD_of_which_58_000_could_be_saved()
    {
        var prices = _topology.Prices;
        var (compute, storage, network) = (prices.Compute.Values.Sum(p => p.Usd), prices.Storage.Values.Sum(p => p.Usd), prices.Network.Values.Sum(p => p.Usd));
        Assert.Equal((100_000, 11_000, 15_000), (compute, storage, network));
        Assert.Equal(126_000, compute + storage + network);
        Assert.Equal(58_000, prices.Savings.Values.Sum());
        Assert.Equal(46, Math.Round(100 * prices.Savings.Values.Sum() / (compute + storage + network)));
    }

    [Fact]
    public void Prices_are_counted_in_the_units_that_the_regions_have()
    {
        var prices = _topology.Prices;
        foreach (var (name, price) in prices.Compute.Concat(prices.Storage).Concat(prices.Network))
        {
            var units = price.Of.Sum(of => of == "regions" ? _topology.Regions.Count : _topology.Regions.Sum(r => r.Capacity.Of(of)!.Value));
            Assert.True(units == price.Units, $"{name}: {price.Units} units are priced, the regions have {units}");
        }
    }

    [Fact]
    public void The_peak_is_shared_as_the_API_servers_are()
    {
        Assert.Equal([95_238, 47_619, 23_810], _topology.Regions.Select(r => Math.Round(PeakLoad.RequestsPerSecond(_topology, r))));
        Assert.Equal([124, 62, 31], _topology.Regions.Select(r => PeakLoad.Pods(_topology, r)));
    }

    [Fact]
    public void A_lost_region_s_share_goes_to_the_one_that_it_fails_over_to()
    {
        var (us, eu, ap) = (_topology.Regions[0], _topology.Regions[1], _topology.Regions[2]);
        Assert.Equal((186, eu.Name), (PeakLoad.WorstCase(_topology, us).Pods, PeakLoad.WorstCase(_topology, us).Lost!.Name));
        Assert.Equal((186, us.Name), (PeakLoad.WorstCase(_topology, eu).Pods, PeakLoad.WorstCase(_topology, eu).Lost!.Name));
        Assert.Equal((31, null), PeakLoad.WorstCase(_topology, ap));
        Assert.Equal(0, PeakLoad.Pods(_topology, us, lost: us));
        foreach (var lost in _topology.Regions)
            Assert.Equal(_topology.Slo.PeakRequestsPerSecond, _topology.Regions.Sum(r => PeakLoad.RequestsPerSecond(_topology, r, lost)), 3);
    }
}
