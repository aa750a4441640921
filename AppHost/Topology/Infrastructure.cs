namespace RecoAspire.Topology;

/// <summary>Whose machines they are, by provider.</summary>
public sealed record Accounts
{
    /// <summary>Account number: 12 digits.</summary>
    public required string Aws { get; init; }

    /// <summary>Project id.</summary>
    public required string Gcp { get; init; }
}

/// <summary>A storage class by what each provider calls it.</summary>
public sealed record StorageClass
{
    public required string Name { get; init; }

    /// <summary>Whether a volume outlives its claim.</summary>
    public bool Keep { get; init; } = true;

    public required Provisioner Aws { get; init; }

    public required Provisioner Gcp { get; init; }

    public Provisioner On(CloudProvider provider) => provider == CloudProvider.Aws ? Aws : Gcp;
}

/// <summary>A CSI driver and its parameters.</summary>
public sealed record Provisioner
{
    /// <summary>The CSI driver's name.</summary>
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
}

/// <summary>A group of equal machines.</summary>
public sealed record NodePool
{
    public required string Name { get; init; }

    /// <summary>Names of the capacities that run here.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    public required InstanceTypes Instance { get; init; }

    /// <summary>Cores of one machine.</summary>
    public required int Cpu { get; init; }

    public required int MemoryGib { get; init; }

    /// <summary>GPUs of one machine.</summary>
    public int Gpus { get; init; }

    /// <summary>Cheaper machines that may be taken away.</summary>
    public bool Spot { get; init; }
}

/// <summary>A machine type by what each provider calls it.</summary>
public sealed record InstanceTypes
{
    public required string Aws { get; init; }

    public required string Gcp { get; init; }

    public string On(CloudProvider provider) => provider == CloudProvider.Aws ? Aws : Gcp;
}

/// <summary>Monthly cost, from which unit prices follow.</summary>
public sealed record PriceTable
{
    public required string Currency { get; init; }

    public required int HoursPerMonth { get; init; }

    public required IReadOnlyDictionary<string, Price> Compute { get; init; }

    public required IReadOnlyDictionary<string, Price> Storage { get; init; }

    public required IReadOnlyDictionary<string, Price> Network { get; init; }

    /// <summary>What each measure would save, USD a month.</summary>
    public required IReadOnlyDictionary<string, double> Savings { get; init; }
}

/// <summary>A known total for a known number of units.</summary>
public sealed record Price
{
    /// <summary>USD a month for all <see cref="Units"/>.</summary>
    public required double Usd { get; init; }

    public required int Units { get; init; }

    /// <summary>The capacities that are counted, or <c>regions</c>.</summary>
    public required IReadOnlyList<string> Of { get; init; }

    /// <summary>USD a month for one unit.</summary>
    public double UsdPerUnit => Usd / Units;
}
