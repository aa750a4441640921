using RecoAspire.Benchmarks;

switch (args)
{
    case ["als", .. var rest]:
        return AlsBenchmark.Run(rest);
    case ["scan", .. var rest]:
        return ScanBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: Benchmarks als|scan [data folder]");
        return 2;
}
