using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Stores;
using RecoAspire.Tests;

namespace RecoAspire.EventLog.Tests.Api;

/// <summary>The service as an operator sees it.</summary>
public sealed class ProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_that_cannot_be_opened_is_one_line_and_exit_code_2()
    {
        await using var service = ServiceProcess.Create("EventLog");
        await File.WriteAllTextAsync(Path.Combine(service.DataDirectory, LogFile.FileName), new string('x', 5_000), Cancellation);
        Assert.Equal(2, await service.RunToEndAsync(Cancellation));
        var line = Assert.Single(service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("eventlog: '", line);
        Assert.Contains("cannot be opened", line);
    }

    [Fact]
    public async Task An_orderly_stop_ends_followers_at_once_and_keeps_everything()
    {
        await using var service = ServiceProcess.Create("EventLog");
        await service.StartAsync(Cancellation);
        using var channel = service.OpenChannel();
        var client = new EventLogService.EventLogServiceClient(channel);
        await client.AppendAsync(TestRecords.Append("t", "a", "b"), cancellationToken: Cancellation);
        using var tail = client.Tail(new TailRequest { Topic = "t", FromOffset = 2, Follow = true }, cancellationToken: Cancellation);
        Assert.True(await tail.ResponseStream.MoveNext(Cancellation));
        await service.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => tail.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((StatusCode.Unavailable, "the log is closing"), (error.StatusCode, error.Status.Detail));
        await service.StartAsync(Cancellation);
        var again = await client.AppendAsync(TestRecords.Append("t", "b", "c"), cancellationToken: Cancellation);
        Assert.Equal([1, 2], again.Offsets);
    }

    [Fact]
    public async Task A_full_log_is_not_ready_until_it_can_write_again()
    {
        await using var service = ServiceProcess.Create("EventLog");
        service.Environment["Log__MaxBytes"] = "300000";
        await service.StartAsync(Cancellation);
        using var channel = service.OpenChannel();
        using var http = new HttpClient { BaseAddress = service.HttpAddress };
        var client = new EventLogService.EventLogServiceClient(channel);
        await client.AppendAsync(TestRecords.Append("t", "a"), cancellationToken: Cancellation);
        Assert.Contains("\"Healthy\"", await http.GetStringAsync("/health/ready", Cancellation));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.AppendAsync(
            TestRecords.Append("t", Enumerable.Range(0, 5_000).Select(i => $"{i}")), cancellationToken: Cancellation));
        Assert.Equal((StatusCode.Unavailable, "the disk is full"), (error.StatusCode, error.Status.Detail));
        // The probe of the health check writes, and that still fits.
        Assert.Contains("\"Healthy\"", await http.GetStringAsync("/health/ready", Cancellation));
        Assert.Equal(2, (await client.AppendAsync(TestRecords.Append("t", "b"), cancellationToken: Cancellation)).NextOffset);
    }

    [Fact]
    public async Task Appends_show_in_the_metrics()
    {
        await using var service = ServiceProcess.Create("EventLog");
        await service.StartAsync(Cancellation);
        using var channel = service.OpenChannel();
        using var http = new HttpClient { BaseAddress = service.HttpAddress };
        await new EventLogService.EventLogServiceClient(channel).AppendAsync(TestRecords.Append("t", "a", "b", "a"), cancellationToken: Cancellation);
        var text = await http.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("eventlog_appended_records_total{topic=\"t\"} 2\n", text);
        Assert.Contains("eventlog_commit_records_sum{} 3\n", text);
        Assert.Contains("eventlog_commit_seconds_count{} 1\n", text);
        Assert.Contains("eventlog_queue_writes{} 0\n", text);
    }
}
