using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.ServiceDefaults.Tests.Views;

public sealed class ReplicationLagTests(LogFixture log) : IClassFixture<LogFixture>
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void Before_the_log_has_been_heard_the_lag_is_the_time_since_the_start()
    {
        var lag = new ReplicationLag(_time);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, lag.Now.TotalSeconds);
    }

    [Fact]
    public void A_view_that_has_everything_has_no_lag_between_heartbeats()
    {
        var lag = new ReplicationLag(_time);
        for (var i = 0; i < 10; i++)
        {
            lag.Heartbeat(more: false);
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(TimeSpan.Zero, lag.Now);
        }
    }

    [Fact]
    public void A_silence_longer_than_heartbeats_explain_counts_whole_and_grows()
    {
        var lag = new ReplicationLag(_time);
        lag.Heartbeat(more: false);
        _time.Advance(TimeSpan.FromSeconds(6.5));
        Assert.Equal(6.5, lag.Now.TotalSeconds);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(606.5, lag.Now.TotalSeconds);
        lag.Heartbeat(more: false);
        Assert.Equal(TimeSpan.Zero, lag.Now);
    }

    [Fact]
    public void A_log_that_is_known_to_be_away_counts_from_the_last_that_was_heard_of_it()
    {
        var lag = new ReplicationLag(_time);
        lag.Heartbeat(more: false);
        _time.Advance(TimeSpan.FromSeconds(2));
        lag.Disconnected();
        Assert.Equal(2, lag.Now.TotalSeconds);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, lag.Now.TotalSeconds);
    }

    [Fact]
    public void Records_that_have_come_wait_since_the_log_took_the_first_of_them()
    {
        var lag = new ReplicationLag(_time);
        lag.Arrived(NowMs - 1_500);
        Assert.Equal(1.5, lag.Now.TotalSeconds);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3.5, lag.Now.TotalSeconds);
        lag.Applied(NowMs - 1_000, more: false);
        Assert.Equal(TimeSpan.Zero, lag.Now);
    }

    [Fact]
    public void What_the_log_has_more_waits_at_most_since_the_last_record_that_was_applied()
    {
        var lag = new ReplicationLag(_time);
        lag.Arrived(NowMs - 60_000);
        lag.Applied(NowMs - 20_000, more: true);
        Assert.Equal(20, lag.Now.TotalSeconds);
        lag.Heartbeat(more: true);
        Assert.Equal(20, lag.Now.TotalSeconds);
        lag.Heartbeat(more: false);
        Assert.Equal(TimeSpan.Zero, lag.Now);
    }

    [Fact]
    public void When_the_log_goes_while_it_had_more_the_older_of_both_counts()
    {
        var lag = new ReplicationLag(_time);
        lag.Arrived(NowMs - 30_000);
        lag.Disconnected();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(40, lag.Now.TotalSeconds);
    }

    [Fact]
    public void An_emptied_view_waits_from_then_on_and_for_the_first_record_when_it_comes()
    {
        var lag = new ReplicationLag(_time);
        lag.Heartbeat(more: false);
        lag.Emptied();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, lag.Now.TotalSeconds);
        lag.Arrived(NowMs - 86_400_000);
        Assert.Equal(86_400, lag.Now.TotalSeconds);
    }

    [Fact]
    public void A_log_whose_clock_is_ahead_gives_no_negative_lag()
    {
        var lag = new ReplicationLag(_time);
        lag.Arrived(NowMs + 5_000);
        Assert.Equal(TimeSpan.Zero, lag.Now);
    }

    [Theory]
    [InlineData("vectors", "vector_db")]
    [InlineData("graph", "knowledge_graph")]
    [InlineData("profiles", "user_profiles")]
    [InlineData("gateway-viewers", "gateway-viewers")]
    public void Stores_have_the_guides_names(string view, string store) => Assert.Equal(store, ViewMetrics.StoreOf(view));

    [Fact]
    public async Task The_lag_of_a_view_that_is_stuck_grows_and_falls_to_nothing_when_it_goes_on()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var hold = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        var view = new SampleView("lag-stuck")
        {
            BeforeApply = () =>
            {
                reached.TrySetResult();
                return hold.Task;
            },
        };
        await log.AppendAsync("lag-stuck", "0", "1");
        using var runner = await StartAsync(view, log.Client, time);
        await reached.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.InRange(runner.ReplicationLag.TotalSeconds, 299, 330);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.InRange(runner.ReplicationLag.TotalSeconds, 599, 630);
        hold.SetResult();
        await runner.WaitForAsync("lag-stuck", 2, Cancellation);
        // The next message, at the latest a heartbeat, ends the silence that the stuck view could not see through.
        await log.AppendAsync("lag-stuck", "2");
        await runner.WaitForAsync("lag-stuck", 3, Cancellation);
        Assert.Equal(TimeSpan.Zero, runner.ReplicationLag);
    }

    [Fact]
    public async Task The_lag_grows_while_the_log_is_away()
    {
        await using var process = ServiceProcess.Create("EventLog");
        await process.StartAsync(Cancellation);
        using var channel = process.OpenChannel();
        var client = new EventLogService.EventLogServiceClient(channel);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var runner = await StartAsync(new SampleView("lag-away"), client, time);
        var request = new AppendRequest { Topic = "lag-away", Records = { new Contracts.EventLog.V1.Record { EventId = "0", Key = "k", Type = "test.v1.Event" } } };
        await client.AppendAsync(request, cancellationToken: Cancellation);
        await runner.WaitForAsync("lag-away", 1, Cancellation);
        Assert.Equal(TimeSpan.Zero, runner.ReplicationLag);
        await process.KillAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(60, runner.ReplicationLag.TotalSeconds);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(120, runner.ReplicationLag.TotalSeconds);
    }

    [Fact]
    public async Task It_is_a_gauge_with_the_store_and_the_regions()
    {
        await using var service = await TestService.StartAsync(
            b =>
            {
                Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(b.Services, new SampleView("lag-gauge"));
                b.AddLogView<SampleView>(mustCatchUp: false);
            },
            settings: new() { ["services:eventlog:http:0"] = log.Process.GrpcAddress.ToString(), ["REGION"] = "eu-west-3" });
        var text = await service.Http.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("# TYPE replication_lag_seconds gauge", text);
        Assert.Matches("(?m)^replication_lag_seconds\\{from=\"eu-west-3\",store=\"sample\",to=\"eu-west-3\"\\} [0-9.E-]+", text);
        Assert.Matches("(?m)^target_info\\{[^}]*cloud_region=\"eu-west-3\"", text);
    }

    private static async Task<LogViewRunner> StartAsync(SampleView view, EventLogService.EventLogServiceClient client, TimeProvider time)
    {
        var runner = new LogViewRunner(view, client, false, new Region("local"), time, NullLoggerFactory.Instance);
        await runner.StartAsync(Cancellation);
        return runner;
    }
}
