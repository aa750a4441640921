using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class ColdStartTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        await _host.AddAsync(Titles.Films("film", 60));
        for (var i = 1; i <= 60; i++)
        {
            for (var viewer = 0; viewer < 60 - i; viewer += 4) _host.Did($"crowd-{viewer}", InteractionKind.Play, $"film-{i}", i % 2 == 0 ? "CA" : "FR");
        }

        await _host.CaughtUpAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Unknown_viewers_do_not_all_get_the_same_list()
    {
        var lists = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var answer = await _host.GetAsync($"/api/recommendations?userId=new-{i}&limit=10");
            Assert.Equal("coldStart", answer.GetProperty("strategy").GetString());
            lists.Add(string.Join(',', RecommendationTests.IdsOf(answer)));
        }

        Assert.True(lists.Count >= 18, $"{lists.Count} different lists for 20 viewers");
    }

    [Fact]
    public async Task One_viewer_gets_the_same_list_again()
    {
        // The chance in it changes with the hour: two answers of one hour among three calls are enough.
        var lists = new List<string>();
        for (var i = 0; i < 3; i++) lists.Add(string.Join(',', RecommendationTests.IdsOf(await _host.GetAsync("/api/recommendations?userId=new&limit=10"))));
        Assert.True(lists[0] == lists[1] || lists[1] == lists[2]);
    }

    [Fact]
    public async Task What_many_watch_is_shown_more_than_what_few_watch()
    {
        var top = 0;
        var bottom = 0;
        for (var i = 0; i < 20; i++)
        {
            foreach (var id in RecommendationTests.IdsOf(await _host.GetAsync($"/api/recommendations?userId=new-{i}&limit=10")))
            {
                if (int.Parse(id.AsSpan(5), null) <= 20) top++;
                if (int.Parse(id.AsSpan(5), null) > 40) bottom++;
            }
        }

        Assert.True(top > 2 * bottom, $"{top} shown of the most watched third, {bottom} of the least watched");
    }

    [Fact]
    public async Task Reasons_claim_a_territory_only_where_something_is_known_of_it()
    {
        var known = await _host.GetAsync("/api/recommendations?userId=new&territory=CA&limit=30");
        var unknown = await _host.GetAsync("/api/recommendations?userId=new&territory=SN&limit=30");

        var texts = known.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("reason").GetProperty("text").GetString()!).ToList();
        Assert.Contains("Très regardé en ce moment (CA)", texts);
        // A film that is watched in France only is not "popular in Canada".
        foreach (var item in known.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("reason").GetProperty("text").GetString()!.Contains("(CA)")))
            Assert.Equal(0, int.Parse(item.GetProperty("itemId").GetString().AsSpan(5), null) % 2);
        Assert.DoesNotContain(unknown.GetProperty("items").EnumerateArray(), i => i.GetProperty("reason").GetProperty("text").GetString()!.Contains("SN"));
    }
}
