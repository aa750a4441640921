using CsCheck;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.VectorSearch.Filtering;

namespace RecoAspire.VectorSearch.Tests;

public sealed class FilterTests
{
    private static readonly string[] Territories = ["FR", "BE", "CA"];
    private static readonly string[] Genres = ["drame", "comédie", "action", "opéra"];
    private static readonly string[] Languages = ["fr", "fr-CA", "en", "wo"];

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<RightsWindow> Windows = Gen.Select(Some(Territories, 2), Gen.Long[-3, 3], Gen.Long[-3, 3]).Select((territories, start, end) => new RightsWindow
    {
        Territories = { territories },
        StartMs = start == -3 ? 0 : Now.AddDays(start).ToUnixTimeMilliseconds(),
        EndMs = end == -3 ? 0 : Now.AddDays(end).ToUnixTimeMilliseconds(),
    });

    private static readonly Gen<Item> Items = Gen.Select(
        Gen.Int[0, 7], Some(Genres, 3), Some(Languages, 2), Some(Languages, 1), Gen.Int[0, 18], Windows.List[0, 3]).Select((kind, genres, audio, subtitles, age, rights) => new Item
        {
            Kind = (ItemKind)kind,
            Genres = { genres },
            AudioLanguages = { audio },
            SubtitleLanguages = { subtitles },
            MinimumAgeYears = age,
            Rights = { rights },
        });

    private static readonly Gen<Filter> Filters = Gen.Select(
        Some(["1", "2", "3", "4", "5", "6", "7"], 3), Some([.. Genres, "inconnu"], 2), Some(["fr", "fr-ca", "en", "x"], 2), Gen.Int[-1, 18], Some([.. Territories, "SN"], 1), Gen.Int[0, 5])
        .Select((kinds, genres, languages, age, territory, excluded) =>
        {
            var filter = new Filter
            {
                Kinds = { kinds.Select(int.Parse) },
                AnyGenres = { genres },
                AnyLanguages = { languages },
                Territory = territory.FirstOrDefault() ?? "",
                ExcludeItemIds = { Enumerable.Range(0, excluded).Select(i => $"i{i * 3}") },
            };
            if (age >= 0) filter.MaxAgeYears = age;
            return filter;
        });

    [Fact]
    public void Exactly_the_items_that_satisfy_every_condition_come_back()
    {
        // Every third item has a vector and no catalogue entry; some entries have been removed again.
        Gen.Select(Items.Array[1, 60], Filters.Array[1, 8], Gen.Bool.Array[60]).Sample((items, filters, removed) =>
        {
            using var fixture = new ViewFixture();
            fixture.Apply([.. items.Select((_, i) => LogRecords.Vector("text", "1", $"i{i}", 1, i))]);
            for (var i = 0; i < items.Length; i++) items[i].Id = $"i{i}";
            fixture.Apply([.. items.Where((_, i) => i % 3 != 0).Select(LogRecords.Upsert)]);
            fixture.Apply([.. items.Where((_, i) => removed[i] && i % 4 == 1).Select(i => LogRecords.RemovedItem(i.Id))]);
            foreach (var filter in filters)
            {
                foreach (var days in new[] { 0.0, 1.0, 1.0 })
                {
                    fixture.Time.Advance(TimeSpan.FromDays(days));
                    var nowMs = fixture.Time.GetUtcNow().ToUnixTimeMilliseconds();
                    var expected = items.Where((item, i) => !(removed[i] && i % 4 == 1) && Allows(filter, i % 3 == 0 && !(removed[i] && i % 4 == 1) ? null : item, item.Id, nowMs));
                    Assert.Equal(expected.Select(i => i.Id).Order(), fixture.Search("text", [1, 1], 100, filter).ItemIds.Order());
                }

                fixture.Time.AdjustTime(Now);
            }
        }, iter: 200);
    }

    [Fact]
    public void A_rights_window_opens_at_its_start_and_closes_at_its_end_to_the_millisecond()
    {
        using var fixture = new ViewFixture();
        var (start, end) = (Now.AddHours(1), Now.AddHours(2));
        fixture.Apply(LogRecords.Vector("text", "1", "a", 1));
        fixture.Apply(LogRecords.Upsert(new Item
        {
            Id = "a",
            Kind = ItemKind.Film,
            Rights = { new RightsWindow { Territories = { "FR" }, StartMs = start.ToUnixTimeMilliseconds(), EndMs = end.ToUnixTimeMilliseconds() } },
        }));
        var filter = new Filter { Territory = "FR" };
        foreach (var (at, visible) in new[] { (Now, false), (start.AddMilliseconds(-1), false), (start, true), (end.AddMilliseconds(-1), true), (end, false) })
        {
            fixture.Time.SetUtcNow(at);
            Assert.Equal(visible ? 1 : 0, fixture.Search("text", [1], filter: filter).ItemIds.Count);
        }
    }

    [Fact]
    public void A_territory_that_cannot_be_read_opens_the_item_to_nobody()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Vector("text", "1", "a", 1));
        fixture.Apply(LogRecords.Upsert(new Item { Id = "a", Kind = ItemKind.Film, Rights = { new RightsWindow { Territories = { "France" } } } }));
        Assert.Empty(fixture.Search("text", [1], filter: new Filter { Territory = "FR" }).ItemIds);
    }

    [Fact]
    public void An_item_removed_from_the_catalogue_stays_away_even_when_its_vector_comes_later()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Upsert(new Item { Id = "a", Kind = ItemKind.Film }), LogRecords.RemovedItem("a"));
        fixture.Apply(LogRecords.Vector("text", "1", "a", 1), LogRecords.Vector("text", "1", "b", 1));
        Assert.Equal(["b"], fixture.Search("text", [1]).ItemIds);
        fixture.Apply(LogRecords.Upsert(new Item { Id = "a", Kind = ItemKind.Film }));
        Assert.Equal(["a", "b"], fixture.Search("text", [1]).ItemIds);
    }

    [Theory]
    [InlineData("filter.kinds", 99, 0, "")]
    [InlineData("filter.kinds", 0, 0, "")]
    [InlineData("filter.max_age_years", 1, 19, "")]
    [InlineData("filter.max_age_years", 1, -1, "")]
    [InlineData("filter.territory", 1, 0, "fr")]
    [InlineData("filter.territory", 1, 0, "FRA")]
    public void A_filter_outside_its_limits_is_refused_by_the_name_of_its_field(string field, int kind, int age, string territory)
    {
        var error = Assert.Throws<ArgumentException>(() => ItemConditions.From(new Filter { Kinds = { kind }, MaxAgeYears = age, Territory = territory }));
        Assert.StartsWith(field, error.Message);
    }

    [Fact]
    public void Lists_of_a_filter_have_limits()
    {
        var genres = new Filter { AnyGenres = { Enumerable.Range(0, 33).Select(i => $"g{i}") } };
        var languages = new Filter { AnyLanguages = { Enumerable.Range(0, 17).Select(i => $"l{i}") } };
        Assert.StartsWith("filter.any_genres", Assert.Throws<ArgumentException>(() => ItemConditions.From(genres)).Message);
        Assert.StartsWith("filter.any_languages", Assert.Throws<ArgumentException>(() => ItemConditions.From(languages)).Message);
        Assert.StartsWith("filter.any_genres", Assert.Throws<ArgumentException>(() => ItemConditions.From(new Filter { AnyGenres = { "" } })).Message);
    }

    // The contract, written as plainly as possible. Null = the catalogue does not know the item.
    private static bool Allows(Filter filter, Item? item, string id, long nowMs)
    {
        if (filter.ExcludeItemIds.Contains(id)) return false;
        if (item is null)
            return filter.Kinds.Count == 0 && filter.AnyGenres.Count == 0 && filter.AnyLanguages.Count == 0 && !filter.HasMaxAgeYears && filter.Territory == "";
        if (item.Kind == ItemKind.Unspecified) return false;
        if (filter.Kinds.Count == 0 ? item.Kind == ItemKind.Series : !filter.Kinds.Contains((int)item.Kind)) return false;
        if (filter.HasMaxAgeYears && item.MinimumAgeYears > filter.MaxAgeYears) return false;
        if (filter.AnyGenres.Count > 0 && !filter.AnyGenres.Any(item.Genres.Contains)) return false;
        var languages = item.AudioLanguages.Concat(item.SubtitleLanguages).ToArray();
        if (filter.AnyLanguages.Count > 0 && languages.Length > 0 && !filter.AnyLanguages.Any(range => languages.Any(tag => Matches(tag, range)))) return false;
        return filter.Territory == "" || item.Rights.Count == 0 || item.Rights.Any(w =>
            (w.Territories.Count == 0 || w.Territories.Contains(filter.Territory)) && w.StartMs <= nowMs && (w.EndMs == 0 || nowMs < w.EndMs));
    }

    private static bool Matches(string tag, string range) =>
        (tag + "-").StartsWith(range + "-", StringComparison.OrdinalIgnoreCase);

    private static Gen<string[]> Some(string[] values, int most) =>
        Gen.Select(Gen.Shuffle(values), Gen.Int[0, most]).Select((shuffled, n) => shuffled.Take(n).ToArray());
}
