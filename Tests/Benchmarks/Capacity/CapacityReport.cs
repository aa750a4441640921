using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>Figures as Markdown for people and as JSON for programs.</summary>
internal static class CapacityReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>All figures; units are the last word of a name.</summary>
    public static string Json(CapacityFigures figures) => JsonSerializer.Serialize(figures, Options);

    public static string Markdown(CapacityFigures figures)
    {
        var text = new StringBuilder();
        Say(text, $"{figures.Catalogue}; {figures.Processors} processors. CPU in µs of one request, user and system.");
        text.Append('\n');
        Requests(text, figures);
        text.Append('\n');
        Processes(text, figures);
        text.Append('\n');
        if (figures.Stages.Any(s => !s.IsWhole)) Say(text, $"(!) some answers failed, were degraded or not personal: the true cost is higher.");
        return text.ToString();
    }

    private static void Requests(StringBuilder text, CapacityFigures figures)
    {
        var names = figures.Services.Select(s => s.Name).ToList();
        Say(text, $"| request | at once | answers | answers/s | p50, p99 ms | degraded | {string.Join(" | ", names)} | bare | gateway / bare | answers/s of a gateway core | gateway cores at {figures.TargetRequestsPerSecond}/s |");
        Say(text, $"|---|{string.Concat(Enumerable.Repeat("---:|", 9 + names.Count))}");
        foreach (var s in figures.Stages)
        {
            var cpu = string.Join(" | ", names.Select(n => s.CpuMicroseconds[n].ToString("0", CultureInfo.InvariantCulture)));
            Say(text, $"| `{s.Request}`{(s.IsWhole ? "" : " (!)")} | {s.Concurrency} | {s.Load.Requests} | {s.Load.RequestsPerSecond:0} | {s.Load.P50Ms:0.0}, {s.Load.P99Ms:0.0} | {s.Load.DegradedShare:0.0%} | {cpu} | {s.BareCpuMicroseconds:0} | {s.Ratio:0.0} | {s.RequestsPerSecondOfACore:0} | {s.Cores(Suite.Gateway, figures.TargetRequestsPerSecond):0.00} |");
        }
    }

    private static void Processes(StringBuilder text, CapacityFigures figures)
    {
        var widest = figures.Stages.Where(s => s.Request == CapacityBenchmark.Recommendations).MaxBy(s => s.Concurrency)!;
        Say(text, $"| process | cores at rest | cores at {figures.TargetRequestsPerSecond} recommendations/s | MiB loaded | MiB serving, at most | MiB since the start, at most |");
        Say(text, $"|---|---:|---:|---:|---:|---:|");
        foreach (var s in figures.Services)
            Say(text, $"| {s.Name} | {s.RestCores:0.000} | {widest.Cores(s.Name, figures.TargetRequestsPerSecond):0.00} | {Mebibytes(s.LoadedBytes):0} | {Mebibytes(s.ServingBytes):0} | {Mebibytes(s.PeakBytes):0} |");
    }

    private static double Mebibytes(long bytes) => bytes / (double)(1 << 20);

    private static void Say(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
