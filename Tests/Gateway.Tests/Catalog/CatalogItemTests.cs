using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Tests;

public sealed class CatalogItemTests
{
    private const long Now = 1_000_000;

    [Theory]
    [InlineData("")]
    [InlineData("FR")]
    public void Without_rights_windows_it_may_be_shown_everywhere(string territory) => Assert.True(With().HasRights(territory, Now));

    [Theory]
    [InlineData("FR", true)]
    [InlineData("CA", true)]
    [InlineData("BE", false)]
    [InlineData("", false)]
    public void A_window_with_territories_holds_there_alone_and_nowhere_for_the_unknown(string territory, bool allowed) =>
        Assert.Equal(allowed, With(new RightsWindow { Territories = { "FR", "CA" } }).HasRights(territory, Now));

    [Theory]
    [InlineData(Now, 0, true)]
    [InlineData(Now + 1, 0, false)]
    [InlineData(0, Now + 1, true)]
    [InlineData(0, Now, false)]
    [InlineData(0, 0, true)]
    public void Its_start_is_inclusive_and_its_end_exclusive(long startMs, long endMs, bool allowed) =>
        Assert.Equal(allowed, With(new RightsWindow { StartMs = startMs, EndMs = endMs }).HasRights("", Now));

    [Fact]
    public void One_matching_window_is_enough_and_place_and_time_of_different_windows_do_not_add_up()
    {
        var item = With(new RightsWindow { Territories = { "FR" }, EndMs = Now - 1 }, new RightsWindow { Territories = { "CA" }, StartMs = Now - 1 });

        Assert.True(item.HasRights("CA", Now));
        Assert.False(item.HasRights("FR", Now));
    }

    [Theory]
    [InlineData("fr", "fr", true)]
    [InlineData("FR-ca", "fr-CA", true)]
    [InlineData("fr-CA", "fr", true)]
    [InlineData("fr", "fr-CA", true)]
    [InlineData("fr-FR", "fr-CA", false)]
    [InlineData("fro", "fr", false)]
    [InlineData("en", "fr", false)]
    public void A_language_satisfies_itself_its_regions_and_its_plain_form(string spoken, string wanted, bool matches)
    {
        var item = new CatalogItem(0, new Item { Id = "i", AudioLanguages = { "de" }, SubtitleLanguages = { spoken } }, s => s);

        Assert.Equal(matches, item.SpeaksAny([wanted]));
        Assert.Equal(matches, item.SpeaksAny(["xx", wanted]));
    }

    [Fact]
    public void Unknown_languages_and_no_wish_exclude_nothing()
    {
        Assert.True(With().SpeaksAny(["fr"]));
        Assert.True(new CatalogItem(0, new Item { Id = "i", AudioLanguages = { "de" } }, s => s).SpeaksAny([]));
    }

    private static CatalogItem With(params RightsWindow[] rights) => new(0, new Item { Id = "i", Rights = { rights } }, s => s);
}
