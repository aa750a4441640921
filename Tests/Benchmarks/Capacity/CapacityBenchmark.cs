using System.Runtime.InteropServices;
using System.Text.Json;
using RecoAspire.Topology;
using static System.FormattableString;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>
/// What one recommendation costs each service, for the requests, limits and the autoscaler of <c>AppHost/Topology/topology.yaml</c>. The suite
/// runs as its pods do, with MovieLens 1M (the training part of the leave-one-out split) or the demonstration in it and a trained model; known
/// viewers ask from 1, 8 and 32 connections. CPU time is what to look at: rates and latencies are those of a machine that carries all
/// services and the client. The gateway is compared with an endpoint that only returns the same bytes.
/// </summary>
internal static class CapacityBenchmark
{
    public const string Recommendations = "GET /api/recommendations";
    private const string Search = "GET /api/search";
    private const string Usage = "usage: Benchmarks capacity [data folder] [--json FILE]; the folder must exist";
    private const int DemoViewers = 400;
    private const int MovieLensViewers = 6_040;
    private const int PopularQueries = 50;
    private const int UsualConcurrency = 8;
    private static readonly int[] Concurrencies = [1, 8, 32];
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <param name="arguments">Optionally the folder of the real data sets, and <c>--json FILE</c>.</param>
    public static int Run(string[] arguments)
    {
        string? folder = null, json = null;
        var given = new Queue<string>(arguments);
        while (given.TryDequeue(out var argument))
        {
            if (argument == "--json" && json is null && given.TryDequeue(out json)) continue;
            if (folder is not null || !Directory.Exists(argument)) return Refuse();
            folder = argument;
        }

        if (json is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(json)))) return Refuse();
        using var stop = new CancellationTokenSource();
        // The services end with the benchmark.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var figures = RunAsync(folder, stop.Token).GetAwaiter().GetResult();
            Console.Write(CapacityReport.Markdown(figures));
            if (json is not null) File.WriteAllText(json, CapacityReport.Json(figures));
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static int Refuse()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    private static async Task<CapacityFigures> RunAsync(string? folder, CancellationToken cancellationToken)
    {
        var topology = TopologyFile.Read(Path.Combine(Suite.ProjectRoot, "AppHost", "Topology", "topology.yaml"));
        await using var suite = await Suite.StartAsync(topology, cancellationToken);
        var (catalogue, viewers) = await FillAsync(suite, folder, cancellationToken);
        var random = new Random(1);
        var asked = viewers.ToArray();
        random.Shuffle(asked);
        string Recommend(int number) => $"/api/recommendations?userId={asked[number % asked.Length]}";

        var measuring = new Measuring(suite, cancellationToken);
        await measuring.RestAsync(Rest);
        var stages = new List<StageFigures>();
        using (var recommendations = await measuring.WarmUpAsync(Recommendations, Recommend, new LoadSize(UsualConcurrency, 4_000, TimeSpan.FromSeconds(40))))
        {
            foreach (var concurrency in Concurrencies)
                stages.Add(await measuring.StageAsync(recommendations, new LoadSize(concurrency, 3_000, TimeSpan.FromSeconds(40))));
        }

        var queries = await TitlesAsync(suite.Api, Recommend, cancellationToken);
        string Find(int number) => $"/api/search?q={Uri.EscapeDataString(queries[number % queries.Count])}";
        using (var search = await measuring.WarmUpAsync(Search, Find, new LoadSize(UsualConcurrency, 1_000, TimeSpan.FromSeconds(10))))
            stages.Add(await measuring.StageAsync(search, new LoadSize(UsualConcurrency, 3_000, TimeSpan.FromSeconds(30))));

        return new CapacityFigures(catalogue, Environment.ProcessorCount, topology.Gateway.TargetRequestsPerSecond, stages, measuring.Services());
    }

    private static async Task<(string Catalogue, IReadOnlyList<string> Viewers)> FillAsync(Suite suite, string? folder, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LoadLimit);
        var ncf = folder is null ? null : Path.GetFullPath(Path.Combine(folder, "ncf"));
        Console.Error.WriteLine("import");
        var movieLens = Directory.Exists(ncf);
        if (movieLens)
            await suite.OpsAsync(["import", "movielens", ncf!, "--titles", Path.GetFullPath(Path.Combine(folder!, "movielens", "ml-1m"))], limit.Token);
        else
            await suite.OpsAsync(["import", "demo", "--viewers", $"{DemoViewers}"], limit.Token);
        Console.Error.WriteLine("training");
        await suite.OpsAsync(["train"], limit.Token);
        await suite.OpsAsync(["wait", "--timeout-seconds", "300"], limit.Token);
        using var status = JsonDocument.Parse(await suite.Api.GetStringAsync("/api/status", limit.Token));
        var titles = status.RootElement.GetProperty("catalogItems").GetInt64();
        return movieLens
            ? (Invariant($"MovieLens 1M, training part of the leave-one-out split: {titles:N0} titles, {MovieLensViewers:N0} viewers"), [.. Ids(MovieLensViewers, v => $"ml1m-{v}")])
            : (Invariant($"The demonstration: {titles:N0} titles, {DemoViewers} viewers"), [.. Ids(DemoViewers, v => $"demo-{v:0000}")]);
    }

    private static IEnumerable<string> Ids(int viewers, Func<int, FormattableString> id) => Enumerable.Range(1, viewers).Select(v => Invariant(id(v)));

    // What many look for: titles that are recommended. A gateway has the vectors of such queries after the first time.
    private static async Task<IReadOnlyList<string>> TitlesAsync(HttpClient api, Func<int, string> recommend, CancellationToken cancellationToken)
    {
        var titles = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; titles.Count < PopularQueries && number < PopularQueries; number++)
        {
            using var answer = JsonDocument.Parse(await api.GetByteArrayAsync(recommend(number), cancellationToken));
            foreach (var item in answer.RootElement.GetProperty("items").EnumerateArray().Take(3)) titles.Add(item.GetProperty("title").GetString()!);
        }

        return [.. titles.Order(StringComparer.Ordinal).Take(PopularQueries)];
    }
}
