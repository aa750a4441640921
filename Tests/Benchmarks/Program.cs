using RecoAspire.Benchmarks;
using RecoAspire.Benchmarks.Capacity;

switch (args)
{
    case ["als", .. var rest]:
        return AlsBenchmark.Run(rest);
    case ["scan", .. var rest]:
        return ScanBenchmark.Run(rest);
    case ["otlp", .. var rest]:
        return OtlpBenchmark.Run(rest);
    case ["capacity", .. var rest]:
        return CapacityBenchmark.Run(rest);
    case [BareEndpoint.Command, .. var rest]:
        return BareEndpoint.Run(rest);
    default:
        Console.Error.WriteLine("usage: Benchmarks als|scan [data folder], Benchmarks capacity [data folder] [--json FILE], or Benchmarks otlp [--seconds 60]");
        return 2;
}
