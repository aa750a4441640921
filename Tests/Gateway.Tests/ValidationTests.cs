using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class ValidationTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private const string GoodEvent = """{"eventId":"e","userId":"u","itemId":"i","type":"play"}""";

    public static TheoryData<string, string> BadQueries { get; } = new()
    {
        { "/api/recommendations", "userId" },
        { "/api/recommendations?userId=", "userId" },
        { "/api/recommendations?userId=a%20b", "userId" },
        { "/api/recommendations?userId=a%00b", "userId" },
        { "/api/recommendations?userId=%C3%A9", "userId" },
        { $"/api/recommendations?userId={new string('x', 129)}", "userId" },
        { "/api/recommendations?userId=a&userId=b", "userId" },
        { "/api/recommendations?userId=a&limit=0", "limit" },
        { "/api/recommendations?userId=a&limit=101", "limit" },
        { "/api/recommendations?userId=a&limit=-1", "limit" },
        { "/api/recommendations?userId=a&limit=ten", "limit" },
        { "/api/recommendations?userId=a&limit=99999999999", "limit" },
        { "/api/recommendations?userId=a&limit=999999999999999", "limit" },
        { "/api/recommendations?userId=a&limit=1.5", "limit" },
        { "/api/recommendations?userId=a&limit=5&limit=6", "limit" },
        { "/api/recommendations?userId=a&territory=fr", "territory" },
        { "/api/recommendations?userId=a&territory=FRA", "territory" },
        { "/api/recommendations?userId=a&language=french%21", "language" },
        { "/api/recommendations?userId=a&language=f", "language" },
        { "/api/recommendations?userId=a&maxAge=19", "maxAge" },
        { "/api/recommendations?userId=a&maxAge=-1", "maxAge" },
        { "/api/recommendations?userId=a&kids=yes", "kids" },
        { "/api/recommendations?userId=a&kind=opera", "kind" },
        { "/api/recommendations?userId=a&kind=series", "kind" },
        { "/api/search", "q" },
        { "/api/search?q=", "q" },
        { "/api/search?q=%20%20", "q" },
        { "/api/search?q=a%07b", "q" },
        { $"/api/search?q={new string('q', 201)}", "q" },
        { "/api/search?q=a&limit=0", "limit" },
        { "/api/items/nothing/similar?limit=0", "limit" },
        { "/api/users/a%20b/profile", "id" },
    };

    public static TheoryData<string, string, string, string> BadBodies { get; } = new()
    {
        { "POST", "/api/events", "", "body" },
        { "POST", "/api/events", "null", "body" },
        { "POST", "/api/events", "[]", "body" },
        { "POST", "/api/events", "{", "body" },
        { "POST", "/api/events", "{} x", "body" },
        { "POST", "/api/events", "{}{}", "body" },
        { "POST", "/api/events", "{}", "events" },
        { "POST", "/api/events", """{"events":[]}""", "events" },
        { "POST", "/api/events", """{"events":{}}""", "events" },
        { "POST", "/api/events", """{"events":[null]}""", "events[0]" },
        { "POST", "/api/events", """{"events":["x"]}""", "events[0]" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":7}]}""", "events[0].type" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"dance"}]}""", "events[0].type" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"Play"}]}""", "events[0].type" },
        { "POST", "/api/events", """{"events":[{"userId":"u","itemId":"i","type":"play"}]}""", "events[0].eventId" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"a b","itemId":"i","type":"play"}]}""", "events[0].userId" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i/j","type":"play"}]}""", "events[0].itemId" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u\u0007","itemId":"i","type":"play"}]}""", "events[0].userId" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"\ud800","itemId":"i","type":"play"}]}""", "events[0].userId" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":"yesterday"}]}""", "events[0].timestamp" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":"2026-03-01T20:15:00"}]}""", "events[0].timestamp" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":"2026-13-01T20:15:00Z"}]}""", "events[0].timestamp" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":"2999-01-01T00:00:00Z"}]}""", "events[0].timestamp" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":1700000000}]}""", "events[0].timestamp" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":"01/03/2026 20:15:00 +01:00"}]}""", "events[0].timestamp" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","positionSeconds":-1}]}""", "events[0].positionSeconds" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","positionSeconds":1e999}]}""", "events[0].positionSeconds" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","positionSeconds":"5"}]}""", "events[0].positionSeconds" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","durationSeconds":1e12}]}""", "events[0].durationSeconds" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"rate","rating":NaN}]}""", "events[0].rating" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"rate"}]}""", "events[0].rating" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"rate","rating":5.5}]}""", "events[0].rating" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","rating":3}]}""", "events[0].rating" },
        { "POST", "/api/events", """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":"play","territory":"France"}]}""", "events[0].territory" },
        { "POST", "/api/events", $$"""{"events":[{{GoodEvent}},{{GoodEvent}},{{GoodEvent}},{"eventId":"e","userId":"u","itemId":"i","type":"play","timestamp":"soon"}]}""", "events[3].timestamp" },
        { "POST", "/api/events", """{"events":[],"events":[]}""", "events" },
        { "POST", "/api/rank", """{"itemIds":["a"]}""", "userId" },
        { "POST", "/api/rank", """{"userId":"u"}""", "itemIds" },
        { "POST", "/api/rank", """{"userId":"u","itemIds":[]}""", "itemIds" },
        { "POST", "/api/rank", """{"userId":"u","itemIds":[null]}""", "itemIds[0]" },
        { "POST", "/api/rank", """{"userId":"u","itemIds":["a",""]}""", "itemIds[1]" },
        { "POST", "/api/rank", """{"userId":"u","itemIds":["a"],"strategy":"best"}""", "strategy" },
        { "POST", "/api/rank", """{"userId":"u","itemIds":"a"}""", "itemIds" },
        { "PUT", "/api/catalog/items", "{}", "items" },
        { "PUT", "/api/catalog/items", """{"items":[{"kind":"film","title":"t"}]}""", "items[0].id" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"opera","title":"t"}]}""", "items[0].kind" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":" "}]}""", "items[0].title" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"\udfff"}]}""", "items[0].title" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","year":1200}]}""", "items[0].year" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","year":2020.5}]}""", "items[0].year" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","durationSeconds":-5}]}""", "items[0].durationSeconds" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","minimumAgeYears":19}]}""", "items[0].minimumAgeYears" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","audioLanguages":["français"]}]}""", "items[0].audioLanguages" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","genres":[""]}]}""", "items[0].genres" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","credits":[{"name":"n","role":"chef"}]}]}""", "items[0].credits[0].role" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","credits":[null]}]}""", "items[0].credits[0].name" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","rights":[{"territories":["france"]}]}]}""", "items[0].rights[0].territories" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","rights":[{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}]}]}""", "items[0].rights[0].end" },
        { "PUT", "/api/catalog/items", """{"items":[{"id":"i","kind":"film","title":"t","rights":[{"start":"now"}]}]}""", "items[0].rights[0].start" },
        { "PUT", "/api/users/u/profile", """{"languages":["fr","?"]}""", "languages[1]" },
        { "PUT", "/api/users/u/profile", """{"territory":"fr"}""", "territory" },
        { "PUT", "/api/users/u/profile", """{"ageLimitYears":19}""", "ageLimitYears" },
        { "PUT", "/api/users/u/profile", """{"ageLimitYears":"ten"}""", "ageLimitYears" },
        { "PUT", "/api/users/u/profile", """{"kidsMode":"yes"}""", "kidsMode" },
    };

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task A_bad_query_is_refused_and_the_parameter_named(string path, string field)
    {
        using var response = await host.Api.GetAsync(path);
        await AssertNamesAsync(response, field);
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_and_the_field_named(string method, string path, string body, string field)
    {
        using var response = await SendAsync(method, path, Encoding.UTF8.GetBytes(body));
        await AssertNamesAsync(response, field);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_refused()
    {
        byte[] body = [.. """{"events":[{"eventId":"e","userId":"u","itemId":"i","type":" """.TrimEnd().Select(c => (byte)c), 0xC3, 0x28, .. "\"}]}".Select(c => (byte)c)];
        using var response = await SendAsync("POST", "/api/events", body);
        await AssertNamesAsync(response, "events[0].type");
    }

    [Theory]
    [InlineData("/api/events", "events", 1_001)]
    [InlineData("/api/rank", "itemIds", 501)]
    public async Task Too_long_a_batch_is_refused(string path, string field, int count)
    {
        var body = path == "/api/rank"
            ? $$"""{"userId":"u","itemIds":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"i{i}\""))}}]}"""
            : $$"""{"events":[{{string.Join(',', Enumerable.Repeat(GoodEvent, count))}}]}""";
        using var response = await SendAsync("POST", path, Encoding.UTF8.GetBytes(body));
        await AssertNamesAsync(response, field);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_1_MB_is_refused(bool lengthIsDeclared)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"events":[{{GoodEvent}}],"x":"{{new string('x', 1_048_577)}}"}""");
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/events") { Content = content };
        request.Headers.TransferEncodingChunked = !lengthIsDeclared;
        using var response = await host.Api.SendAsync(request);
        await AssertNamesAsync(response, "body");
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_by_its_own_account_is_refused()
    {
        using var content = new StringContent("""{"events":[]}""", Encoding.UTF8, "text/plain");
        using var response = await host.Api.PostAsync("/api/events", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Nesting_without_end_is_refused()
    {
        using var response = await SendAsync("POST", "/api/events", Encoding.UTF8.GetBytes("{\"events\":" + new string('[', 100_000)));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/items/unknown", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/items/unknown/similar", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/events", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/api/recommendations", HttpStatusCode.MethodNotAllowed)]
    public async Task Wrong_routes_are_problems_too(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        // A browser's header: the format of errors does not depend on it.
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml");
        using var response = await host.Api.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_and_nothing_is_applied()
    {
        var before = host.Backends.Log.Appends;
        using var response = await SendAsync("POST", "/api/events", Encoding.UTF8.GetBytes($$"""{"events":[{{GoodEvent}},{"eventId":"","userId":"","itemId":"","type":""}]}"""));
        var errors = (await ProblemAsync(response)).GetProperty("errors");
        Assert.Equal(["events[1].eventId", "events[1].itemId", "events[1].type", "events[1].userId"], errors.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(before, host.Backends.Log.Appends);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await host.Api.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = content });
    }

    private static async Task AssertNamesAsync(HttpResponseMessage response, string field)
    {
        var problem = await ProblemAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(p => p.Name));
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{(int)response.StatusCode} {text}");
        Assert.DoesNotContain("   at ", text);
        Assert.DoesNotContain("System.", text);
        return JsonDocument.Parse(text).RootElement;
    }
}
