using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Tests.Hosting;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests;

public sealed class CatalogTests
{
    private static readonly object Full = new
    {
        id = "ep-1",
        kind = "episode",
        title = "Le départ",
        originalTitle = "The Departure",
        synopsis = "Un départ.",
        genres = new[] { "drame" },
        themes = new[] { "voyage" },
        credits = new[] { new { name = "Agnès Varda", role = "director" } },
        audioLanguages = new[] { "fr" },
        subtitleLanguages = new[] { "en" },
        countries = new[] { "FR" },
        year = 2021,
        durationSeconds = 3100,
        minimumAgeYears = 10,
        seriesId = "series-1",
        seriesTitle = "Voyages",
        season = 1,
        episode = 2,
        channel = "Monde",
        rights = new[] { new { territories = new[] { "FR", "CA" }, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z" } },
    };

    [Fact]
    public async Task An_item_goes_to_the_log_as_it_came_and_can_be_read_back()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.SendAsync(HttpMethod.Put, "/api/catalog/items", new { items = new[] { Full } });
        await host.CaughtUpAsync();

        var item = CatalogChange.Parser.ParseFrom(host.Backends.Log.Read(Topics.Catalog).Single().Record.Payload).Upsert;
        Assert.Equal(new Item
        {
            Id = "ep-1",
            Kind = ItemKind.Episode,
            Title = "Le départ",
            OriginalTitle = "The Departure",
            Synopsis = "Un départ.",
            Genres = { "drame" },
            Themes = { "voyage" },
            Credits = { new Credit { Name = "Agnès Varda", Role = CreditRole.Director } },
            AudioLanguages = { "fr" },
            SubtitleLanguages = { "en" },
            Countries = { "FR" },
            Year = 2021,
            DurationSeconds = 3100,
            MinimumAgeYears = 10,
            SeriesId = "series-1",
            SeriesTitle = "Voyages",
            Season = 1,
            Episode = 2,
            Channel = "Monde",
            Rights = { new RightsWindow { Territories = { "FR", "CA" }, StartMs = 1577836800000, EndMs = 4070908800000 } },
        }, item);
        var read = await host.GetAsync("/api/items/ep-1");
        Assert.Equal(("Le départ", "episode", "Un départ.", 0), (read.GetProperty("title").GetString(), read.GetProperty("kind").GetString(), read.GetProperty("synopsis").GetString(), read.GetProperty("watches").GetInt32()));
    }

    [Fact]
    public async Task The_same_item_again_changes_nothing_and_a_changed_one_replaces_it()
    {
        await using var host = await GatewayHost.StartAsync();
        var one = new { items = new object[] { new { id = "a", kind = "film", title = "Un" } } };
        var first = await host.SendAsync(HttpMethod.Put, "/api/catalog/items", one);
        var again = await host.SendAsync(HttpMethod.Put, "/api/catalog/items", one);
        var changed = await host.SendAsync(HttpMethod.Put, "/api/catalog/items", new { items = new object[] { new { id = "a", kind = "film", title = "Deux" } } });
        await host.CaughtUpAsync();

        Assert.Equal([1, 0, 1], new[] { first, again, changed }.Select(a => a.GetProperty("accepted").GetInt32()));
        Assert.Equal(2, host.Backends.Log.Read(Topics.Catalog).Count);
        Assert.Equal("Deux", (await host.GetAsync("/api/items/a")).GetProperty("title").GetString());
        Assert.Equal(1, (await host.GetAsync("/api/status")).GetProperty("catalogItems").GetInt32());
    }

    [Fact]
    public async Task Watches_are_viewers_and_a_skipped_title_that_is_watched_later_counts()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("a"));
        await host.DidAsync("v1", InteractionKind.Skip, "a");
        await host.DidAsync("v2", InteractionKind.Impression, "a");
        Assert.Equal(0, (await host.GetAsync("/api/items/a")).GetProperty("watches").GetInt32());

        await host.DidAsync("v1", InteractionKind.Complete, "a");
        await host.DidAsync("v1", InteractionKind.Complete, "a");
        await host.DidAsync("v2", InteractionKind.Play, "a");
        Assert.Equal(2, (await host.GetAsync("/api/items/a")).GetProperty("watches").GetInt32());
    }

    [Fact]
    public async Task Similar_titles_share_audience_text_or_people_and_pass_the_filters()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Films("jazz", 5, "circle-jazz", "jazz").Concat(Titles.Films("rock", 5, "circle-rock", "rock")));
        await host.AddAsync(Titles.Film("jazz-adult", "Film jazz", "circle-jazz", ["jazz"], age: 18));

        Assert.Contains("jazz-adult", RecommendationTests.IdsOf(await host.GetAsync("/api/items/jazz-1/similar?limit=5")));
        var ids = RecommendationTests.IdsOf(await host.GetAsync("/api/items/jazz-1/similar?limit=4&maxAge=12"));
        Assert.Equal(["jazz-2", "jazz-3", "jazz-4", "jazz-5"], ids.Order());

        host.Backends.Faults["vectorsearch"] = Fault.Absent;
        var withoutVectors = await host.GetAsync("/api/items/jazz-1/similar?limit=4&maxAge=12");
        Assert.Equal(["vectorsearch"], DegradedTests.DegradedOf(withoutVectors));
        Assert.Equal(4, RecommendationTests.IdsOf(withoutVectors).Count);
    }

    [Theory]
    [InlineData("cleo", "cleo")]
    [InlineData("CLÉO DE 5 À 7", "cleo")]
    [InlineData("boneur", "bonheur")]
    [InlineData("bonheru", "bonheur")]
    [InlineData("bonh", "bonheur")]
    [InlineData("varda", "bonheur")]
    [InlineData("les glaneurs", "glaneurs")]
    [InlineData("glaneurs et la glaneuse", "glaneurs")]
    [InlineData("oeuvre", "oeuvre")]
    [InlineData("l'ami", "ami")]
    public async Task Search_forgives_accents_case_slips_and_beginnings(string text, string expected)
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(
            Titles.Film("cleo", "Cléo de 5 à 7"),
            Titles.Film("bonheur", "Le Bonheur", credits: [("Agnès Varda", CreditRole.Director)]),
            Titles.Film("glaneurs", "Les Glaneurs et la Glaneuse"),
            Titles.Film("oeuvre", "L’Œuvre au noir"),
            Titles.Film("ami", "L’Ami américain"),
            Titles.Film("les", "Les"),
            Titles.Film("la", "La"));

        Assert.Equal(expected, RecommendationTests.IdsOf(await host.GetAsync($"/api/search?q={Uri.EscapeDataString(text)}"))[0]);
        host.Backends.Faults["embedding"] = Fault.Absent;
        var byWordsAlone = await host.GetAsync($"/api/search?q={Uri.EscapeDataString(text)}&limit=99");
        Assert.Equal(expected, RecommendationTests.IdsOf(byWordsAlone)[0]);
    }

    [Fact]
    public async Task Search_without_vectors_says_so_and_finds_by_words()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AddAsync(Titles.Film("a", "Le Bonheur"), Titles.Film("b", "Autre"));
        host.Backends.Faults["embedding"] = Fault.Broken;
        var answer = await host.GetAsync("/api/search?q=bonheur");
        Assert.Equal(["embedding"], DegradedTests.DegradedOf(answer));
        Assert.Equal(["a"], RecommendationTests.IdsOf(answer));
    }

    [Fact]
    public async Task A_catalogue_record_that_cannot_be_read_is_skipped()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Backends.Log.Append(new()
        {
            Topic = Topics.Catalog,
            Records = { new Contracts.EventLog.V1.Record { EventId = "broken", Key = "x", Type = "reco.catalog.v1.CatalogChange", Payload = Google.Protobuf.ByteString.CopyFrom(0xFF, 0xFF, 0xFF) } },
        });
        await host.AddAsync(Titles.Film("good"));
        Assert.Equal(["good"], RecommendationTests.IdsOf(await host.GetAsync("/api/recommendations?userId=v")));
    }
}
