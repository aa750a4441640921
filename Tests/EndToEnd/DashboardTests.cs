using System.Diagnostics;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace RecoAspire.EndToEnd;

/// <summary>The dashboard as a person sees it, over a suite that viewers use.</summary>
public sealed partial class DashboardTests(DashboardFixture fixture, ITestOutputHelper output) : IClassFixture<DashboardFixture>
{
    private static readonly string[] Services = ["gateway", "eventlog", "embedding", "vectorsearch", "graph", "profile"];

    [Fact]
    public async Task The_first_page_tells_how_the_platform_is_doing()
    {
        await using var page = await fixture.OpenAsync();
        foreach (var tile in (string[])["tile-requests", "tile-latency", "tile-errors", "tile-cache", "tile-events", "tile-freshness"])
            await Expect(page.Find(tile).Locator(".value").First).ToHaveTextAsync(Number(), new() { Timeout = 30_000 });
        foreach (var service in Services)
        {
            await page.UntilAsync(service, "data-state", "Running");
            await page.UntilAsync(service, "data-health", "Healthy");
        }

        await page.UntilAsync("demo", "data-state", "Finished");
        await Expect(page.Row("gateway").GetByRole(AriaRole.Link).Filter(new() { HasText = "/scalar" })).ToHaveAttributeAsync("href", new Regex("^http://localhost:\\d+/scalar$"));
    }

    [Fact]
    public async Task A_request_appears_within_5_seconds_as_a_trace_across_at_least_4_services()
    {
        await using var page = await fixture.OpenAsync();
        await page.GoAsync("/traces");
        await Expect(page.Find("trace-row").First).ToBeVisibleAsync(new() { Timeout = 30_000 });

        // The caller's own trace id tells this request from the others'.
        var trace = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/recommendations?userId=demo-0001");
        request.Headers.Add("traceparent", $"00-{trace}-{trace[..16]}-01");
        var clock = Stopwatch.StartNew();
        using (await fixture.Suite.Api.SendAsync(request)) { }

        var row = page.Page.Locator($"[data-testid=trace-row][data-trace='{trace}']");
        await Expect(row).ToHaveAttributeAsync("data-services", AtLeastFour(), new() { Timeout = 15_000 });
        output.WriteLine($"request -> trace across {await row.GetAttributeAsync("data-services")} services on the page: {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"the trace was complete on the page after {clock.Elapsed.TotalSeconds:0.0} s");

        await row.ClickAsync();
        await Expect(page.Find("waterfall")).ToBeVisibleAsync();
        Assert.True(await page.Find("span-row").CountAsync() >= 8);
        await page.Find("span-row").Filter(new() { HasText = "ProfileService" }).First.ClickAsync();
        await Expect(page.Find("span-details")).ToContainTextAsync("GetProfile");
    }

    [Fact]
    public async Task A_killed_service_turns_unhealthy_and_recovers_on_the_screen()
    {
        await using var page = await fixture.OpenAsync();
        var row = page.Row("graph");
        await page.UntilAsync("graph", "data-health", "Healthy");

        fixture.Suite.Kill("graph");

        await Expect(row).Not.ToHaveAttributeAsync("data-health", "Healthy", new() { Timeout = 10_000 });
        await page.UntilAsync("graph", "data-state", "Running");
        await page.UntilAsync("graph", "data-health", "Healthy");
        await page.GoAsync("/consolelogs/resource/graph");
        await Expect(page.Find("console")).ToContainTextAsync("exit code 137 (killed)");
    }

    [Fact]
    public async Task The_restart_button_gives_a_service_a_new_process()
    {
        await using var page = await fixture.OpenAsync();
        var before = fixture.Suite.PidOf("profile");
        await page.UntilAsync("profile", "data-health", "Healthy");

        await page.Find("command-profile-restart").ClickAsync();

        await fixture.Suite.EventuallyAsync(() => Task.FromResult(fixture.Suite.Run.Find("profile")?.Pid), pid => pid is not null && pid != before, TimeSpan.FromSeconds(20), "a new process");
        await page.UntilAsync("profile", "data-health", "Healthy");
    }

    [Fact]
    public async Task A_stopped_service_stays_down_until_it_is_started()
    {
        await using var page = await fixture.OpenAsync();
        await page.UntilAsync("embedding", "data-health", "Healthy");
        await page.Find("command-embedding-stop").ClickAsync();
        await page.UntilAsync("embedding", "data-state", "Exited");
        await page.Find("command-embedding-start").ClickAsync();
        await page.UntilAsync("embedding", "data-health", "Healthy", timeoutSeconds: 60);
    }

    [Fact]
    public async Task Secrets_are_masked_and_never_reach_the_browser()
    {
        await using var page = await fixture.OpenAsync();
        // The browser forgets an answer when its page is left or closed, and an event's handler that is async throws where no test can catch it:
        // the first page is left before anything is read, reading begins when the whole answer is there, and ends before this page is closed.
        await page.Page.GotoAsync("about:blank");
        var reading = new List<Task<string>>();
        page.Page.RequestFinished += Read;
        await page.Page.RunAndWaitForRequestFinishedAsync(() => page.GoAsync("/?details=gateway"), new() { Predicate = r => r.Url.Contains("/api/resources", StringComparison.Ordinal) });
        await Expect(page.Find("env-Admin__Key")).ToContainTextAsync("••••");
        await Expect(page.Find("env-OTEL_EXPORTER_OTLP_HEADERS")).ToContainTextAsync("••••");
        await Expect(page.Find("env-HTTP_PORT")).ToContainTextAsync(Number());

        var key = fixture.Suite.Run.AdminKey;
        Assert.DoesNotContain(key, await page.Page.ContentAsync(), StringComparison.Ordinal);
        page.Page.RequestFinished -= Read;
        Task<string>[] begun;
        lock (reading) begun = [.. reading];
        var bodies = await Task.WhenAll(begun);
        Assert.Contains(bodies, b => b.Contains("Admin__Key", StringComparison.Ordinal));
        Assert.DoesNotContain(bodies, b => b.Contains(key, StringComparison.Ordinal));

        void Read(object? sender, IRequest request)
        {
            if (!request.Url.Contains("/api/", StringComparison.Ordinal)) return;
            lock (reading) reading.Add(BodyAsync(request));
        }

        static async Task<string> BodyAsync(IRequest request) => await (await request.ResponseAsync())!.TextAsync();
    }

    [Fact]
    public async Task Without_the_token_nothing_is_shown()
    {
        await using var page = await fixture.OpenAsync();
        await page.Page.Context.ClearCookiesAsync();
        await page.GoAsync("/traces");
        Assert.Contains("/login", page.Page.Url, StringComparison.Ordinal);
        await page.Page.Locator("[name=token]").FillAsync("wrong");
        await page.Page.Locator("[name=token]").PressAsync("Enter");
        await page.Page.WaitForURLAsync(new Regex("error=1"));
        await page.Page.Locator("[name=token]").FillAsync(fixture.LoginUrl[(fixture.LoginUrl.IndexOf("t=", StringComparison.Ordinal) + 2)..]);
        await page.Page.Locator("[name=token]").PressAsync("Enter");
        await Expect(page.Row("gateway")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_graph_shows_who_needs_whom()
    {
        await using var page = await fixture.OpenAsync();
        await page.GoAsync("/?view=graph");
        foreach (var service in Services) await Expect(page.Find($"node-{service}")).ToBeVisibleAsync();
        await page.Find("node-gateway").ClickAsync();
        await Expect(page.Find("details")).ToContainTextAsync("vectorsearch");
    }

    [Fact]
    public async Task Latency_is_drawn_with_its_percentiles()
    {
        await using var page = await fixture.OpenAsync();
        await page.GoAsync("/metrics/resource/gateway?meter=RecoAspire&instrument=recommendation_latency_seconds&duration=5");
        foreach (var percentile in (string[])["p50", "p90", "p99"])
            await Expect(page.Find("chart").Locator($".line[data-series='{percentile}']")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
    }

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Every_page_fits_the_screen_and_can_be_read(int width, int height, ColorScheme scheme)
    {
        await using var page = await fixture.OpenAsync(width, height, scheme);
        await page.GoAsync("/traces");
        await Expect(page.Find("trace-row").Filter(new() { HasText = "/api/recommendations" }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var trace = await page.Find("trace-row").Filter(new() { HasText = "/api/recommendations" }).First.GetAttributeAsync("data-trace");
        foreach (var (name, path, ready) in new (string Name, string Path, string Ready)[]
        {
            ("resources", "/", "resource-gateway"),
            ("details", "/?details=gateway", "details"),
            ("graph", "/?view=graph", "node-gateway"),
            ("console", "/consolelogs", "console"),
            ("logs", "/structuredlogs", "log-row"),
            ("traces", "/traces", "trace-row"),
            ("trace", $"/traces/detail/{trace}", "span-row"),
            ("metrics", "/metrics/resource/gateway?meter=RecoAspire&instrument=recommendation_latency_seconds&duration=5", "chart"),
        })
        {
            await page.GoAsync(path);
            await Expect(page.Find(ready).First).ToBeVisibleAsync(new() { Timeout = 20_000 });
            var overflow = await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(fixture.Screenshots, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png") });
            Assert.True(overflow <= 0, $"{name} at {width}: {overflow} px stick out");
            var found = await page.Page.RunAxe();
            var serious = found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} at {width} {scheme}: {v.Id}: {Where(v)}").ToList();
            Assert.True(serious.Count == 0, string.Join('\n', serious));
        }
    }

    private static string Where(AxeResultItem item) => string.Join(", ", item.Nodes.Take(3).Select(n => n.Html));

    [GeneratedRegex("\\d")]
    private static partial Regex Number();

    [GeneratedRegex("^([4-9]|\\d\\d)$")]
    private static partial Regex AtLeastFour();
}
