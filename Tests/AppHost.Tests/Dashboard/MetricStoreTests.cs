using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The store of metrics: its limits, and totals that restarts and temporalities do not disturb.</summary>
public sealed class MetricStoreTests
{
    private readonly FakeTimeProvider _time = new(Messages.Start);
    private readonly TelemetrySource _source = new("shop", "one", "local", Messages.Start.ToUnixTimeSeconds());

    [Fact]
    public void Bytes_stay_below_the_limit_however_many_series_change_for_however_long()
    {
        const int maxBytes = 60_000;
        var store = new MetricStore(1_000, maxBytes, _time);
        for (var second = 0; second < 300; second++)
        {
            for (var series = 0; series < 40; series++) Histogram(store, $"series-{series}", second + series);
            Assert.InRange(store.Bytes, 1, maxBytes);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(store.SeriesCount > 10);
        Assert.Equal(300 * (40 - store.SeriesCount), store.Dropped);
        // The newest number is there, though not the whole history.
        Assert.All(store.Read(all => all.Single().Series.Select(s => s.At(store.NowSecond - 1)[0]).ToList()), count => Assert.InRange(count, 299, 340));
    }

    [Fact]
    public void Series_beyond_the_limit_are_dropped_and_their_instruments_not_remembered()
    {
        var store = new MetricStore(3, 1 << 20, _time);
        for (var i = 0; i < 1_000; i++) Gauge(store, $"gauge-{i}", i);
        Assert.Equal((3, 997), (store.SeriesCount, store.Dropped));
        Assert.Equal(["gauge-0", "gauge-1", "gauge-2"], store.Read(all => all.Select(i => i.Name).ToList()));
    }

    [Fact]
    public void What_no_longer_reports_makes_room_for_what_does()
    {
        var store = new MetricStore(2, 1 << 20, _time);
        Gauge(store, "old", 1);
        Gauge(store, "alive", 1);
        _time.Advance(TimeSpan.FromSeconds(50));
        Gauge(store, "alive", 2);
        Gauge(store, "new", 1);
        Assert.Equal(1, store.Dropped);
        _time.Advance(TimeSpan.FromSeconds(20));
        Gauge(store, "new", 1);
        Assert.Equal(["alive", "new"], store.Read(all => all.Select(i => i.Name).Order(StringComparer.Ordinal).ToList()));
        Assert.Equal((2, 2), (store.SeriesCount, store.Dropped));
    }

    [Fact]
    public void After_all_have_made_room_nothing_is_counted_twice()
    {
        var store = new MetricStore(5, 1 << 20, _time);
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 5; i++) Histogram(store, $"round-{round}-{i}", i);
            _time.Advance(TimeSpan.FromSeconds(100));
        }

        var fresh = new MetricStore(5, 1 << 20, _time);
        for (var i = 0; i < 5; i++) Histogram(fresh, $"round-9-{i}", i);
        Assert.Equal((fresh.Bytes, fresh.SeriesCount), (store.Bytes, store.SeriesCount));
    }

    [Fact]
    public void A_point_of_another_shape_under_a_known_name_is_dropped()
    {
        var store = new MetricStore(10, 1 << 20, _time);
        Gauge(store, "depth", 1);
        store.Add(_source, "Meter", ("depth", "1", "", InstrumentKind.Histogram), [], [1, 2], [1, 1, 1, 0, 0], false, []);
        Assert.Equal((1, 1), (store.SeriesCount, store.Dropped));
        store.Add(_source, "Meter", ("latency", "s", "", InstrumentKind.Histogram), [], [1, 2], [1, 1, 1, 0, 0], false, []);
        store.Add(_source, "Meter", ("latency", "s", "", InstrumentKind.Histogram), [], [1, 3], [1, 1, 1, 0, 0], false, []);
        Assert.Equal((2, 2), (store.SeriesCount, store.Dropped));
    }

    [Fact]
    public void Dimensions_in_another_order_are_the_same_series()
    {
        var store = new MetricStore(10, 1 << 20, _time);
        store.Add(_source, "Meter", ("depth", "1", "", InstrumentKind.Gauge), [new("a", "1"), new("b", "2")], [], [1], false, []);
        store.Add(_source, "Meter", ("depth", "1", "", InstrumentKind.Gauge), [new("b", "2"), new("a", "1")], [], [2], false, []);
        Assert.Equal(1, store.SeriesCount);
    }

    [Fact]
    public void Growth_is_what_was_counted_however_it_was_said() => Gen.Select(Gen.Int[0, 9].Array[2, 40], Gen.Bool.Array[40], Gen.Bool).Sample((counts, restarts, isDelta) =>
    {
        // The process counts; sometimes it starts again from nothing.
        var series = new Series(_source, InstrumentKind.Sum, [], [], 0, appearedLater: true);
        var reported = 0.0;
        for (var second = 0; second < counts.Length; second++)
        {
            // A restart is seen where the new count is below the old one, as everywhere.
            if (restarts[second] && counts[second] < reported) reported = 0;
            reported += counts[second];
            series.Add(second, [isDelta ? counts[second] : reported], isDelta, long.MaxValue);
        }

        for (var from = -1; from < counts.Length; from++)
        {
            for (var to = Math.Max(from, 0); to < counts.Length; to++)
            {
                var growth = new double[1];
                Assert.True(series.AddGrowth(from, to, growth));
                Assert.Equal(counts[(from + 1)..(to + 1)].Sum(), growth[0]);
            }
        }
    });

    [Fact]
    public void Exemplars_are_the_last_twenty_each_trace_once()
    {
        var store = new MetricStore(10, 1 << 20, _time);
        for (var i = 0; i < 50; i++)
            store.Add(_source, "Meter", ("latency", "s", "", InstrumentKind.Histogram), [], [1, 2], [i, 0, i, 0, 0], false, [(i, new TraceId(0, (ulong)i + 1)), (i, new TraceId(0, (ulong)i + 1))]);
        var exemplars = store.Read(all => all.Single().Series.Single().Exemplars.ToList());
        Assert.Equal(Enumerable.Range(30, 20).Select(i => (double)i), exemplars.Select(e => e.Value));
    }

    private void Gauge(MetricStore store, string name, double value) => store.Add(_source, "Meter", (name, "1", "", InstrumentKind.Gauge), [], [], [value], false, []);

    private void Histogram(MetricStore store, string series, double count) =>
        store.Add(_source, "Meter", ("latency", "s", "", InstrumentKind.Histogram), [new("series", series)], [1, 2], [count, 0, count, 0, 0], false, []);
}
