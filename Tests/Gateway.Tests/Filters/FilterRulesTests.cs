using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;

namespace RecoAspire.Gateway.Tests;

public sealed class FilterRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, false, null, false, false, null)]
    [InlineData(12, false, null, false, false, 12)]
    [InlineData(12, false, 16, false, false, 12)]
    [InlineData(16, false, 12, false, false, 12)]
    [InlineData(16, true, null, false, false, 10)]
    [InlineData(6, true, null, false, false, 6)]
    [InlineData(null, false, null, true, false, 10)]
    [InlineData(null, false, 18, true, false, 10)]
    [InlineData(0, false, 18, false, false, 0)]
    [InlineData(null, false, null, false, true, 0)]
    [InlineData(18, false, 18, false, true, 0)]
    public void The_strictest_age_wins_and_of_an_unknown_viewer_nothing_is_proven(int? limit, bool kidsMode, int? asked, bool kids, bool unknown, int? expected)
    {
        var preferences = new Preferences { KidsMode = kidsMode };
        if (limit is { } years) preferences.AgeLimitYears = years;
        var filter = Create(preferences, new RequestContext(MaxAgeYears: asked, Kids: kids), unknown);

        Assert.Equal(expected, filter.MaxAgeYears);
        if (expected is not { } age) return;
        Assert.True(filter.Allows(Film(age)));
        Assert.False(filter.Allows(Film(age + 1)));
    }

    [Fact]
    public void Territory_and_language_of_the_request_replace_those_of_the_viewer()
    {
        var preferences = new Preferences { Territory = "FR", Languages = { "fr", "en" } };

        Assert.Equal(("FR", "fr,en"), Of(Create(preferences, new RequestContext())));
        Assert.Equal(("CA", "de"), Of(Create(preferences, new RequestContext("CA", "de"))));

        static (string, string) Of(HardFilter filter) => (filter.Territory, string.Join(',', filter.Languages));
    }

    [Fact]
    public void A_series_is_never_shown_nor_is_another_kind_than_the_one_asked_for()
    {
        var film = Film(0);
        var series = new CatalogItem(1, new Item { Id = "series", Kind = ItemKind.Series }, s => s);

        Assert.False(Create(new(), new RequestContext()).Allows(series));
        Assert.False(Create(new(), new RequestContext(Kind: ItemKind.Series)).Allows(series));
        Assert.True(Create(new(), new RequestContext(Kind: ItemKind.Film)).Allows(film));
        Assert.False(Create(new(), new RequestContext(Kind: ItemKind.News)).Allows(film));
    }

    [Fact]
    public void A_forbidden_title_is_not_shown()
    {
        Assert.False(HardFilter.Create(new(), new RequestContext(), new HashSet<int> { 0 }, viewerUnknown: false, Now).Allows(Film(0)));
        Assert.True(HardFilter.Create(new(), new RequestContext(), new HashSet<int> { 1 }, viewerUnknown: false, Now).Allows(Film(0)));
    }

    private static HardFilter Create(Preferences preferences, RequestContext context, bool unknown = false) =>
        HardFilter.Create(preferences, context, new HashSet<int>(), unknown, Now);

    private static CatalogItem Film(int age) => new(0, new Item { Id = "film", Kind = ItemKind.Film, MinimumAgeYears = age }, s => s);
}
