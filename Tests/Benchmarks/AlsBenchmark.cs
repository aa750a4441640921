using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RecoAspire.GpuEmbedding.Backends;
using RecoAspire.GpuEmbedding.Collaborative;

namespace RecoAspire.Benchmarks;

/// <summary>
/// Epochs of implicit ALS against the limit of the processor: how many multiply-adds a loop that only multiplies and adds does per
/// second, measured in the same rounds. Both are counted per second of processor time, which neighbours on the machine disturb less than
/// elapsed time. Then: how long a fold-in takes from being queued to its answer, at rest and while a training runs beside it.
/// </summary>
internal static class AlsBenchmark
{
    private const int Rounds = 5;
    private const int HistoryLength = 200;

    /// <param name="arguments">Optionally the folder of the real data sets; without it, a generated set of about the same size.</param>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 1 || (arguments.Length == 1 && !Directory.Exists(arguments[0])))
        {
            Console.Error.WriteLine("usage: Benchmarks als [data folder]; the folder must exist");
            return 2;
        }

        var byViewer = arguments.Length == 1 ? Read(Path.Combine(arguments[0], "ncf", "ml-1m.train.tsv.gz")) : Generate();
        Print($"{byViewer.RowCount} viewers x {byViewer.ColumnCount} items, {byViewer.Count} entries, {Environment.ProcessorCount} cores");
        foreach (var dimensions in new[] { 64, 128, 192 }) MeasureEpochs(byViewer, dimensions);
        MeasureAnswers(byViewer);
        return 0;
    }

    private static void MeasureEpochs(Interactions byViewer, int dimensions)
    {
        var options = new AlsOptions { Dimensions = dimensions };
        var byItem = byViewer.Transpose();
        using var viewers = new Factors(byViewer.RowCount, dimensions);
        using var items = new Factors(byViewer.ColumnCount, dimensions);
        items.Randomize(options.InitialDeviation / MathF.Sqrt(dimensions), options.Seed);
        void Epoch(CpuBackend backend)
        {
            backend.SolveRows(byViewer, items, viewers, options, CancellationToken.None);
            backend.SolveRows(byItem, viewers, items, options, CancellationToken.None);
        }

        var (one, all) = (new CpuBackend(1), new CpuBackend());
        var flops = Flops(byViewer, dimensions) + Flops(byItem, dimensions);
        var (peaks, rates, ratios, elapsed) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            double peak, rate;
            // In alternating order: whoever comes second after a neighbour's burst is not always the same.
            if (round % 2 == 0) (peak, rate) = (Peak(), flops / CpuSeconds(() => Epoch(one)));
            else (rate, peak) = (flops / CpuSeconds(() => Epoch(one)), Peak());
            var started = Stopwatch.GetTimestamp();
            Epoch(all);
            if (round < 0) continue;
            elapsed.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            peaks.Add(peak);
            rates.Add(rate);
            ratios.Add(rate / peak);
        }

        Print($"d = {dimensions,3}: {flops / 1e9,5:0.0} GFLOP an epoch; {Median(rates) / 1e9,5:0.0} GFLOP per CPU-second, limit {Median(peaks) / 1e9:0.0}, ratio {Range(ratios)}; all cores {Range(elapsed)} s an epoch");
    }

    private static void MeasureAnswers(Interactions byViewer)
    {
        var options = new AlsOptions { Epochs = 2 };
        var (viewers, items) = new AlsTrainer(new CpuBackend(), options).Train(byViewer, null, CancellationToken.None);
        viewers.Dispose();
        var vectors = Enumerable.Range(0, items.Rows).ToDictionary(i => $"item-{i}", i => items.Row(i).ToArray());
        items.Dispose();
        using var model = new CollaborativeModel("benchmark", vectors, options, 0, byViewer.Count);
        List<(string, float)> history = [.. Enumerable.Range(0, HistoryLength).Select(i => ($"item-{i * (vectors.Count / HistoryLength)}", 1f))];
        for (var i = 0; i < 200; i++) model.FoldIn(history, new float[model.Dimensions]);

        var alone = Answers(model, history, () => false, atLeast: 500);
        // On a thread of its own, as the service's trainer does it.
        var training = Task.Factory.StartNew(
            () =>
            {
                var (u, v) = new AlsTrainer(new CpuBackend(), new AlsOptions { Epochs = 6 }).Train(byViewer, null, CancellationToken.None);
                u.Dispose();
                v.Dispose();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var beside = Answers(model, history, () => !training.IsCompleted, atLeast: 0);
        training.GetAwaiter().GetResult();
        Print($"fold-in of {HistoryLength} items, d = {model.Dimensions}, queued like a request: at rest {Spread(alone)}; while training {Spread(beside)}");
    }

    // The thread that asks is its own, like a client: only the answering shares the pool with training.
    private static List<double> Answers(CollaborativeModel model, List<(string, float)> history, Func<bool> goOn, int atLeast)
    {
        var milliseconds = new List<double>();
        while (milliseconds.Count < atLeast || goOn())
        {
            using var answered = new ManualResetEventSlim();
            var started = Stopwatch.GetTimestamp();
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    model.FoldIn(history, new float[model.Dimensions]);
                    answered.Set();
                },
                null);
            answered.Wait();
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Thread.Sleep(2);
        }

        return milliseconds;
    }

    // Useful work only: upper triangles count once. Rank-k update n·d·(d+1), Cholesky d³/3, two triangular solves 2·d², right side 2·n·d;
    // and once per half-step the Gram matrix of the other side.
    private static double Flops(Interactions interactions, double d)
    {
        double n = interactions.Count, rows = interactions.RowCount, others = interactions.ColumnCount;
        return ((n + others) * d * (d + 1)) + (rows * ((d * d * d / 3) + (2 * d * d))) + (2 * n * d);
    }

    private static double Peak()
    {
        const int steps = 4_000_000;
        var sum = 0f;
        var seconds = CpuSeconds(() => sum = MultiplyAdd(steps, 0.999f));
        if (!float.IsFinite(sum)) throw new InvalidOperationException("the loop of the limit ran off");
        return 2.0 * 16 * 12 * steps / seconds;
    }

    // Twelve independent sums hide the latency of the multiply-add; where there are no 512-bit registers, the runtime makes two of each.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd(int steps, float factor)
    {
        var f = Vector512.Create(factor);
        var one = Vector512<float>.One;
        var (a, b, c, d, e, g) = (one, one, one, one, one, one);
        var (h, i, j, k, l, m) = (one, one, one, one, one, one);
        for (var s = 0; s < steps; s++)
        {
            a = Vector512.FusedMultiplyAdd(a, f, one);
            b = Vector512.FusedMultiplyAdd(b, f, one);
            c = Vector512.FusedMultiplyAdd(c, f, one);
            d = Vector512.FusedMultiplyAdd(d, f, one);
            e = Vector512.FusedMultiplyAdd(e, f, one);
            g = Vector512.FusedMultiplyAdd(g, f, one);
            h = Vector512.FusedMultiplyAdd(h, f, one);
            i = Vector512.FusedMultiplyAdd(i, f, one);
            j = Vector512.FusedMultiplyAdd(j, f, one);
            k = Vector512.FusedMultiplyAdd(k, f, one);
            l = Vector512.FusedMultiplyAdd(l, f, one);
            m = Vector512.FusedMultiplyAdd(m, f, one);
        }

        return Vector512.Sum(a + b + c + d + e + g + h + i + j + k + l + m);
    }

    private static double CpuSeconds(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static Interactions Read(string path)
    {
        var rows = new List<List<int>>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split('\t');
            if (!int.TryParse(fields[0], CultureInfo.InvariantCulture, out var viewer)) continue;
            while (rows.Count <= viewer) rows.Add([]);
            rows[viewer].Add(int.Parse(fields[1], CultureInfo.InvariantCulture));
        }

        return Build(rows, rows.Max(r => r.Count == 0 ? 0 : r.Max()) + 1);
    }

    // As many viewers, items and (nearly) entries as MovieLens 1M, with long tails on both sides.
    private static Interactions Generate()
    {
        const int viewers = 6_040, items = 3_706;
        var random = new Random(1);
        var rows = new List<List<int>>(viewers);
        for (var viewer = 0; viewer < viewers; viewer++)
        {
            var wanted = Math.Min(1_500, (int)(30 / (1 - random.NextDouble())));
            var row = new HashSet<int>();
            while (row.Count < wanted) row.Add((int)(items * Math.Pow(random.NextDouble(), 2)));
            rows.Add([.. row.Order()]);
        }

        return Build(rows, items);
    }

    private static Interactions Build(List<List<int>> rows, int items) => Interactions.FromRows(
        [.. rows.Select(r => ((ReadOnlyMemory<int>)r.ToArray(), (ReadOnlyMemory<float>)Enumerable.Repeat(1f, r.Count).ToArray()))], items);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static double Median(List<double> values) => Quantile(values, 0.5);

    private static double Quantile(List<double> values, double q) => values.Order().ElementAt((int)Math.Min(values.Count - 1, q * values.Count));

    private static string Range(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values):0.00} [{values.Min():0.00}..{values.Max():0.00}]");

    private static string Spread(List<double> values) => string.Create(
        CultureInfo.InvariantCulture, $"p50 {Median(values):0.0}, p99 {Quantile(values, 0.99):0.0}, most {values.Max():0.0} ms ({values.Count} asked)");
}
