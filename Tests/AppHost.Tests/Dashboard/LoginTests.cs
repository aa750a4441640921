using System.Net;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>Who gets in, and how far.</summary>
public sealed class LoginTests
{
    [Fact]
    public async Task The_printed_address_lets_in_with_a_cookie_of_this_port()
    {
        await using var app = await DashboardApp.StartedAsync();
        var port = app.Stranger.BaseAddress!.Port;
        Assert.Contains($"Login to the dashboard at http://localhost:{port}/login?t={DashboardApp.Token}", app.Console.Lines.Select(l => l[l.IndexOf("Login", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at.. : ..]));
        using var answer = await app.Stranger.GetAsync($"/login?t={DashboardApp.Token}", app.Limit);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($".RecoAspire.Dashboard.{port}=", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(DashboardApp.Token, cookie, StringComparison.Ordinal);
        using var page = await app.Stranger.GetAsync("/", app.Limit);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("the-token-of-this-ruN")]
    public async Task A_wrong_token_leads_back_to_the_login(string token)
    {
        await using var app = await DashboardApp.StartedAsync();
        using var answer = await app.Stranger.GetAsync($"/login?t={token}", app.Limit);
        await DemandBackAsync(answer);
        using var form = await app.Stranger.PostAsync("/login", new FormUrlEncodedContent([new("token", token)]), app.Limit);
        await DemandBackAsync(form);

        async Task DemandBackAsync(HttpResponseMessage refused)
        {
            Assert.Equal((HttpStatusCode.Redirect, "/login?error=1"), (refused.StatusCode, refused.Headers.Location?.OriginalString));
            Assert.False(refused.Headers.Contains("Set-Cookie"));
            using var still = await app.Stranger.GetAsync("/api/session", app.Limit);
            Assert.Equal(HttpStatusCode.Unauthorized, still.StatusCode);
        }
    }

    [Fact]
    public async Task The_form_lets_in_too()
    {
        await using var app = await DashboardApp.StartedAsync();
        using var page = await app.Stranger.GetAsync("/login", app.Limit);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.CacheControl?.NoStore);
        using var answer = await app.Stranger.PostAsync("/login", new FormUrlEncodedContent([new("token", DashboardApp.Token), new("returnUrl", "/traces?q=a")]), app.Limit);
        Assert.Equal((HttpStatusCode.Redirect, "/traces?q=a"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        using var other = await app.Stranger.PostAsync("/login", new StringContent("{}"), app.Limit);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, other.StatusCode);
    }

    [Theory]
    [InlineData("/traces/1?a=b", "/traces/1?a=b")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\\\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("https:evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("evil.example", "/")]
    [InlineData("~/evil", "/")]
    [InlineData("", "/")]
    public async Task After_the_login_one_stays_on_this_site(string returnUrl, string expected)
    {
        await using var app = await DashboardApp.StartedAsync();
        using var answer = await app.Stranger.GetAsync($"/login?t={DashboardApp.Token}&returnUrl={Uri.EscapeDataString(returnUrl)}", app.Limit);
        Assert.Equal((HttpStatusCode.Redirect, expected), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Two_dashboards_have_cookies_of_their_own()
    {
        await using var one = await DashboardApp.StartedAsync();
        await using var other = await DashboardApp.StartedAsync();
        using var login = await one.Stranger.GetAsync($"/login?t={DashboardApp.Token}", one.Limit);
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        // Even under the other's name: a cookie is of one run.
        var renamed = cookie.Replace($"{one.Page.BaseAddress!.Port}", $"{other.Page.BaseAddress!.Port}", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/session") { Headers = { { "Cookie", [cookie, renamed] } } };
        using var answer = await other.Stranger.SendAsync(request, other.Limit);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
