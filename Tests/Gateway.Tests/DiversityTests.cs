using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Ranking;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class DiversityTests
{
    [Fact]
    public async Task At_most_one_episode_of_a_series_is_shown()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Enumerable.Range(1, 20).Select(i => Titles.Episode($"e{i}", "series", 1, i)));
        await host.AddAsync(Titles.Films("film", 3));
        await host.DidAsync("viewer", InteractionKind.Complete, "e1");

        var ids = RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=viewer&limit=20"));
        Assert.Equal("e2", Assert.Single(ids, id => id.StartsWith('e')));
        Assert.Equal(4, ids.Count);
    }

    [Fact]
    public void A_little_less_score_beats_more_of_the_same()
    {
        var chosen = Choose(0.15, ("a1", 1.00, ["drame"]), ("a2", 0.99, ["drame"]), ("b", 0.95, ["comédie"]));
        Assert.Equal(["a1", "b", "a2"], chosen);
    }

    [Fact]
    public void Much_more_score_beats_variety()
    {
        var chosen = Choose(0.15, ("a1", 1.00, ["drame"]), ("a2", 0.99, ["drame"]), ("b", 0.5, ["comédie"]));
        Assert.Equal(["a1", "a2", "b"], chosen);
    }

    [Fact]
    public void Without_its_weight_the_order_is_that_of_the_scores()
    {
        var chosen = Choose(0, ("a1", 1.00, ["drame"]), ("a2", 0.99, ["drame"]), ("b", 0.989, ["comédie"]));
        Assert.Equal(["a1", "a2", "b"], chosen);
    }

    private static List<string> Choose(double weight, params (string Id, double Score, string[] Genres)[] items)
    {
        var candidates = items.Select((item, i) => new Candidate(new CatalogItem(i, Titles.Film(item.Id, genres: item.Genres), s => s)) { Score = item.Score }).ToList();
        return [.. new Diversity(new RankingOptions { Diversity = weight }).Choose(candidates, items.Length).Select(c => c.Item.Id)];
    }
}
