using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Edge;

/// <summary>Names, health checks and, for each region, the change that moves its viewers to the next one by hand.</summary>
public sealed class DnsPart : IPublishedPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var topology = deployment.Topology;
        var routing = new GeoRouting(topology);
        yield return new("dns/records.json", JsonText.Write(Records(topology, routing)));
        yield return new("dns/route53.tf", Route53Terraform.Write(topology, routing));
        foreach (var region in topology.Regions)
        {
            var next = topology.Region(region.FailOverTo);
            yield return new($"dns/failover/{region.Name}-away.json", JsonText.Write(Move(routing, region, next, $"Viewers of {region.Name} go to {next.Name}.")));
            yield return new($"dns/failover/{region.Name}-back.json", JsonText.Write(Move(routing, region, region, $"Viewers of {region.Name} come back.")));
        }
    }

    private static Map Records(DeploymentTopology topology, GeoRouting routing) => Map(
        ("zone", topology.Domain),
        ("authority", "route53"),
        ("ttlSeconds", GeoRouting.TtlSeconds),
        ("healthChecks", ListOf(topology.Regions.Select(r => Map(
            ("id", r.Name),
            ("type", "HTTPS"),
            ("host", routing.RegionName(r)),
            ("port", 443),
            ("path", topology.HealthCheck.Path),
            ("intervalSeconds", topology.HealthCheck.IntervalSeconds),
            ("timeoutSeconds", topology.HealthCheck.TimeoutSeconds),
            ("failureThreshold", topology.HealthCheck.FailureThreshold))))),
        ("records", ListOf((IEnumerable<Node?>)[
            Map(("name", routing.Api), ("type", "CNAME"), ("policy", "simple"), ("value", $"{routing.Api}.cdn.cloudflare.net")),
            .. routing.Continents.Select(c => Map(
                ("name", routing.Origin),
                ("type", "CNAME"),
                ("policy", "geolocation"),
                ("setIdentifier", GeoRouting.IdentifierOf(c.Continent)),
                ("geolocation", Location(c.Continent, "continent", "country")),
                ("value", routing.PairName(c.Region)))),
            .. topology.Regions.SelectMany(r => Pair(topology, routing, r)),
            .. topology.Regions.Select(r => Map(
                ("name", routing.RegionName(r)),
                // Amazon's load balancers have names that only an alias can follow; Google's have an address.
                ("type", r.Provider == CloudProvider.Aws ? "ALIAS" : "A"),
                ("policy", "simple"),
                ("value", r.Provider == CloudProvider.Aws ? $"load balancer of the Gateway in {r.Name}" : $"static address of the Gateway in {r.Name}"),
                ("region", r.Name)))])));

    private static IEnumerable<Map> Pair(DeploymentTopology topology, GeoRouting routing, Region region)
    {
        yield return PairRecord(routing, region, region, "primary");
        yield return PairRecord(routing, region, topology.Region(region.FailOverTo), "secondary");
    }

    private static Map PairRecord(GeoRouting routing, Region region, Region target, string role) => Map(
        ("name", routing.PairName(region)),
        ("type", "CNAME"),
        ("policy", "failover"),
        ("setIdentifier", role),
        ("failover", role),
        ("healthCheck", target.Name),
        ("value", routing.RegionName(target)));

    // A batch as Route 53 takes it. It moves continents, not pairs, and therefore names no health check and no zone.
    private static Map Move(GeoRouting routing, Region region, Region to, string comment) => Map(
        ("Comment", comment),
        ("Changes", ListOf(routing.Continents.Where(c => c.Region == region).Select(c => Map(
            ("Action", "UPSERT"),
            ("ResourceRecordSet", Map(
                ("Name", routing.Origin),
                ("Type", "CNAME"),
                ("SetIdentifier", GeoRouting.IdentifierOf(c.Continent)),
                ("GeoLocation", Location(c.Continent, "ContinentCode", "CountryCode")),
                ("TTL", GeoRouting.TtlSeconds),
                ("ResourceRecords", List(Map(("Value", routing.PairName(to))))))))))));

    private static Map Location(string continent, string continentKey, string countryKey) =>
        continent == "*" ? Map((countryKey, "*")) : Map((continentKey, continent));
}
