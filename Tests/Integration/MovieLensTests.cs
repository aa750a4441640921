using System.Diagnostics;
using System.Text.Json;
using RecoAspire.Tests;

namespace RecoAspire.Integration;

/// <summary>ML-1M through the running suite: import through the log, train, rank through the API, measure.</summary>
[Collection("suite")]
public sealed class MovieLensTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_leave_one_out_evaluation_through_the_api_reaches_the_published_quality()
    {
        var ncf = RealData.Require("ncf");
        var titles = RealData.Require("movielens/ml-1m");
        await using var suite = await SuiteProcess.StartAsync();
        var report = Path.Combine(suite.DataRoot, "evaluation.json");

        var clock = Stopwatch.StartNew();
        output.WriteLine(await suite.OpsAsync($"import movielens {ncf} --titles {titles}"));
        var importTime = clock.Elapsed;
        output.WriteLine(await suite.OpsAsync("train"));
        await suite.OpsAsync("wait");
        output.WriteLine(await suite.OpsAsync($"evaluate leave-one-out {ncf} --json {report}"));

        Assert.True(importTime < TimeSpan.FromMinutes(3), $"the import took {importTime}");
        var rows = JsonDocument.Parse(await File.ReadAllTextAsync(report)).RootElement.GetProperty("rows").EnumerateArray()
            .ToDictionary(r => r.GetProperty("strategy").GetString()!, r => (Hr: r.GetProperty("hr10").GetDouble(), Ndcg: r.GetProperty("ndcg10").GetDouble()));
        Assert.True(rows["personalised"].Hr >= 0.70, $"HR@10 {rows["personalised"].Hr}");
        Assert.True(rows["personalised"].Ndcg >= 0.42, $"NDCG@10 {rows["personalised"].Ndcg}");
        Assert.InRange(rows["popular"].Hr, 0.454 - 0.005, 0.454 + 0.005);
        Assert.InRange(rows["popular"].Ndcg, 0.254 - 0.005, 0.254 + 0.005);

        // Idle: after the load, services give back what they no longer need within a few seconds.
        var megabytes = await suite.EventuallyAsync(
            async () => JsonDocument.Parse(await suite.OpsAsync("status --json")).RootElement.GetProperty("totalRssBytes").GetInt64() / 1e6,
            held => held < 900, TimeSpan.FromSeconds(40), "the idle suite holds less than 900 MB");
        output.WriteLine($"resident memory of the idle suite with ML-1M: {megabytes:0} MB");
    }
}
