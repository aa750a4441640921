using System.Text.Json;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

public sealed class ExplanationTests
{
    [Fact]
    public async Task The_next_episode_is_announced_as_the_continuation()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Enumerable.Range(1, 4).Select(i => Titles.Episode($"e{i}", "series", 1, i)));
        await host.DidAsync("viewer", InteractionKind.Complete, "e1", "e2");

        var reason = ReasonOf(await host.GetAsync("/api/recommendations?userId=viewer"), "e3");
        Assert.Equal(("nextEpisode", "La suite de « La Série : Épisode 2 »", "e2"), (Kind(reason), Text(reason), Source(reason)));
    }

    [Fact]
    public async Task A_shared_person_is_named_with_what_they_did()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(
            Titles.Film("cleo", "Cléo de 5 à 7", credits: [("Agnès Varda", CreditRole.Director)]),
            Titles.Film("bonheur", "Le Bonheur", credits: [("Agnès Varda", CreditRole.Director)]));
        await host.DidAsync("viewer", InteractionKind.Complete, "cleo");

        var french = ReasonOf(await host.GetAsync("/api/recommendations?userId=viewer"), "bonheur");
        Assert.Equal(("graph", "Parce que vous avez vu « Cléo de 5 à 7 » (de Agnès Varda)", "cleo"), (Kind(french), Text(french), Source(french)));
        Assert.Equal("Agnès Varda", french.GetProperty("via").GetString());
        var english = ReasonOf(await host.GetAsync("/api/recommendations?userId=viewer", "en-GB,en;q=0.9,fr;q=0.5"), "bonheur");
        Assert.Equal("Because you watched “Cléo de 5 à 7” (directed by Agnès Varda)", Text(english));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("fr-CA", true)]
    [InlineData("de", true)]
    [InlineData("en", false)]
    [InlineData("fr;q=0.3,en;q=0.8", false)]
    [InlineData("*", true)]
    [InlineData("not;;a=header", true)]
    public async Task Reasons_are_French_unless_English_is_preferred(string? acceptLanguage, bool french)
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("film"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/recommendations?userId=v");
        if (acceptLanguage is not null) request.Headers.TryAddWithoutValidation("Accept-Language", acceptLanguage);
        using var response = await host.Api.SendAsync(request);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(french ? "À découvrir" : "Worth discovering", Text(ReasonOf(answer, "film")));
    }

    [Fact]
    public async Task Every_reason_is_true()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("jazz", 8, "circle-jazz", "jazz").Concat(Titles.Films("rock", 8, "circle-rock", "rock")));
        await host.AddAsync(Titles.Films("cold", 8, "", "jazz"));
        await host.AddAsync(
            Titles.Film("by-her", "Un autre film", credits: [("Claire Denis", CreditRole.Director)]),
            Titles.Film("hers", "Beau travail", "circle-jazz", credits: [("Claire Denis", CreditRole.Director)]));
        string[] watched = ["jazz-1", "jazz-2", "hers"];
        await host.DidAsync("viewer", InteractionKind.Complete, watched);
        for (var i = 0; i < 3; i++) host.Did($"other-{i}", InteractionKind.Play, "rock-5");
        await host.CaughtUpAsync();

        var kinds = new HashSet<string>();
        foreach (var item in (await host.GetAsync("/api/recommendations?userId=viewer&limit=50")).GetProperty("items").EnumerateArray())
        {
            AssertTrue(host.Backends.State, watched, item);
            kinds.Add(Kind(item.GetProperty("reason")));
        }

        Assert.Superset(new HashSet<string> { "graph", "coWatched", "similar" }, kinds);
    }

    // Computed here a second time, from the catalogue and the vectors.
    private static void AssertTrue(LogState state, string[] watched, JsonElement answer)
    {
        var item = state.Items[answer.GetProperty("itemId").GetString()!];
        var reason = answer.GetProperty("reason");
        var source = Source(reason) is { } id ? state.Items[id] : null;
        if (source is not null) Assert.Contains(source.Id, watched);
        switch (Kind(reason))
        {
            case "graph":
                var via = reason.GetProperty("via").GetString()!;
                Assert.True(Shares(item, source!, via), $"{item.Id} and {source!.Id} do not share {via}");
                break;
            case "coWatched":
                var nearest = watched.Where(w => VectorModel.Collaborative(state.Items[w]) is not null)
                    .Max(w => VectorModel.Dot(VectorModel.Collaborative(state.Items[w])!, VectorModel.Collaborative(item)!));
                Assert.Equal(nearest, VectorModel.Dot(VectorModel.Collaborative(source!)!, VectorModel.Collaborative(item)!), 0.0001);
                Assert.True(nearest > 0);
                break;
            case "similar":
                Assert.Equal(watched.Max(w => VectorModel.Dot(VectorModel.Text(state.Items[w]), VectorModel.Text(item))), VectorModel.Dot(VectorModel.Text(source!), VectorModel.Text(item)), 0.0001);
                break;
            case "trending" or "popular":
                Assert.Equal("rock-5", item.Id);
                break;
            default:
                Assert.Contains(Kind(reason), new[] { "taste", "discovery" });
                break;
        }
    }

    private static bool Shares(Item a, Item b, string via) =>
        (a.Genres.Contains(via) && b.Genres.Contains(via)) || (a.Credits.Any(c => c.Name == via) && b.Credits.Any(c => c.Name == via));

    private static JsonElement ReasonOf(JsonElement answer, string itemId) =>
        answer.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("itemId").GetString() == itemId).GetProperty("reason");

    private static string Kind(JsonElement reason) => reason.GetProperty("kind").GetString()!;

    private static string Text(JsonElement reason) => reason.GetProperty("text").GetString()!;

    private static string? Source(JsonElement reason) => reason.TryGetProperty("sourceItemId", out var id) ? id.GetString() : null;
}
