using Microsoft.Extensions.Time.Testing;
using RecoAspire.ServiceDefaults.Telemetry;

namespace RecoAspire.ServiceDefaults.Tests.Telemetry;

public sealed class RequestRateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_steady_load_is_its_rate()
    {
        var rate = new RequestRate(_time);
        for (var second = 0; second < 25; second++)
        {
            for (var i = 0; i < 40; i++) rate.Count();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(40, rate.PerSecond());
    }

    [Fact]
    public void A_burst_is_spread_over_ten_seconds_and_then_gone()
    {
        var rate = new RequestRate(_time);
        for (var i = 0; i < 50; i++) rate.Count();
        Assert.Equal(0, rate.PerSecond());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, rate.PerSecond());
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(5, rate.PerSecond());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, rate.PerSecond());
    }

    [Fact]
    public void A_long_silence_leaves_nothing_behind()
    {
        var rate = new RequestRate(_time);
        for (var i = 0; i < 50; i++) rate.Count();
        _time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, rate.PerSecond());
        rate.Count();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0.1, rate.PerSecond());
    }

    [Fact]
    public async Task No_request_is_lost_between_threads()
    {
        var rate = new RequestRate(_time);
        var cancellation = TestContext.Current.CancellationToken;
        using var barrier = new Barrier(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            barrier.SignalAndWait(cancellation);
            for (var i = 0; i < 10_000; i++) rate.Count();
        }, cancellation)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4_000, rate.PerSecond());
    }
}
