namespace RecoAspire.Topology;

/// <summary>Where images come from. A tag is never <c>latest</c>.</summary>
public sealed record Images
{
    /// <summary>Registry and path of our own services' images.</summary>
    public required string Registry { get; init; }

    /// <summary>Tag of our own services' images.</summary>
    public required string Tag { get; init; }

    /// <summary>Images that others publish, by what they are here.</summary>
    public required IReadOnlyDictionary<string, ImageName> Engines { get; init; }

    /// <summary>Digests (<c>sha256:…</c>) by image name without tag.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; init; } = new Dictionary<string, string>();

    /// <summary>Name, tag and, where one is given, digest of one of our services.</summary>
    public string OfService(string name) => Reference($"{Registry}/{name}", Tag);

    /// <summary>Name, tag and, where one is given, digest of an engine.</summary>
    public string OfEngine(string name) => Reference(Engines[name].Image, Engines[name].Tag);

    private string Reference(string image, string tag) =>
        Digests.TryGetValue(image, out var digest) ? $"{image}:{tag}@{digest}" : $"{image}:{tag}";
}

/// <summary>An image with its version.</summary>
public sealed record ImageName
{
    public required string Image { get; init; }

    public required string Tag { get; init; }
}

/// <summary>What one pod of a workload takes.</summary>
public sealed record Workload
{
    /// <summary>Cores that are reserved. There is no CPU limit: throttling shows as latency.</summary>
    public required double Cpu { get; init; }

    public required int MemoryMib { get; init; }

    public required int MemoryLimitMib { get; init; }

    /// <summary>One claim of this size for each pod; 0 = no files are kept.</summary>
    public int StorageGib { get; init; }

    /// <summary>Pods, where no region's capacity says how many.</summary>
    public int? Replicas { get; init; }

    /// <summary>
    /// Recommendations per second that one pod carries at the target load of its cores, as measured; where it is given, an autoscaler owns
    /// the number of pods, from <see cref="Replicas"/> to what the peak needs with one region lost.
    /// </summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>The server's garbage collector: more throughput, more memory.</summary>
    public bool ServerGc { get; init; }
}

/// <summary>How the gateway grows and shrinks.</summary>
public sealed record GatewayScaling
{
    public required int MaxReplicas { get; init; }

    public required int TargetCpuPercent { get; init; }

    /// <summary>Of one pod.</summary>
    public required int TargetRequestsPerSecond { get; init; }

    /// <summary>Factor over the computed need.</summary>
    public required double Headroom { get; init; }

    public required ScalingStep ScaleUp { get; init; }

    public required ScalingStep ScaleDown { get; init; }
}

/// <summary>How fast an autoscaler may move.</summary>
public sealed record ScalingStep
{
    public required int StabilizationSeconds { get; init; }

    public required int Percent { get; init; }

    /// <summary>0 = only the percentage counts.</summary>
    public int Pods { get; init; }

    public required int PeriodSeconds { get; init; }
}

/// <summary>The embedding service on GPUs.</summary>
public sealed record GpuWorkers
{
    /// <summary>GPUs of one worker.</summary>
    public required int PerWorker { get; init; }

    /// <summary>Value of the label <c>nvidia.com/gpu.product</c> that GPU feature discovery writes.</summary>
    public required string Product { get; init; }

    /// <summary>Waiting records for which one more worker starts.</summary>
    public required int LagRecordsPerWorker { get; init; }

    /// <summary>A file that each worker finds under <c>/models</c>; without one, models come from the log only.</summary>
    public ModelFile? Model { get; init; }
}

/// <summary>A pinned file.</summary>
public sealed record ModelFile
{
    /// <summary>An https address, without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>What it must hash to: 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>The Qdrant collections' layout.</summary>
public sealed record VectorCluster
{
    public required int Shards { get; init; }

    public required int ReplicasPerShard { get; init; }

    /// <summary>Replicas that must have a write before it is acknowledged.</summary>
    public required int WriteConsistency { get; init; }

    /// <summary>Share by which a shard may differ from the mean before shards are moved.</summary>
    public required double RebalanceImbalance { get; init; }

    /// <summary>Quantile of the values that int8 must represent.</summary>
    public required double Quantile { get; init; }
}

/// <summary>Neo4j's edition and how its readers grow.</summary>
public sealed record GraphCluster
{
    /// <summary><c>enterprise</c> (clustering; needs a licence) or <c>community</c> (one server).</summary>
    public required string Edition { get; init; }

    public required int P99TargetMs { get; init; }

    public required int ScaleUpMs { get; init; }

    public required int ScaleDownMs { get; init; }

    public required int CooldownSeconds { get; init; }
}
