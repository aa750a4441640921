using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace RecoAspire.Benchmarks;

/// <summary>
/// The dashboard under a load that is far above what the suite sends: the built AppHost as a process, 10,000 spans/s, 200 log
/// records/s and metrics of five processes over gRPC, and a page that asks as a browser does. Prints the AppHost's memory against its
/// ceiling, its share of a core, and how long questions take under load against at rest. Exit code 1 where the memory is above the
/// ceiling or a question takes longer than a second at p99.
/// </summary>
internal static class OtlpBenchmark
{
    private const int CeilingMegabytes = 320;
    private const double SlowestP99Seconds = 1;
    private const int SpansPerSecond = 10_000;
    private const int LogsPerSecond = 200;
    private const int RestSeconds = 15;
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);

    /// <param name="arguments">Optionally <c>--seconds N</c>.</param>
    public static int Run(string[] arguments)
    {
        var seconds = 60;
        if (arguments is not [] && !(arguments is ["--seconds", var given] && int.TryParse(given, CultureInfo.InvariantCulture, out seconds) && seconds > 0))
        {
            Console.Error.WriteLine("usage: Benchmarks otlp [--seconds 60]");
            return 2;
        }

        return RunAsync(TimeSpan.FromSeconds(seconds)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(TimeSpan length)
    {
        await using var host = await SuiteProcess.StartAsync();
        var questions = await QuestionsAsync(host.Page);
        // The first answers of each kind are compiled.
        await AskAsync(host.Page, questions, TimeSpan.FromSeconds(5));
        var (restTimes, rest) = await MeasureAsync(host, questions, TimeSpan.FromSeconds(RestSeconds), Task.CompletedTask);

        var loads = Enumerable.Range(0, OtlpLoad.Services).Select(s => new OtlpLoad(s, host.OtlpAddress, SuiteProcess.OtlpKey)).ToList();
        var ownCpu = Process.GetCurrentProcess().TotalProcessorTime;
        var sending = Task.WhenAll(loads.Select(l => l.RunAsync((double)SpansPerSecond / OtlpLoad.Services, LogsPerSecond / OtlpLoad.Services, length)));
        var (loadTimes, load) = await MeasureAsync(host, questions, length, sending);
        await sending;
        var ownShare = (Process.GetCurrentProcess().TotalProcessorTime - ownCpu) / length;
        var telemetry = JsonDocument.Parse(await host.Page.GetStringAsync("/api/overview")).RootElement.GetProperty("telemetry");

        Say($"sent          {loads.Sum(l => l.Spans) / length.TotalSeconds,8:0} spans/s of {SpansPerSecond} asked, {loads.Sum(l => l.Logs) / length.TotalSeconds:0} log records/s, {length.TotalSeconds:0} s");
        Say($"kept          {telemetry.GetProperty("spans").GetInt64(),8} spans ({telemetry.GetProperty("droppedSpans").GetInt64()} made room), {telemetry.GetProperty("logs").GetInt64()} logs, {telemetry.GetProperty("points").GetInt64()} series, {telemetry.GetProperty("bytes").GetInt64() / 1e6:0.0} of {telemetry.GetProperty("maxBytes").GetInt64() / 1e6:0.0} MB estimated");
        Say($"memory        {load.MaxMegabytes,8:0} MB at most, {load.MeanMegabytes:0} MB on average, ceiling {CeilingMegabytes} MB, ratio {load.MaxMegabytes / CeilingMegabytes:0.00}; at rest {rest.MeanMegabytes:0} MB");
        Say($"CPU           {load.CoreShare,8:0.00} cores, at rest {rest.CoreShare:0.00}; the sender took {ownShare:0.00}");
        var ok = load.MaxMegabytes <= CeilingMegabytes;
        foreach (var question in questions)
        {
            var (before, under) = (restTimes[question.Name], loadTimes[question.Name]);
            Say($"{question.Name,-13} {P(under, 0.5) * 1e3,8:0.0} ms p50, {P(under, 0.99) * 1e3:0.0} ms p99, {under.Max() * 1e3:0.0} ms max of {under.Count}; at rest {P(before, 0.5) * 1e3:0.0} / {P(before, 0.99) * 1e3:0.0}; ratio {P(under, 0.5) / P(before, 0.5):0.0} / {P(under, 0.99) / P(before, 0.99):0.0}");
            ok &= P(under, 0.99) <= SlowestP99Seconds;
        }

        foreach (var one in loads) one.Dispose();
        Console.WriteLine(ok ? "ok" : $"NOT ok: more than {CeilingMegabytes} MB, or a question above {SlowestP99Seconds:0} s at p99");
        return ok ? 0 : 1;
    }

    private static async Task<List<(string Name, string Path)>> QuestionsAsync(HttpClient page)
    {
        // A histogram that is there at rest too: with percentiles, the dearest chart.
        var instruments = JsonDocument.Parse(await page.GetStringAsync("/api/metrics")).RootElement.GetProperty("instruments").EnumerateArray();
        var chart = instruments.First(i => i.GetProperty("kind").GetString() == "histogram");
        string Of(string name) => Uri.EscapeDataString(chart.GetProperty(name).GetString()!);
        return
        [
            ("overview", "/api/overview"), ("traces", "/api/traces?limit=200"), ("resources", "/api/resources"),
            ("series", $"/api/metrics/series?resource={Of("resource")}&meter={Of("meter")}&name={Of("name")}&minutes=5"),
        ];
    }

    private static async Task<(Dictionary<string, List<double>> Times, ProcessFigures Figures)> MeasureAsync(SuiteProcess host, List<(string Name, string Path)> questions, TimeSpan length, Task sending)
    {
        var watching = host.WatchAsync(length);
        var times = await AskAsync(host.Page, questions, length);
        if (sending.IsFaulted) await sending;
        return (times, await watching);
    }

    private static async Task<Dictionary<string, List<double>>> AskAsync(HttpClient page, List<(string Name, string Path)> questions, TimeSpan length)
    {
        var times = questions.ToDictionary(q => q.Name, _ => new List<double>());
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(AskEvery);
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            foreach (var (name, path) in questions)
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await page.GetAsync(path);
                answer.EnsureSuccessStatusCode();
                times[name].Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
            }

            await timer.WaitForNextTickAsync();
        }

        return times;
    }

    private static double P(List<double> times, double fraction) => times.Order().ElementAt(Math.Min(times.Count - 1, (int)Math.Ceiling(fraction * times.Count) - 1));

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
