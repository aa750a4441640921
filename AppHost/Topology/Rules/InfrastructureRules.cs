using RecoAspire.Topology.Reading;

namespace RecoAspire.Topology.Rules;

/// <summary>Storage classes, machines and what they cost.</summary>
internal static class InfrastructureRules
{
    private static readonly string[] NeededClasses = ["fast-ssd", "standard-ssd"];

    public static void CheckStorageClasses(DeploymentTopology topology, TopologyErrors errors)
    {
        var classes = topology.StorageClasses;
        errors.Unique(classes.Select((c, i) => ($"storage_classes[{i}].name", c.Name)));
        for (var i = 0; i < classes.Count; i++)
        {
            NameRules.DemandLabel(errors, $"storage_classes[{i}].name", classes[i].Name);
            errors.NotEmpty($"storage_classes[{i}].aws.name", classes[i].Aws.Name);
            errors.NotEmpty($"storage_classes[{i}].gcp.name", classes[i].Gcp.Name);
        }

        foreach (var needed in NeededClasses.Where(n => classes.All(c => c.Name != n))) errors.Add("storage_classes", $"'{needed}' is missing");
    }

    public static void CheckNodePools(DeploymentTopology topology, TopologyErrors errors)
    {
        var pools = topology.NodePools;
        errors.Unique(pools.Select((p, i) => ($"node_pools[{i}].name", p.Name)));
        errors.Unique(pools.SelectMany((p, i) => p.Runs.Select((r, n) => ($"node_pools[{i}].runs[{n}]", r))));
        for (var i = 0; i < pools.Count; i++)
        {
            var (pool, path) = (pools[i], $"node_pools[{i}]");
            NameRules.DemandLabel(errors, $"{path}.name", pool.Name);
            errors.Demand(pool.Runs.Count > 0, $"{path}.runs", "must not be empty");
            DemandCapacities($"{path}.runs", pool.Runs, CapacityRules.Names, errors);
            errors.NotEmpty($"{path}.instance.aws", pool.Instance.Aws);
            errors.NotEmpty($"{path}.instance.gcp", pool.Instance.Gcp);
            errors.Above0($"{path}.cpu", pool.Cpu);
            errors.Above0($"{path}.memory_gib", pool.MemoryGib);
            errors.AtLeast($"{path}.gpus", pool.Gpus, 0);
        }
    }

    public static void CheckPrices(DeploymentTopology topology, TopologyErrors errors)
    {
        var prices = topology.Prices;
        errors.Demand(prices.Currency.Length == 3 && prices.Currency.All(char.IsAsciiLetterUpper), "prices.currency", $"must be three capital letters, such as USD, is '{prices.Currency}'");
        errors.Above0("prices.hours_per_month", prices.HoursPerMonth);
        CheckPrices("prices.compute", prices.Compute, errors);
        CheckPrices("prices.storage", prices.Storage, errors);
        CheckPrices("prices.network", prices.Network, errors);
        foreach (var (name, usd) in prices.Savings) errors.AtLeast(TopologyPath.Key("prices.savings", name), usd, 0);
    }

    private static void CheckPrices(string section, IReadOnlyDictionary<string, Price> prices, TopologyErrors errors)
    {
        foreach (var (name, price) in prices)
        {
            var path = TopologyPath.Key(section, name);
            errors.AtLeast($"{path}.usd", price.Usd, 0);
            errors.Above0($"{path}.units", price.Units);
            errors.Demand(price.Of.Count > 0, $"{path}.of", "must not be empty");
            errors.Unique(price.Of.Select((o, n) => ($"{path}.of[{n}]", o)));
            DemandCapacities($"{path}.of", price.Of, [.. CapacityRules.Names, "regions"], errors);
        }
    }

    private static void DemandCapacities(string path, IReadOnlyList<string> names, IReadOnlyCollection<string> known, TopologyErrors errors)
    {
        for (var n = 0; n < names.Count; n++) errors.Demand(known.Contains(names[n]), $"{path}[{n}]", $"'{names[n]}' is no capacity: {NearestName.Hint(names[n], known)}");
    }
}
