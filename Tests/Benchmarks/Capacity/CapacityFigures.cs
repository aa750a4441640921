namespace RecoAspire.Benchmarks.Capacity;

/// <summary>One kind of request at one concurrency.</summary>
/// <param name="Request">What was asked, without its parameters.</param>
/// <param name="Concurrency">Requests under way at any time.</param>
/// <param name="Load">What came back.</param>
/// <param name="CpuMicroseconds">User and system time of each service for one request, by name.</param>
/// <param name="BareCpuMicroseconds">The same of the endpoint that only returns the bytes, at the same concurrency.</param>
internal sealed record StageFigures(string Request, int Concurrency, LoadFigures Load, IReadOnlyDictionary<string, double> CpuMicroseconds, double BareCpuMicroseconds)
{
    public double GatewayMicroseconds => CpuMicroseconds[Suite.Gateway];

    /// <summary>Of one core that the gateway has for itself.</summary>
    public double RequestsPerSecondOfACore => 1e6 / GatewayMicroseconds;

    /// <summary>The gateway's cost to that of returning the bytes.</summary>
    public double Ratio => GatewayMicroseconds / BareCpuMicroseconds;

    /// <summary>Every answer came, with all services and, where they are personal, for a viewer who is known.</summary>
    public bool IsWhole => Load is { Failed: 0, Degraded: 0 } && (Request != CapacityBenchmark.Recommendations || Load.Personalised == Load.Requests);

    /// <summary>Cores of a service for so many requests a second.</summary>
    public double Cores(string service, double requestsPerSecond) => CpuMicroseconds[service] * requestsPerSecond / 1e6;
}

/// <summary>What a service takes, whoever asks.</summary>
/// <param name="Name">The resource.</param>
/// <param name="RestCores">Cores while nobody asks.</param>
/// <param name="LoadedBytes">Resident with everything loaded, before the first request.</param>
/// <param name="ServingBytes">Resident at most while requests are answered.</param>
/// <param name="PeakBytes">Resident at most since the start: import and training, too.</param>
internal sealed record ServiceFigures(string Name, double RestCores, long LoadedBytes, long ServingBytes, long PeakBytes);

/// <summary>All that was measured.</summary>
/// <param name="Catalogue">What was in the suite.</param>
/// <param name="Processors">Of the machine.</param>
/// <param name="TargetRequestsPerSecond">What the topology asks of one pod of the gateway.</param>
/// <param name="Stages">The loads.</param>
/// <param name="Services">The processes.</param>
internal sealed record CapacityFigures(
    string Catalogue, int Processors, int TargetRequestsPerSecond, IReadOnlyList<StageFigures> Stages, IReadOnlyList<ServiceFigures> Services);
