using System.Text.Json;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class RecommendationTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_viewer_gets_titles_of_their_own_circle_first_and_none_that_they_watched()
    {
        await host.AddAsync(Titles.Films("jazz", 12, "circle-jazz"));
        await host.AddAsync(Titles.Films("rock", 12, "circle-rock"));
        var viewer = host.NewId("viewer");
        await host.DidAsync(viewer, InteractionKind.Complete, "jazz-1", "jazz-2", "jazz-3");

        var answer = await host.GetAsync($"/api/recommendations?userId={viewer}&limit=5");

        Assert.Equal("personalised", answer.GetProperty("strategy").GetString());
        Assert.Equal("als-1", answer.GetProperty("modelVersion").GetString());
        Assert.Empty(answer.GetProperty("degraded").EnumerateArray());
        var ids = IdsOf(answer);
        Assert.Equal(5, ids.Count);
        Assert.All(ids, id => Assert.StartsWith("jazz-", id));
        Assert.DoesNotContain(ids, id => id is "jazz-1" or "jazz-2" or "jazz-3");
        Assert.Contains("collaborative", answer.GetProperty("items")[0].GetProperty("sources").EnumerateArray().Select(s => s.GetString()));
    }

    internal static List<string> IdsOf(JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];
}
