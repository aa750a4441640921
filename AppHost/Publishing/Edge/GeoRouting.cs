using RecoAspire.Topology;

namespace RecoAspire.Publishing.Edge;

/// <summary>
/// Names in three layers. A region's own name leads to its load balancer; a pair of names in front of it answers with the next region
/// while that one is unhealthy; the origin's name sends each continent to its region's pair. A record has one routing policy, hence the layers.
/// </summary>
public sealed class GeoRouting(DeploymentTopology topology)
{
    /// <summary>Seconds that resolvers may keep an answer: what a failover waits for beside the health checks.</summary>
    public const int TtlSeconds = 60;

    /// <summary>The name that apps use.</summary>
    public string Api => $"{topology.Host}.{topology.Domain}";

    /// <summary>The name that the CDN fetches from: it is steered by continent.</summary>
    public string Origin => $"origin-{topology.Host}.{topology.Domain}";

    /// <summary>A region's load balancer.</summary>
    public string RegionName(Region region) => $"{region.Name}.{Api}";

    /// <summary>A region, or the next one while it is unhealthy.</summary>
    public string PairName(Region region) => $"{region.Name}-or-next.{Api}";

    /// <summary>Continents in the order of the topology, each with its region; <c>*</c>, which is everything else, comes last.</summary>
    public IEnumerable<(string Continent, Region Region)> Continents => topology.Regions
        .SelectMany(r => r.Continents.Select(c => (c, r)))
        .Append(("*", topology.Region(topology.DefaultRegion)));

    /// <summary>The identifier of a continent's record.</summary>
    public static string IdentifierOf(string continent) => continent == "*" ? "default" : continent;
}
