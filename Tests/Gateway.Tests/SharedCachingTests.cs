using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class SharedCachingTests
{
    private static object Film(string id, DateTimeOffset? end = null) => new
    {
        id,
        kind = "film",
        title = $"Paris {id}",
        audioLanguages = new[] { "fr" },
        rights = new[] { new { territories = new[] { "FR" }, start = DateTimeOffset.UnixEpoch, end = end ?? DateTimeOffset.UnixEpoch.AddYears(200) } },
    };

    [Fact]
    public async Task What_is_the_same_for_everybody_may_be_kept_for_five_minutes()
    {
        await using var host = await WithFilmsAsync(Film("a"));
        foreach (var path in (string[])["/api/search?q=paris&territory=FR", "/api/items/a"]) Assert.Equal("public, s-maxage=300", await CacheControlAsync(host, path));
    }

    [Fact]
    public async Task It_is_kept_no_longer_than_the_rights_of_anything_it_shows()
    {
        await using var host = await WithFilmsAsync(Film("a"), Film("b", DateTimeOffset.UtcNow.AddSeconds(120)));
        var header = await CacheControlAsync(host, "/api/search?q=paris&territory=FR");
        Assert.InRange(int.Parse(header.Split('=')[^1], System.Globalization.CultureInfo.InvariantCulture), 1, 120);
    }

    [Theory]
    [InlineData("X-Personalized", "true", "")]
    [InlineData("Authorization", "Bearer x", "")]
    [InlineData("Accept", "*/*", "&userId=v")]
    public async Task A_request_can_forbid_it(string header, string value, string query)
    {
        await using var host = await WithFilmsAsync(Film("a"));
        Assert.Equal("private, no-store", await CacheControlAsync(host, $"/api/search?q=paris&territory=FR{query}", (header, value)));
    }

    [Fact]
    public async Task A_request_cannot_make_a_personal_answer_public()
    {
        await using var host = await WithFilmsAsync(Film("a"));
        Assert.Equal("private, no-store", await CacheControlAsync(host, "/api/recommendations?userId=v", ("Cache-Control", "public"), ("X-Personalized", "false")));
    }

    [Fact]
    public async Task Errors_are_not_marked_as_lasting()
    {
        await using var host = await WithFilmsAsync(Film("a"));
        Assert.DoesNotContain("public", await CacheControlAsync(host, "/api/items/none"), StringComparison.Ordinal);
        Assert.DoesNotContain("public", await CacheControlAsync(host, "/api/search"), StringComparison.Ordinal);
    }

    private static async Task<GatewayHost> WithFilmsAsync(params object[] items)
    {
        var host = await GatewayHost.StartAsync();
        await host.SendAsync(HttpMethod.Put, "/api/catalog/items", new { items });
        await host.CaughtUpAsync();
        return host;
    }

    private static async Task<string> CacheControlAsync(GatewayHost host, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await host.Api.SendAsync(request, TestContext.Current.CancellationToken);
        // The client puts directives into an order of its own.
        return response.Headers.CacheControl switch
        {
            null => "",
            { Private: true, NoStore: true, Public: false, SharedMaxAge: null } => "private, no-store",
            var header => header.ToString(),
        };
    }
}
