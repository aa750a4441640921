using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>Where regions lie, what they are to each other and to the viewers.</summary>
internal static class RegionRules
{
    private static readonly string[] Continents = ["AF", "AN", "AS", "EU", "NA", "OC", "SA"];

    public static void CheckEach(DeploymentTopology topology, TopologyErrors errors)
    {
        for (var i = 0; i < topology.Regions.Count; i++)
        {
            var (region, path) = (topology.Regions[i], $"regions[{i}]");
            NameRules.DemandLabel(errors, $"{path}.name", region.Name);
            errors.NotEmpty($"{path}.location", region.Location);
            CheckZones(region, path, errors);
            errors.Demand(region.Services.Count > 0, $"{path}.services", "must not be empty");
            errors.Unique(region.Services.Select((s, n) => ($"{path}.services[{n}]", s.ToString())));
            for (var n = 0; n < region.Continents.Count; n++)
            {
                errors.OneOf($"{path}.continents[{n}]", region.Continents[n], Continents);
                errors.Demand(region.Offers(RegionService.HotPathApi), $"{path}.continents[{n}]", "cannot be answered from here: the region does not offer hot_path_api");
            }
        }
    }

    public static void CheckTogether(DeploymentTopology topology, TopologyErrors errors)
    {
        var regions = topology.Regions;
        string[] primaries = [.. regions.Where(r => r.Role == RegionRole.Primary).Select(r => $"'{r.Name}'")];
        if (primaries.Length == 0) errors.Add("regions", "exactly one must have the role primary, none has");
        if (primaries.Length > 1) errors.Add("regions", $"exactly one must have the role primary, {primaries.Length} have: {string.Join(", ", primaries)}");
        errors.Unique(regions.Select((r, i) => ($"regions[{i}].name", r.Name)));
        errors.Unique(regions.SelectMany((r, i) => r.Continents.Select((c, n) => ($"regions[{i}].continents[{n}]", c))));
        for (var i = 0; i < regions.Count; i++)
        {
            var path = $"regions[{i}].fail_over_to";
            if (regions[i].FailOverTo == regions[i].Name) errors.Add(path, "must be another region");
            else DemandServingRegion(topology, path, regions[i].FailOverTo, errors);
        }
    }

    public static void CheckDefault(DeploymentTopology topology, TopologyErrors errors) =>
        DemandServingRegion(topology, "default_region", topology.DefaultRegion, errors);

    private static void DemandServingRegion(DeploymentTopology topology, string path, string name, TopologyErrors errors)
    {
        if (topology.Regions.FirstOrDefault(r => r.Name == name) is not { } region)
            errors.Add(path, $"there is no region '{name}': {NearestName.Hint(name, [.. topology.Regions.Select(r => r.Name)])}");
        else errors.Demand(region.Offers(RegionService.HotPathApi), path, $"'{name}' does not offer hot_path_api");
    }

    private static void CheckZones(Region region, string path, TopologyErrors errors)
    {
        errors.Demand(region.Zones.Count >= 2, $"{path}.zones", $"must be at least 2, is {region.Zones.Count}: one zone may be lost");
        errors.Unique(region.Zones.Select((z, n) => ($"{path}.zones[{n}]", z)));
        // AWS writes us-east-1a, Google europe-west1-b.
        var beginning = region.Provider == CloudProvider.Aws ? region.Location : $"{region.Location}-";
        for (var n = 0; n < region.Zones.Count; n++)
        {
            var zone = region.Zones[n];
            errors.Demand(
                zone.StartsWith(beginning, StringComparison.Ordinal) && zone.Length == beginning.Length + 1 && char.IsAsciiLetterLower(zone[^1]),
                $"{path}.zones[{n}]",
                $"must be '{beginning}' and a letter, is '{zone}'");
        }
    }
}
