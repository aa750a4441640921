using RecoAspire.Benchmarks;

switch (args)
{
    case ["als", .. var rest]:
        return AlsBenchmark.Run(rest);
    case ["scan", .. var rest]:
        return ScanBenchmark.Run(rest);
    case ["otlp", .. var rest]:
        return OtlpBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: Benchmarks als|scan [data folder], or Benchmarks otlp [--seconds 60]");
        return 2;
}
