using System.Globalization;
using System.Text.RegularExpressions;

namespace RecoAspire.Integration;

/// <summary>The suite with a real cache server instead of none, and two gateways behind one port.</summary>
[Collection("suite")]
public sealed partial class EngineTests
{
    [Fact]
    public async Task Two_gateways_share_what_one_of_them_has_asked_for()
    {
        await using var suite = await Suite.StartAsync(demo: true, arguments: ["--engines=local", "--Gateway:Replicas=2"]);
        await suite.EventuallyAsync(
            () => suite.GetAsync("/api/status"),
            s => s.GetProperty("models").EnumerateArray().Any(m => m.GetProperty("space").GetString() == "text" && m.GetProperty("current").GetBoolean()),
            TimeSpan.FromSeconds(120), "text vectors published");
        Assert.Equal("Container", suite.Run.Find("cache")?.Type);

        // A connection per request: the proxy hands them to the gateways in turn.
        using var inTurn = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = suite.Api.BaseAddress };
        await suite.EventuallyAsync(
            async () =>
            {
                var query = Uri.EscapeDataString($"un film {Guid.NewGuid():N}");
                for (var gateway = 0; gateway < 2; gateway++) (await inTurn.GetAsync($"/api/search?q={query}")).EnsureSuccessStatusCode();
                return await HitsAsync(inTurn) + await HitsAsync(inTurn);
            },
            hits => hits >= 1, TimeSpan.FromSeconds(20), "the second gateway finds the first one's vector");
    }

    private static async Task<double> HitsAsync(HttpClient gateway)
    {
        var found = Hits().Match(await gateway.GetStringAsync("/metrics"));
        return found.Success ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex("cache_hits_total\\{cache=\"query-vector\"\\} (\\S+)")]
    private static partial Regex Hits();
}
