using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RecoAspire.Ops.Suite;
using Spectre.Console;

namespace RecoAspire.Ops.Evaluation;

/// <summary><c>evaluate leave-one-out &lt;dir&gt;</c>: measures the running suite by the published protocol.</summary>
internal static class EvaluateCommand
{
    private static readonly string[] StrategyNames = ["popular", "personalised"];

    public static Command Create(SuiteOptions suite)
    {
        var folder = new Argument<string>("dir") { Description = "Folder of the NCF leave-one-out split of MovieLens 1M" };
        var users = new Option<int>("--users") { Description = "Only the first so many viewers; 0 = all" };
        var parallel = new Option<int>("--parallel") { Description = "Requests in flight, 1-64", DefaultValueFactory = _ => 8 };
        var json = new Option<string?>("--json") { Description = "Write the result to this file" };
        var allow = new Option<bool>("--allow-degraded") { Description = "Accept answers that had to do without a service" };
        var leaveOneOut = new Command("leave-one-out", "HR@10 and NDCG@10 of the running suite through POST /api/rank") { folder, users, parallel, json, allow };
        leaveOneOut.SetAction(async (parsed, cancellationToken) =>
        {
            using var gateway = GatewayClient.To(suite.GatewayOf(parsed));
            var cases = LeaveOneOutFiles.Read(parsed.GetValue(folder)!);
            var count = parsed.GetValue(users);
            if (count < 0 || parsed.GetValue(parallel) is < 1 or > 64) throw new OpsException("--users must not be negative and --parallel must be from 1 to 64", OpsException.BadInput);
            if (count > 0) cases = [.. cases.Take(count)];
            await RunAsync(gateway, cases, parsed.GetValue(parallel), parsed.GetValue(json), parsed.GetValue(allow), cancellationToken);
            return 0;
        });
        return new Command("evaluate", "Measures the quality of recommendations") { leaveOneOut };
    }

    private static async Task RunAsync(GatewayClient gateway, List<LeaveOneOutCase> cases, int parallel, string? jsonPath, bool allowDegraded, CancellationToken cancellationToken)
    {
        var status = await gateway.GetAsync("/api/status", cancellationToken);
        var model = status.GetProperty("models").EnumerateArray()
            .Where(m => m.GetProperty("space").GetString() == "collaborative" && m.GetProperty("current").GetBoolean())
            .Select(m => m.GetProperty("version").GetString()).FirstOrDefault();
        if (model is null) throw new OpsException("no collaborative model is being served: import the training part ('import movielens <dir>') and run 'train'");

        var (seen, asked) = await HeldOutTitles.CountInHistoriesAsync(gateway, cases, cancellationToken);
        if (seen > 0)
            throw new OpsException($"{seen} of {asked} viewers looked at have watched their held-out title: the log holds more than the training part, and this would measure memory");

        var rows = new List<(string Strategy, LeaveOneOutResult Result)>();
        foreach (var strategy in StrategyNames)
        {
            var ranker = new ApiRanker(gateway, strategy);
            await Steps.RunAsync($"ranking, {strategy}", async report =>
                rows.Add((strategy, await LeaveOneOut.EvaluateAsync(cases, ranker, parallel, done => report(done, cases.Count), cancellationToken))));
            if (ranker.Degraded > 0 && !allowDegraded) throw new OpsException($"{ranker.Degraded} answers were degraded: this would not measure the platform (--allow-degraded)");
            if (ranker.OtherStrategy > 0 && !allowDegraded)
                throw new OpsException($"{ranker.OtherStrategy} of {cases.Count} viewers were not ranked as '{strategy}': is the training part imported?");
        }

        Print(rows, model, cases.Count);
        if (jsonPath is not null) WriteJson(jsonPath, rows, model);
    }

    private static void Print(List<(string Strategy, LeaveOneOutResult Result)> rows, string model, int users)
    {
        var table = new Table().AddColumns("ranking", "HR@10", "95 %", "NDCG@10", "95 %").RoundedBorder();
        foreach (var (strategy, r) in rows)
            table.AddRow(strategy == "personalised" ? $"this suite ({model})" : "this suite, popularity", N(r.HitRate), Interval(r.HitRateInterval), N(r.Ndcg), Interval(r.NdcgInterval));
        table.AddRow("[grey]popularity, published[/]", "[grey]0.454[/]", "", "[grey]0.254[/]", "");
        table.AddRow("[grey]NeuMF (He et al. 2017)[/]", "[grey]0.730[/]", "", "[grey]0.447[/]", "");
        table.AddRow("[grey]iALS (Rendle et al. 2022)[/]", "[grey]0.731[/]", "", "[grey]0.452[/]", "");
        AnsiConsole.WriteLine($"MovieLens 1M, leave-one-out with 99 sampled negatives, {users:N0} viewers:");
        AnsiConsole.Write(table);
    }

    private static void WriteJson(string path, List<(string Strategy, LeaveOneOutResult Result)> rows, string model)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("protocol", "ncf-leave-one-out");
        json.WriteString("model", model);
        json.WriteStartArray("rows");
        foreach (var (strategy, r) in rows)
        {
            json.WriteStartObject();
            json.WriteString("strategy", strategy);
            json.WriteNumber("hr10", r.HitRate);
            json.WriteNumber("hr10Low", r.HitRateInterval.Low);
            json.WriteNumber("hr10High", r.HitRateInterval.High);
            json.WriteNumber("ndcg10", r.Ndcg);
            json.WriteNumber("ndcg10Low", r.NdcgInterval.Low);
            json.WriteNumber("ndcg10High", r.NdcgInterval.High);
            json.WriteNumber("users", r.Users);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string N(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Interval((double Low, double High) interval) => $"{N(interval.Low)}–{N(interval.High)}";
}
