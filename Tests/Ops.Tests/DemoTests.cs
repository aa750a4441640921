using System.Globalization;
using System.Security.Cryptography;
using CsCheck;
using RecoAspire.Ops.Import;
using RecoAspire.Ops.Import.Demo;

namespace RecoAspire.Ops.Tests;

public sealed class DemoTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Digest(ImportedData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new RequestWriter();
        for (var at = 0; at < data.Items.Count;)
        {
            var (body, next) = writer.Items(data, at);
            hash.AppendData(body.Span);
            at = next;
        }

        for (var at = 0; at < data.Events.Count;)
        {
            var (body, next) = writer.Events(data, at);
            hash.AppendData(body.Span);
            at = next;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [Fact]
    public void A_seed_gives_the_same_requests_in_every_culture_and_at_every_hour_of_the_day()
    {
        var expected = Digest(DemoGenerator.Generate(1, 50, Noon));
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in (string[])["fr-CH", "de-DE", "ar-SA", "tr-TR"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, Digest(DemoGenerator.Generate(1, 50, Noon.AddHours(11))));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Another_seed_another_day_and_another_number_of_viewers_give_other_requests()
    {
        string[] digests =
        [
            Digest(DemoGenerator.Generate(1, 50, Noon)), Digest(DemoGenerator.Generate(2, 50, Noon)), Digest(DemoGenerator.Generate(1, 51, Noon)), Digest(DemoGenerator.Generate(1, 50, Noon.AddDays(1))),
        ];
        Assert.Equal(4, digests.Distinct().Count());
    }

    [Fact]
    public void The_catalogue_is_a_broadcasters()
    {
        var data = DemoGenerator.Generate(1, 400, Noon);
        var kinds = data.Items.GroupBy(i => i.Kind).ToDictionary(g => g.Key, g => g.Count());

        Assert.InRange(data.Items.Count, 1_000, 2_000);
        Assert.Equal(["documentary", "episode", "film", "magazine", "news", "series", "short"], kinds.Keys.Order());
        Assert.Equal(data.Items.Count, data.Items.Select(i => i.Id).Distinct().Count());
        var series = data.Items.Where(i => i.Kind == "series").Select(i => i.Id).ToHashSet();
        Assert.All(data.Items.Where(i => i.Kind == "episode"), e => Assert.True(series.Contains(e.SeriesId) && e.Season >= 1 && e.Episode >= 1 && e.SeriesTitle.Length > 0));
        Assert.All(data.Items.Where(i => i.Kind != "series"), i => Assert.True(i.DurationSeconds > 0 && i.Synopsis.Length > 20 && i.AudioLanguages.Count > 0));
        Assert.Contains(data.Items, i => i.Territories.Count > 0);
        Assert.Contains(data.Items, i => i.MinimumAgeYears >= 16);
        Assert.All(data.Items, i => Assert.InRange(i.Year, 1975, Noon.Year));
    }

    [Fact]
    public void Viewers_watch_some_forty_to_sixty_times_what_they_may_watch_and_popularity_is_uneven()
    {
        const int Viewers = 400;
        var data = DemoGenerator.Generate(1, Viewers, Noon);
        Assert.InRange(data.Events.Count / (double)Viewers, 40, 100);
        Assert.Equal(Viewers, data.Events.Select(e => e.User).Distinct().Count());
        Assert.All(data.Events, e =>
        {
            var item = data.Items[e.Item];
            Assert.NotEqual("series", item.Kind);
            Assert.True(item.Territories.Count == 0 || item.Territories.Contains(data.TerritoryOf(e.User)));
        });
        var plays = data.Events.Where(e => e.Type == EventType.Play).GroupBy(e => e.Item).Select(g => g.Count()).OrderDescending().ToList();
        Assert.True(plays.Take(plays.Count / 10).Sum() > plays.Sum() / 4, "a tenth of the titles should have more than a quarter of the plays");
    }

    [Fact]
    public void At_any_hour_no_event_lies_in_the_future_or_before_the_last_month_and_ids_differ()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 86_399], Gen.Int[0, 400]).Sample(
            (seed, second, day) =>
            {
                var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddSeconds(second);
                var data = DemoGenerator.Generate(seed, 5, now);
                var oldest = now.AddDays(-33).ToUnixTimeSeconds();
                Assert.All(data.Events, e => Assert.InRange(e.UnixSeconds, oldest, now.ToUnixTimeSeconds()));
                Assert.Equal(data.Events.Count, data.Events.Select(e => (e.User, e.Item, e.Type, e.Occurrence)).Distinct().Count());
            },
            iter: 60);
    }

    [Fact]
    public void Episodes_of_a_season_are_watched_more_often_in_their_order_than_against_it()
    {
        var data = DemoGenerator.Generate(1, 200, Noon);
        var (forward, backward) = (0, 0);
        foreach (var own in data.Events.Where(e => e.Type == EventType.Play && data.Items[e.Item].Season > 0).GroupBy(e => (e.User, data.Items[e.Item].SeriesId, data.Items[e.Item].Season)))
        {
            var order = own.OrderBy(e => e.UnixSeconds).Select(e => data.Items[e.Item].Episode).ToList();
            for (var i = 1; i < order.Count; i++)
            {
                if (order[i] > order[i - 1]) forward++;
                else backward++;
            }
        }

        Assert.True(forward > 2 * backward, $"{forward} forward, {backward} backward");
    }

    [Fact]
    public async Task The_api_takes_all_of_it()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        using var client = gateway.Client();
        var data = DemoGenerator.Generate(1, 400, TimeProvider.System.GetUtcNow());
        await new Importer(client, scratch.State, TimeProvider.System).RunAsync(data, TestContext.Current.CancellationToken);
        Assert.Equal((data.Items.Count, data.Events.Count), (gateway.Items.Count, gateway.Events.Count));
    }
}
