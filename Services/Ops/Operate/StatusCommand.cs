using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using RecoAspire.Ops.Suite;
using Spectre.Console;

namespace RecoAspire.Ops.Operate;

/// <summary><c>status</c>: processes, health, memory and how far every view is.</summary>
internal static class StatusCommand
{
    private sealed record Line(string Name, int? Pid, string Health, long RssBytes, IReadOnlyDictionary<string, string> Endpoints);

    private static readonly Dictionary<string, string> NoEndpoints = [];

    public static Command Create(SuiteOptions suite)
    {
        var json = new Option<bool>("--json") { Description = "For machines" };
        var command = new Command("status", "Shows processes, health, memory and positions of the running suite") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var run = suite.RunOf(parsed);
            var lines = new List<Line>();
            if (run.AppHostPid > 0) lines.Add(new Line("apphost", run.AppHostPid, Rss(run.AppHostPid) > 0 ? "running" : "gone", Rss(run.AppHostPid), NoEndpoints));
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };
            foreach (var resource in run.Resources)
                lines.Add(run.AppHostPid > 0 ? await InspectAsync(http, resource, cancellationToken) : await AskAsync(run, resource, cancellationToken));
            using var views = new Views(run);
            var (positions, _) = await views.PositionsAsync(cancellationToken);
            if (parsed.GetValue(json)) WriteJson(lines, positions);
            else Print(lines, positions);
            return 0;
        });
        return command;
    }

    private static async Task<Line> InspectAsync(HttpClient http, RunFile.Resource resource, CancellationToken cancellationToken)
    {
        var endpoints = resource.Endpoints ?? NoEndpoints;
        if (resource.Pid is not { } pid) return new Line(resource.Name, null, "not running", 0, endpoints);
        var health = "running";
        if (resource.Endpoints?.GetValueOrDefault("http") is { } url)
        {
            try
            {
                using var response = await http.GetAsync($"{url}/health/ready", cancellationToken);
                health = response.IsSuccessStatusCode ? "ready" : "not ready";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                health = "no answer";
            }
        }

        return new Line(resource.Name, pid, health, Rss(pid), endpoints);
    }

    // A service on another machine has no process here; it says itself how it is.
    private static async Task<Line> AskAsync(RunFile run, RunFile.Resource resource, CancellationToken cancellationToken)
    {
        using var channel = SuiteOptions.ChannelTo(run, resource.Name);
        var health = "no answer";
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(3), cancellationToken: cancellationToken);
            health = answer.Status == HealthCheckResponse.Types.ServingStatus.Serving ? "ready" : "not ready";
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            if (e.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded)) health = "running";
        }

        return new Line(resource.Name, null, health, 0, resource.Endpoints ?? NoEndpoints);
    }

    private static long Rss(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.WorkingSet64;
        }
        catch (ArgumentException)
        {
            return 0;
        }
    }

    private static void Print(List<Line> lines, List<(string Service, Contracts.View.V1.ViewPosition Position)> positions)
    {
        var table = new Table().RoundedBorder().AddColumns("resource", "pid", "state", "memory", "endpoints");
        foreach (var line in lines)
            table.AddRow(line.Name, line.Pid?.ToString(CultureInfo.InvariantCulture) ?? "", line.Health, line.Pid is null ? "" : Megabytes(line.RssBytes), Markup.Escape(string.Join("  ", line.Endpoints.Select(e => $"{e.Key} {e.Value}"))));
        table.AddRow("[bold]total[/]", "", "", $"[bold]{Megabytes(lines.Sum(l => l.RssBytes))}[/]", "");
        AnsiConsole.Write(table);
        var views = new Table().RoundedBorder().AddColumns("service", "view", "topic", "position", "lag");
        foreach (var (service, p) in positions)
            views.AddRow(service, p.View, p.Topic, $"{p.NextOffset:N0}", p.Connected ? $"{Math.Max(0, p.EndOffset - p.NextOffset):N0}" : "log unreachable");
        AnsiConsole.Write(views);
    }

    private static void WriteJson(List<Line> lines, List<(string Service, Contracts.View.V1.ViewPosition Position)> positions)
    {
        using var output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("totalRssBytes", lines.Sum(l => l.RssBytes));
        json.WriteStartArray("resources");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("name", line.Name);
            if (line.Pid is { } pid) json.WriteNumber("pid", pid);
            json.WriteString("state", line.Health);
            json.WriteNumber("rssBytes", line.RssBytes);
            json.WriteStartObject("endpoints");
            foreach (var (name, address) in line.Endpoints) json.WriteString(name, address);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("views");
        foreach (var (service, p) in positions)
        {
            json.WriteStartObject();
            json.WriteString("service", service);
            json.WriteString("view", p.View);
            json.WriteString("topic", p.Topic);
            json.WriteNumber("position", p.NextOffset);
            json.WriteNumber("end", p.EndOffset);
            json.WriteBoolean("connected", p.Connected);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Megabytes(long bytes) => $"{(bytes / 1e6).ToString("0", CultureInfo.InvariantCulture)} MB";
}
