using RecoAspire.Benchmarks;

switch (args)
{
    case ["scan", .. var rest]:
        return ScanBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: Benchmarks scan [data folder]");
        return 2;
}
