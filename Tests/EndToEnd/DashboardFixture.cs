using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using RecoAspire.Integration;
using RecoAspire.Tests;

namespace RecoAspire.EndToEnd;

/// <summary>A suite with its demonstration and its dashboard, viewers who use it all the time, and a browser that watches.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private Browser? _browser;
    private Task _traffic = Task.CompletedTask;

    internal Suite Suite { get; private set; } = null!;

    /// <summary>Login address of the dashboard.</summary>
    public string LoginUrl => Suite.Run.DashboardUrl!;

    /// <summary>Address of the page.</summary>
    public string Url => LoginUrl[..LoginUrl.IndexOf("/login", StringComparison.Ordinal)];

    /// <summary>Where screenshots go: <c>artifacts/screenshots</c> in the project's folder.</summary>
    public string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(RealData.ProjectRoot, "artifacts", "screenshots")).FullName;

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.TryStartAsync();
        if (_browser is null) return;
        Suite = await Suite.StartAsync(demo: true, dashboard: true);
        await Suite.EventuallyAsync(
            () => Suite.GetAsync("/api/status"),
            s => s.GetProperty("models").EnumerateArray().Any(m => m.GetProperty("space").GetString() == "collaborative" && m.GetProperty("current").GetBoolean()),
            TimeSpan.FromSeconds(120), "demo imported and model trained");
        _traffic = TrafficAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _traffic;
        if (_browser is not null) await _browser.DisposeAsync();
        if (Suite is not null) await Suite.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>A logged-in page. Errors of its scripts fail the test when it is closed.</summary>
    internal async Task<DashboardPage> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null) Assert.Skip("needs Chromium on the PATH, or RECO_CHROMIUM with its path");
        var context = await _browser.ContextAsync(width, height, scheme);
        var page = new DashboardPage(context, await context.NewPageAsync(), Url);
        await page.Page.GotoAsync(LoginUrl);
        return page;
    }

    // Bounded: a few requests a second, each answered before the next.
    private async Task TrafficAsync(CancellationToken stopping)
    {
        for (var i = 0; !stopping.IsCancellationRequested; i++)
        {
            try
            {
                using (await Suite.Api.GetAsync($"/api/recommendations?userId=demo-{1 + (i % 300):0000}", stopping)) { }
                if (i % 4 == 0)
                {
                    var watched = new { eventId = Guid.NewGuid().ToString("N"), userId = $"demo-{1 + (i % 300):0000}", itemId = $"demo-film-{1 + (i % 80):000}", type = "complete" };
                    using (await Suite.Api.PostAsJsonAsync("/api/events", new { events = new[] { watched } }, stopping)) { }
                }

                if (i % 3 == 0)
                {
                    using (await Suite.Api.GetAsync($"/api/search?q={WebUtility.UrlEncode($"film {i % 5}")}", stopping)) { }
                }

                await Task.Delay(100, stopping);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
            {
                // The gateway itself is stopped by some tests; viewers try again.
            }
        }
    }
}

/// <summary>One logged-in browser page.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _url;
    private readonly List<string> _errors = [];

    public DashboardPage(IBrowserContext context, IPage page, string url)
    {
        (_context, Page, _url) = (context, page, url);
        page.PageError += (_, error) => _errors.Add(error);
    }

    public IPage Page { get; }

    public Task GoAsync(string path) => Page.GotoAsync(_url + path);

    public ILocator Find(string testId) => Page.GetByTestId(testId);

    public ILocator Row(string resource) => Find($"resource-{resource}");

    /// <summary>Waits until a resource's row has this state or health.</summary>
    public Task UntilAsync(string resource, string attribute, string value, int timeoutSeconds = 30) =>
        Assertions.Expect(Row(resource)).ToHaveAttributeAsync(attribute, value, new() { Timeout = timeoutSeconds * 1_000 });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_errors);
    }
}
