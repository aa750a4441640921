using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>What every request of the page passes.</summary>
public sealed class GuardTests
{
    private static readonly string[] Api =
        ["/api/session", "/api/overview", "/api/resources", "/api/console", "/api/logs", "/api/traces", "/api/traces/1", "/api/metrics", "/api/metrics/series", "/api/nothing"];

    [Fact]
    public async Task The_API_without_the_cookie_is_401()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var path in Api)
        {
            using var answer = await app.Stranger.GetAsync(path, app.Limit);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.StatusCode));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        using var command = await app.Stranger.PostAsync("/api/resources/a/commands/b", null, app.Limit);
        Assert.Equal(HttpStatusCode.Unauthorized, command.StatusCode);
    }

    [Fact]
    public async Task The_page_without_the_cookie_leads_to_the_login_and_back()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var path in (string[])["/", "/traces?q=a%20b", "/index.html", "/nothing"])
        {
            using var answer = await app.Stranger.GetAsync(path, app.Limit);
            Assert.Equal((HttpStatusCode.Redirect, $"/login?returnUrl={Uri.EscapeDataString(path)}"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }
    }

    [Fact]
    public async Task What_the_login_page_shows_needs_no_login()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var path in (string[])["/login", "/health", "/style.css"])
        {
            using var answer = await app.Stranger.GetAsync(path, app.Limit);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_change_needs_the_header_that_other_sites_cannot_send()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var header in (string?[])[null, "XMLHttpRequest"])
        {
            app.Page.DefaultRequestHeaders.Remove("X-Requested-With");
            if (header is not null) app.Page.DefaultRequestHeaders.Add("X-Requested-With", header);
            using var answer = await app.Page.PostAsync("/api/resources/a/commands/b", null, app.Limit);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.0.2.1")]
    public async Task A_foreign_host_name_is_421(string host)
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var path in (string[])["/", "/login", "/api/session", "/health"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = $"{host}:{app.Page.BaseAddress!.Port}" } };
            using var answer = await app.Page.SendAsync(request, app.Limit);
            Assert.Equal((path, HttpStatusCode.MisdirectedRequest), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task On_all_addresses_of_the_machine_the_one_that_was_reached_is_ours()
    {
        await using var app = await DashboardApp.StartedAsync("--ASPNETCORE_URLS=http://0.0.0.0:0", "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true");
        foreach (var (host, status) in ((string, HttpStatusCode)[])[("127.0.0.1", HttpStatusCode.OK), ("127.0.0.2", HttpStatusCode.OK), ("192.0.2.1", HttpStatusCode.MisdirectedRequest), ("evil.example", HttpStatusCode.MisdirectedRequest)])
        {
            if (!OperatingSystem.IsLinux() && host == "127.0.0.2") continue;
            var reached = host.StartsWith("127.", StringComparison.Ordinal) ? host : "127.0.0.1";
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{reached}:{app.Page.BaseAddress!.Port}/health") { Headers = { Host = host } };
            using var answer = await app.Stranger.SendAsync(request, app.Limit);
            Assert.Equal((host, status), (host, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Telemetry_is_not_taken_on_the_port_of_the_page()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var path in (string[])["/v1/traces", "/v1/logs", "/v1/metrics", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"])
        {
            var body = new ByteArrayContent(Messages.Spans("shop", Messages.Span(1, 1)).ToByteArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body, Headers = { { "x-otlp-api-key", DashboardApp.Key } } };
            using var answer = await app.Page.SendAsync(request, app.Limit);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        Assert.Equal(0, app.Store.Traces.SpanCount);
    }

    [Fact]
    public async Task Every_answer_says_what_the_browser_may_do_with_it()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var (client, path) in ((HttpClient, string)[])[(app.Page, "/"), (app.Page, "/api/session"), (app.Page, "/nothing"), (app.Stranger, "/"), (app.Stranger, "/login"), (app.Stranger, "/api/session")])
        {
            using var answer = await client.GetAsync(path, app.Limit);
            Assert.Equal("default-src 'self'; frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task The_page_answers_its_own_addresses_and_files_and_no_others()
    {
        await using var app = await DashboardApp.StartedAsync();
        foreach (var (path, status, type) in ((string, HttpStatusCode, string?)[])
        [
            ("/", HttpStatusCode.OK, "text/html"), ("/traces/0123", HttpStatusCode.OK, "text/html"), ("/consolelogs/shop", HttpStatusCode.OK, "text/html"), ("/style.css", HttpStatusCode.OK, "text/css"),
            ("/nothing", HttpStatusCode.NotFound, null), ("/api/nothing", HttpStatusCode.NotFound, null), ("/../AppHost.dll", HttpStatusCode.NotFound, null), ("/%2e%2e/AppHost.dll", HttpStatusCode.NotFound, null),
        ])
        {
            using var answer = await app.Page.GetAsync(path, app.Limit);
            Assert.Equal((path, status, type), (path, answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task A_request_to_the_page_that_is_too_large_is_413()
    {
        await using var app = await DashboardApp.StartedAsync();
        using var answer = await app.Stranger.PostAsync("/login", new StringContent(new string('x', 100_000)), app.Limit);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }
}
