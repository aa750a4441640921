using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RecoAspire.ServiceDefaults.Concurrency;
using RecoAspire.Tests;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.Benchmarks;

/// <summary>
/// Exact top-10 against the limit of the memory: the time to read the same rows once and add them up, measured in the same
/// rounds. Prints, per set and batch of queries, the median over rounds of (limit time × queries) / search time: 1 = a query
/// costs as much as reading its rows; above 1 = queries share a pass.
/// </summary>
internal static class ScanBenchmark
{
    private const int Rounds = 15;
    private const int K = 10;

    /// <param name="arguments">Optionally the folder of the real data sets.</param>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 1 || (arguments.Length == 1 && !Directory.Exists(arguments[0])))
        {
            Console.Error.WriteLine("usage: Benchmarks scan [data folder]; the folder must exist");
            return 2;
        }

        var random = new Random(1);
        Measure("random 100k × 128", Build(Enumerable.Range(0, 100_000).Select(_ => Unit(random, 128))), i => Unit(new Random(i), 128));
        Measure("random 10k × 192", Build(Enumerable.Range(0, 10_000).Select(_ => Unit(random, 192))), i => Unit(new Random(i), 192));
        if (arguments.Length == 0) return 0;
        var folder = Path.Combine(arguments[0], "vectors", "film-lsa-33k");
        var queries = NumPyFile.ReadHalf(Path.Combine(folder, "query.npy.gz"));
        Measure("film-lsa-33k", Build(NumPyFile.ReadHalf(Path.Combine(folder, "base.npy.gz"))), i => queries[i % queries.Length]);
        return 0;
    }

    private static (VectorTableSnapshot Table, ItemNumbers Ids) Build(IEnumerable<float[]> rows)
    {
        var ids = new ItemNumbers();
        VectorTable? table = null;
        foreach (var row in rows)
        {
            table ??= new VectorTable(row.Length);
            VectorReader.Normalise(row);
            table.Upsert(ids.GetOrAdd($"item-{ids.Count}"), row);
        }

        return (table!.Publish(), ids);
    }

    private static void Measure(string name, (VectorTableSnapshot Table, ItemNumbers Ids) set, Func<int, float[]> query)
    {
        var (table, ids) = set;
        var megabytes = (double)table.Rows * table.Stride * sizeof(float) / 1e6;
        var allowed = new ulong[(table.Rows + 63) / 64];
        Array.Fill(allowed, ulong.MaxValue);
        foreach (var batch in new[] { 1, 4, 16 })
        {
            var packed = new float[batch * table.Stride];
            for (var q = 0; q < batch; q++) query(q).CopyTo(packed, q * table.Stride);
            var ratios = new List<double>();
            var (limits, searches) = (new List<double>(), new List<double>());
            for (var round = -3; round < Rounds; round++)
            {
                // Each round measures both, in alternating order: a noisy neighbour hits both.
                double limit, search;
                if (round % 2 == 0) (limit, search) = (Time(() => Sum(table)), Time(() => Search(table, ids, allowed, packed, batch)));
                else (search, limit) = (Time(() => Search(table, ids, allowed, packed, batch)), Time(() => Sum(table)));
                if (round < 0) continue;
                ratios.Add(limit * batch / search);
                limits.Add(limit);
                searches.Add(search);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-18} {megabytes,6:0.0} MB, {batch,2} queries: {batch / Median(searches),7:0} queries/s, limit {1 / Median(limits),6:0} passes/s ({megabytes / Median(limits) / 1000:0.0} GB/s), ratio {Median(ratios):0.00} [{ratios.Min():0.00}..{ratios.Max():0.00}]"));
        }
    }

    private static void Search(VectorTableSnapshot table, ItemNumbers ids, ulong[] allowed, float[] packed, int batch)
    {
        var best = new TopK[batch];
        for (var q = 0; q < batch; q++) best[q] = new TopK(K, ids);
        ExactScan.Run(table, allowed, packed, best);
        Span<int> items = stackalloc int[K];
        Span<float> scores = stackalloc float[K];
        foreach (var heap in best)
        {
            heap.Drain(items, scores);
            heap.Dispose();
        }
    }

    private static float Sum(VectorTableSnapshot table)
    {
        var sum = 0f;
        for (var block = 0; block < table.BlockCount; block++)
        {
            var rows = Math.Min(table.RowsPerBlock, table.Rows - block * table.RowsPerBlock);
            sum += Sum(ref table.Block(block).First, (nuint)(rows * table.Stride));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Sum(ref float first, nuint length)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        nuint i = 0;
        for (; i + 64 <= length; i += 64)
        {
            a += Vector512.LoadUnsafe(ref first, i);
            b += Vector512.LoadUnsafe(ref first, i + 16);
            c += Vector512.LoadUnsafe(ref first, i + 32);
            d += Vector512.LoadUnsafe(ref first, i + 48);
        }

        for (; i < length; i += 16) a += Vector512.LoadUnsafe(ref first, i);
        return Vector512.Sum(a + b + c + d);
    }

    private static double Time(Action action)
    {
        const double leastSeconds = 0.02;
        var started = Stopwatch.GetTimestamp();
        var runs = 0;
        double elapsed;
        do
        {
            action();
            runs++;
            elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        while (elapsed < leastSeconds);
        return elapsed / runs;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static float[] Unit(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++) vector[i] = random.NextSingle() * 2 - 1;
        VectorReader.Normalise(vector);
        return vector;
    }
}
