using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using RecoAspire.Ops.Evaluation;
using RecoAspire.Ops.Import;
using RecoAspire.Tests;

namespace RecoAspire.Ops.Tests;

public sealed class LeaveOneOutTests
{
    private sealed class FixedRanker(Func<string, IReadOnlyList<string>, IReadOnlyList<string>> rank) : IRanker
    {
        public Task<IReadOnlyList<string>> RankAsync(string userId, IReadOnlyList<string> itemIds, CancellationToken cancellationToken) => Task.FromResult(rank(userId, itemIds));
    }

    private static LeaveOneOutCase Case(string user) => new(user, "held-out", [.. Enumerable.Range(0, 99).Select(i => $"n{i}")]);

    // Puts the held-out title at the rank that the viewer's name says.
    private static readonly FixedRanker ByName = new((user, items) =>
    {
        var order = items.Where(i => i != "held-out").ToList();
        order.Insert(int.Parse(user, CultureInfo.InvariantCulture), "held-out");
        return order;
    });

    [Fact]
    public async Task A_small_example_gives_what_the_formula_gives_by_hand()
    {
        // Ranks 0, 1, 9 and 10: three hits of four; gains 1, ln 2 / ln 3 = 0.63093, ln 2 / ln 11 = 0.28906 and 0.
        var result = await LeaveOneOut.EvaluateAsync([Case("0"), Case("1"), Case("9"), Case("10")], ByName, 4, null, TestContext.Current.CancellationToken);
        Assert.Equal(0.75, result.HitRate, 12);
        Assert.Equal((1 + 0.6309297536 + 0.2890648263) / 4, result.Ndcg, 9);
        Assert.Equal(4, result.Users);
        Assert.InRange(result.HitRate, result.HitRateInterval.Low, result.HitRateInterval.High);
    }

    [Theory]
    [InlineData(0, 1, 1.0)]
    [InlineData(2, 1, 0.5)]
    [InlineData(6, 1, 0.33333333)]
    [InlineData(10, 0, 0)]
    [InlineData(-1, 0, 0)]
    public void A_rank_gives_a_hit_and_a_gain(int rank, double hit, double gain)
    {
        Assert.Equal(hit, LeaveOneOut.Score(rank).Hit);
        Assert.Equal(gain, LeaveOneOut.Score(rank).Gain, 8);
    }

    [Fact]
    public async Task Where_every_viewer_is_alike_the_interval_has_no_width()
    {
        var result = await LeaveOneOut.EvaluateAsync([.. Enumerable.Repeat(Case("3"), 50)], ByName, 2, null, TestContext.Current.CancellationToken);
        Assert.Equal((1.0, 1.0), result.HitRateInterval);
    }

    [Fact]
    public async Task The_interval_is_that_of_the_binomial_distribution()
    {
        // 400 viewers, half of them hits: standard error 0.025, so about 0.451 to 0.549.
        var cases = Enumerable.Range(0, 400).Select(i => Case(i % 2 == 0 ? "0" : "50")).ToList();
        var result = await LeaveOneOut.EvaluateAsync(cases, ByName, 2, null, TestContext.Current.CancellationToken);
        Assert.InRange(result.HitRateInterval.Low, 0.44, 0.46);
        Assert.InRange(result.HitRateInterval.High, 0.54, 0.56);
    }

    private static Scratch Split() => new Scratch()
        .Write("ml-1m.items.csv", "item,movie\n0,10\n1,20\n2,30\n")
        .Write("ml-1m.test.negative.gz", "(0,0)\t1\t2\t0\t1\n(1,2)\t0\t1\n");

    [Fact]
    public void Each_distinct_title_is_scored_once_also_where_the_held_out_one_is_among_its_negatives()
    {
        using var split = Split();
        var cases = LeaveOneOutFiles.Read(split.Path);
        Assert.Equal(("ml1m-1", "ml1m-10"), (cases[0].UserId, cases[0].ItemId));
        Assert.Equal(["ml1m-20", "ml1m-30"], cases[0].Others);
        Assert.Equal("ml1m-30", cases[1].ItemId);
    }

    [Theory]
    [InlineData("(0;0)\t1\n", "ml-1m.test.negative:1: '(0;0)' is no (user,item)")]
    [InlineData("(0,0)\t1\n(1,0)\t7\n", "ml-1m.test.negative:2: item '7' is not in ml-1m.items.csv")]
    [InlineData("(0,0)\t1", "ml-1m.test.negative:1: the last line has no line break: the file breaks off")]
    public void A_broken_split_is_named_with_its_line(string text, string message)
    {
        using var split = new Scratch().Write("ml-1m.items.csv", "item,movie\n0,10\n1,20\n").Write("ml-1m.test.negative", text);
        Assert.Equal(message, Assert.Throws<OpsException>(() => LeaveOneOutFiles.Read(split.Path)).Message);
    }

    // Titles of equal popularity are what makes published popularity rows differ. Against the held-out title and for it are the
    // bounds; by the split's item numbers is neutral, and gives the row of the literature (0.4535 / 0.2543).
    [Theory]
    [InlineData("against", 0.45315, 0.25409)]
    [InlineData("neutral", 0.45348, 0.25424)]
    [InlineData("for", 0.45381, 0.25446)]
    public async Task The_popularity_row_of_the_real_split_is_the_published_one(string ties, double hitRate, double ndcg)
    {
        var folder = RealData.Require("ncf");
        var cases = LeaveOneOutFiles.Read(folder);
        var data = MovieLensReaderTests.Read(folder);
        var counts = data.Events.CountBy(e => data.ItemId(e.Item)).ToDictionary();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var numbers = Csv.Rows(InputFile.Demand(folder, "ml-1m.items.csv"), hash, ["item", "movie"])
            .ToDictionary(r => $"ml1m-{r.Fields[1]}", r => int.Parse(r.Fields[0], CultureInfo.InvariantCulture));
        // The protocol hands the held-out title over last, and the order is stable.
        var ranker = new FixedRanker((_, items) =>
        [
            .. (ties switch { "against" => items, "for" => items.Reverse(), _ => items.OrderBy(i => numbers[i]) }).OrderByDescending(i => counts.GetValueOrDefault(i)),
        ]);

        var result = await LeaveOneOut.EvaluateAsync(cases, ranker, 2, null, TestContext.Current.CancellationToken);

        Assert.Equal(6_040, result.Users);
        Assert.Equal(hitRate, result.HitRate, 5);
        Assert.Equal(ndcg, result.Ndcg, 5);
        if (ties == "neutral")
        {
            Assert.InRange(result.HitRate, 0.4538 - 0.0005, 0.4538 + 0.0005);
            Assert.InRange(result.Ndcg, 0.2545 - 0.0005, 0.2545 + 0.0005);
        }
    }

    [Fact]
    public async Task The_command_measures_what_the_api_ranks_and_writes_it_down()
    {
        using var split = Split();
        await using var gateway = await LocalGateway.StartAsync();
        // The first viewer's title comes first, the second one's last of three; "popular" has both first.
        gateway.Rank = (user, strategy, items) => [.. items.OrderBy(i => i == (user == "ml1m-1" ? "ml1m-10" : "ml1m-30") && (strategy == "popular" || user == "ml1m-1") ? 0 : i == "ml1m-30" ? 2 : 1)];
        var report = Path.Combine(split.Path, "report.json");
        var run = await OpsProcess.RunAsync(split.Path, "evaluate", "leave-one-out", split.Path, "--gateway", $"{gateway.Address}", "--json", report);

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("0.7500", run.Output, StringComparison.Ordinal);
        Assert.Contains("iALS", run.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(r => r.GetProperty("strategy").GetString()!, r => r.GetProperty("ndcg10").GetDouble());
        Assert.Equal(1, rows["popular"], 9);
        Assert.Equal(0.75, rows["personalised"], 9);
    }

    [Fact]
    public async Task Degraded_answers_do_not_count_as_a_measurement_unless_they_are_allowed()
    {
        using var split = Split();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.Degraded = ["vectorsearch"];
        var run = await OpsProcess.RunAsync(split.Path, "evaluate", "leave-one-out", split.Path, "--gateway", $"{gateway.Address}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2 answers were degraded", run.Error, StringComparison.Ordinal);

        var allowed = await OpsProcess.RunAsync(split.Path, "evaluate", "leave-one-out", split.Path, "--gateway", $"{gateway.Address}", "--allow-degraded");
        Assert.Equal(0, allowed.ExitCode);
    }

    [Fact]
    public async Task A_log_that_holds_the_answers_is_not_measured()
    {
        using var split = Split();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.History = user => user == "ml1m-2" ? ["ml1m-20", "ml1m-30"] : ["ml1m-20"];
        var run = await OpsProcess.RunAsync(split.Path, "evaluate", "leave-one-out", split.Path, "--gateway", $"{gateway.Address}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 of 2 viewers looked at have watched their held-out title", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_model_the_command_says_how_to_get_one()
    {
        using var split = Split();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.HasModel = false;
        var run = await OpsProcess.RunAsync(split.Path, "evaluate", "leave-one-out", split.Path, "--gateway", $"{gateway.Address}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("import movielens", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ranking_that_loses_titles_fails_the_run()
    {
        using var split = Split();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.Rank = (_, _, items) => [.. items.Skip(1)];
        var run = await OpsProcess.RunAsync(split.Path, "evaluate", "leave-one-out", split.Path, "--gateway", $"{gateway.Address}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not the 3 that were asked for", run.Error, StringComparison.Ordinal);
    }
}
