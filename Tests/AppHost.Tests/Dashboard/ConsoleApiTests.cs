namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>What resources print, as the page follows it.</summary>
public sealed class ConsoleApiTests
{
    [Fact]
    public async Task Without_a_cursor_the_last_lines_come_and_then_only_new_ones()
    {
        await using var app = await DashboardApp.StartedAsync();
        for (var i = 1; i <= 5; i++) app.Loggers.Add("shop", "shop-a", $"line {i}", isError: i == 4);
        var first = await app.GetAsync("/api/console?limit=3");
        Assert.Equal([("line 3", false), ("line 4", true), ("line 5", false)], first.List("lines").Select(l => (l.Text("text"), l.GetProperty("isError").GetBoolean())));
        Assert.Equal(("shop", "shop-a"), (first.List("lines")[0].Text("resource"), first.List("lines")[0].Text("replica")));
        var next = first.Number("next");
        Assert.Empty((await app.GetAsync($"/api/console?after={next}")).List("lines"));
        app.Loggers.Add("shop", "shop-a", "line 6", isError: false);
        Assert.Equal(["line 6"], (await app.GetAsync($"/api/console?after={next}")).List("lines").Select(l => l.Text("text")));
    }

    [Fact]
    public async Task A_cursor_that_is_far_behind_catches_up_without_a_gap()
    {
        await using var app = await DashboardApp.StartedAsync();
        for (var i = 0; i < 25; i++) app.Loggers.Add(i % 2 == 0 ? "shop" : "store", "", $"{i}", isError: false);
        var seen = new List<int>();
        for (var after = 0.0; ;)
        {
            var answer = await app.GetAsync($"/api/console?resource=shop&after={after}&limit=4");
            if (answer.List("lines") is []) break;
            seen.AddRange(answer.List("lines").Select(l => int.Parse(l.Text("text")!, null)));
            Assert.Equal(answer.List("lines")[^1].Number("seq"), answer.Number("next"));
            after = answer.Number("next")!.Value;
        }

        Assert.Equal(Enumerable.Range(0, 13).Select(i => i * 2), seen);
    }

    [Fact]
    public async Task An_empty_answer_keeps_the_cursor()
    {
        await using var app = await DashboardApp.StartedAsync();
        Assert.Equal(0, (await app.GetAsync("/api/console?resource=nobody")).Number("next"));
        Assert.Equal(7, (await app.GetAsync("/api/console?resource=nobody&after=7")).Number("next"));
    }

    [Fact]
    public async Task Lines_of_one_process_are_told_from_those_of_another()
    {
        await using var app = await DashboardApp.StartedAsync();
        app.Loggers.Add("shop", "shop-a", "from a", isError: false);
        app.Loggers.Add("shop", "shop-b", "from b", isError: false);
        Assert.Equal(["from b"], (await app.GetAsync("/api/console?resource=shop&replica=shop-b")).List("lines").Select(l => l.Text("text")));
    }

    [Fact]
    public async Task Lines_that_made_room_are_counted()
    {
        await using var app = await DashboardApp.StartedAsync("--Dashboard:Frontend:MaxConsoleLogCount=10");
        for (var i = 0; i < 25; i++) app.Loggers.Add("shop", "", $"{i}", isError: false);
        var answer = await app.GetAsync("/api/console?after=0");
        Assert.Equal((10, 15), (answer.List("lines").Count, answer.Number("dropped")));
        Assert.Equal("15", answer.List("lines")[0].Text("text"));
    }

    [Fact]
    public async Task A_page_asks_for_a_thousand_lines_at_most()
    {
        await using var app = await DashboardApp.StartedAsync();
        for (var i = 0; i < 1_200; i++) app.Loggers.Add("shop", "", $"{i}", isError: false);
        Assert.Equal(1_000, (await app.GetAsync("/api/console?limit=100000")).List("lines").Count);
        Assert.Single((await app.GetAsync("/api/console?limit=-5")).List("lines"));
    }
}
