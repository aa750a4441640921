using Microsoft.Extensions.Time.Testing;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Popularity;

namespace RecoAspire.Gateway.Tests.Popularity;

public sealed class PopularityIndexTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
    private readonly ItemOrdinals _ordinals = new();
    private readonly PopularityOptions _options = new();
    private readonly PopularityIndex _index;

    public PopularityIndexTests() => _index = new PopularityIndex(_ordinals, _options, _time);

    [Fact]
    public void A_watch_of_yesterday_counts_half()
    {
        // Three watches a day ago weigh 1.5, two of now weigh 2, one of now and one of yesterday weigh 1.5.
        for (var i = 0; i < 3; i++) Watch("yesterday", ago: TimeSpan.FromDays(1));
        for (var i = 0; i < 2; i++) Watch("now", ago: TimeSpan.Zero);
        Watch("once", ago: TimeSpan.Zero);
        Assert.Equal(["now", "yesterday", "once"], Names(_index.Trending("").Items));
        Assert.Equal(["yesterday", "now", "once"], Names(_index.Popular));
    }

    [Fact]
    public void Late_events_count_for_their_own_time_whatever_the_order_of_arrival()
    {
        Watch("a", ago: TimeSpan.Zero);
        Watch("b", ago: TimeSpan.FromHours(48));
        Watch("b", ago: TimeSpan.FromHours(48));
        Watch("b", ago: TimeSpan.FromHours(48));
        // 3 x 1/4 < 1
        Assert.Equal(["a", "b"], Names(_index.Trending("").Items));
        Watch("b", ago: TimeSpan.FromHours(24));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["b", "a"], Names(_index.Trending("").Items));
    }

    [Fact]
    public void Each_territory_has_its_own_trend_and_an_unknown_one_has_that_of_all()
    {
        Watch("québécois", "CA");
        Watch("français", "FR");
        Watch("français", "FR");
        Assert.Equal(["québécois"], Names(_index.Trending("CA").Items));
        Assert.Equal("CA", _index.Trending("CA").Territory);
        Assert.Equal(["français", "québécois"], Names(_index.Trending("SN").Items));
        Assert.Equal("", _index.Trending("SN").Territory);
    }

    [Fact]
    public void Lists_are_made_anew_at_most_once_a_second()
    {
        Watch("a");
        Assert.Equal(["a"], Names(_index.Popular));
        Watch("b");
        Assert.Equal(["a"], Names(_index.Popular));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b"], Names(_index.Popular));
    }

    [Fact]
    public void A_trend_stays_within_its_bound_and_keeps_the_strongest()
    {
        _options.MaxTrendingItems = 100;
        for (var i = 0; i < 3; i++) Watch("strong");
        for (var i = 0; i < 1_000; i++) Watch($"weak-{i}");
        var list = _index.Trending("").Items;
        Assert.InRange(list.Length, 1, 100);
        Assert.Equal("strong", _ordinals.IdOf(list[0]));
    }

    [Fact]
    public void A_watch_older_than_the_window_is_popular_but_no_trend()
    {
        Watch("old", ago: TimeSpan.FromDays(31));
        Assert.Empty(_index.Trending("").Items);
        Assert.Equal(["old"], Names(_index.Popular));
    }

    [Fact]
    public void After_clearing_nothing_is_left_and_it_starts_again()
    {
        Watch("a", "CA");
        Assert.Single(_index.Popular);
        _index.Clear();
        Assert.Empty(_index.Popular);
        Assert.Empty(_index.Trending("CA").Items);
        Watch("b", "CA");
        Assert.Equal(["b"], Names(_index.Trending("CA").Items));
    }

    private void Watch(string id, string territory = "", TimeSpan ago = default) =>
        _index.Watched(_ordinals.GetOrAdd(id), territory, (_time.GetUtcNow() - ago).ToUnixTimeMilliseconds(), isFirstOfViewer: true);

    private List<string> Names(int[] items) => [.. items.Select(_ordinals.IdOf)];
}
