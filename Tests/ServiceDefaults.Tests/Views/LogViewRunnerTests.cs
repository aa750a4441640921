using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;

namespace RecoAspire.ServiceDefaults.Tests.Views;

public sealed class LogViewRunnerTests(LogFixture log) : IClassFixture<LogFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_receives_what_is_there_and_what_comes_in_order()
    {
        await log.AppendAsync("order", Ids(0, 2_500));
        var view = new SampleView("order");
        using var runner = await StartAsync(view);
        await log.AppendAsync("order", Ids(2_500, 10));
        await runner.WaitForAsync("order", 2_510, Cancellation);
        Assert.Equal(Ids(0, 2_510), view.Ids("order"));
        var position = Assert.Single(runner.GetPositions());
        Assert.Equal((2_510, 2_510, true), (position.NextOffset, position.EndOffset, position.Connected));
    }

    [Fact]
    public async Task Topics_of_one_view_are_followed_side_by_side()
    {
        var view = new SampleView("side-a", "side-b");
        using var runner = await StartAsync(view);
        await log.AppendAsync("side-b", "b0");
        await runner.WaitForAsync("side-b", 1, Cancellation);
        await log.AppendAsync("side-a", "a0", "a1");
        await runner.WaitForAsync("side-a", 2, Cancellation);
        Assert.Equal(["a0", "a1"], view.Ids("side-a"));
        Assert.Equal(["b0"], view.Ids("side-b"));
    }

    [Fact]
    public async Task A_killed_log_is_found_again_and_nothing_is_applied_twice()
    {
        await using var process = ServiceProcess.Create("EventLog");
        await process.StartAsync(Cancellation);
        await using var host = await TestService.StartAsync(
            b => b.AddEventLogClient(), settings: new() { ["services:eventlog:http:0"] = process.GrpcAddress.ToString() });
        var client = host.Services.GetRequiredService<EventLogService.EventLogServiceClient>();
        var view = new SampleView("kill");
        using var runner = await StartAsync(view, client);
        for (var round = 0; round < 3; round++)
        {
            await client.AppendAsync(Request("kill", Ids(round * 100, 100)), cancellationToken: Cancellation);
            await runner.WaitForAsync("kill", (round + 1) * 100, Cancellation);
            await process.KillAsync();
            await process.StartAsync(Cancellation);
        }

        await client.AppendAsync(Request("kill", ["last"]), cancellationToken: Cancellation);
        await runner.WaitForAsync("kill", 301, Cancellation);
        Assert.Equal([.. Ids(0, 300), "last"], view.Ids("kill"));
    }

    [Fact]
    public async Task A_batch_that_fails_is_applied_again()
    {
        await log.AppendAsync("fails", Ids(0, 10));
        var failures = 2;
        var view = new SampleView("fails") { BeforeApply = () => failures-- > 0 ? throw new IOException("no space") : Task.CompletedTask };
        using var runner = await StartAsync(view);
        await runner.WaitForAsync("fails", 10, Cancellation);
        Assert.Equal(Ids(0, 10), view.Ids("fails"));
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_digest()
    {
        await log.AppendAsync("rebuild", Ids(0, 3_000));
        var view = new SampleView("rebuild");
        using var runner = await StartAsync(view);
        await runner.WaitForAsync("rebuild", 3_000, Cancellation);
        var before = await runner.GetDigestAsync(Cancellation);
        await runner.ResetAsync(Cancellation);
        await runner.WaitForAsync("rebuild", 3_000, Cancellation);
        Assert.Equal(before, await runner.GetDigestAsync(Cancellation));
        Assert.Equal(3_000, before.Entries);
    }

    [Fact]
    public async Task After_a_rebuild_nobody_is_told_that_the_old_content_is_there()
    {
        await log.AppendAsync("told", Ids(0, 100));
        var view = new SampleView("told");
        using var runner = await StartAsync(view);
        await runner.WaitForAsync("told", 100, Cancellation);
        var hold = new TaskCompletionSource();
        view.BeforeApply = () => hold.Task;
        await runner.ResetAsync(Cancellation);
        var wait = runner.WaitForAsync("told", 100, Cancellation);
        Assert.False(wait.IsCompleted);
        Assert.False(runner.HasCaughtUp);
        hold.SetResult();
        await wait;
        Assert.Equal(Ids(0, 100), view.Ids("told"));
    }

    /// <summary>The batch that waits for the lock when a rebuild empties the store must not land in it: SampleView asserts contiguity.</summary>
    [Fact]
    public async Task Rebuilds_in_the_middle_of_appends_lose_nothing()
    {
        var view = new SampleView("middle-a", "middle-b");
        using var runner = await StartAsync(view);
        using var barrier = new Barrier(3);
        var appends = new[] { "middle-a", "middle-b" }.Select(topic => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                barrier.SignalAndWait(Cancellation);
                for (var j = 0; j < 5; j++) await log.AppendAsync(topic, Ids(i * 50 + j * 10, 10));
            }
        }, Cancellation)).ToArray();
        var rebuilds = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                barrier.SignalAndWait(Cancellation);
                await runner.ResetAsync(Cancellation);
                await runner.GetDigestAsync(Cancellation);
            }
        }, Cancellation);
        await Task.WhenAll([.. appends, rebuilds]);
        await runner.WaitForAsync("middle-a", 1_000, Cancellation);
        await runner.WaitForAsync("middle-b", 1_000, Cancellation);
        Assert.Equal(Ids(0, 1_000), view.Ids("middle-a"));
        Assert.Equal(Ids(0, 1_000), view.Ids("middle-b"));
    }

    [Fact]
    public async Task A_view_in_memory_is_not_ready_before_it_has_caught_up()
    {
        await log.AppendAsync("ready", Ids(0, 10));
        var hold = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        var view = new SampleView("ready")
        {
            BeforeApply = () =>
            {
                reached.TrySetResult();
                return hold.Task;
            },
        };
        using var runner = await StartAsync(view, mustCatchUp: true);
        await reached.Task.WaitAsync(Cancellation);
        var health = await runner.CheckHealthAsync(new HealthCheckContext(), Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.StartsWith("catching up: ready 0/", health.Description);
        hold.SetResult();
        await runner.WaitForAsync("ready", 10, Cancellation);
        Assert.Equal(HealthStatus.Healthy, (await runner.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status);
    }

    [Fact]
    public async Task A_persisted_view_with_content_is_ready_while_it_catches_up_and_not_while_it_is_rebuilt()
    {
        await log.AppendAsync("persisted", Ids(0, 10));
        var hold = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        var view = new SampleView("persisted")
        {
            BeforeApply = () =>
            {
                reached.TrySetResult();
                return hold.Task;
            },
        };
        view.Preload("persisted", "0");
        using var runner = await StartAsync(view);
        await reached.Task.WaitAsync(Cancellation);
        Assert.True(runner.Ready);
        hold.SetResult();
        await runner.WaitForAsync("persisted", 10, Cancellation);
        hold = new TaskCompletionSource();
        await runner.ResetAsync(Cancellation);
        Assert.False(runner.Ready);
        hold.SetResult();
        await runner.WaitForAsync("persisted", 10, Cancellation);
        Assert.True(runner.Ready);
    }

    [Fact]
    public async Task An_empty_persisted_view_without_a_log_is_not_ready()
    {
        await using var dead = ServiceProcess.Create("EventLog");
        using var channel = dead.OpenChannel();
        using var runner = await StartAsync(new SampleView("none"), new EventLogService.EventLogServiceClient(channel));
        Assert.False(runner.Ready);
        Assert.False(runner.Connected);
    }

    [Fact]
    public async Task A_topic_that_the_view_does_not_read_is_the_callers_mistake()
    {
        using var runner = await StartAsync(new SampleView("mine"));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => runner.WaitForAsync("yours", 1, Cancellation));
        Assert.Contains("'yours'", error.Message);
    }

    internal static string[] Ids(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"{i}")];

    private static AppendRequest Request(string topic, IEnumerable<string> ids)
    {
        var request = new AppendRequest { Topic = topic };
        request.Records.AddRange(ids.Select(id => new Contracts.EventLog.V1.Record { EventId = id, Key = "k", Type = "test.v1.Event" }));
        return request;
    }

    private async Task<LogViewRunner> StartAsync(SampleView view, EventLogService.EventLogServiceClient? client = null, bool mustCatchUp = false, Region? region = null, TimeProvider? time = null)
    {
        var runner = new LogViewRunner(view, client ?? log.Client, mustCatchUp, region ?? new Region("local"), time ?? TimeProvider.System, NullLoggerFactory.Instance);
        await runner.StartAsync(Cancellation);
        return runner;
    }
}
