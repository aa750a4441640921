using System.Diagnostics;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Tests;

namespace RecoAspire.EventLog.Tests;

/// <summary>
/// Prints figures; asserts only counts. Run:
/// <c>dotnet test Tests/EventLog.Tests --filter Category=Slow --logger "console;verbosity=detailed"</c>.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Total = 1_000_000;
    private const int PerAppend = 1_000;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_million_records_are_appended_and_read_back(int writers)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var service = ServiceProcess.Create("EventLog");
        await service.StartAsync(cancellation);
        using var channel = service.OpenChannel();
        var client = new EventLogService.EventLogServiceClient(channel);

        var clock = Stopwatch.StartNew();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < Total / PerAppend)
                await client.AppendAsync(TestRecords.Append("interactions", Enumerable.Range(i * PerAppend, PerAppend).Select(n => $"ml1m-{n % 6040}-{n}")));
        }, cancellation)));
        var appended = clock.Elapsed;

        clock.Restart();
        long read = 0, bytes = 0;
        using var tail = client.Tail(new TailRequest { Topic = "interactions", MaxBatchRecords = 5_000 }, cancellationToken: cancellation);
        while (await tail.ResponseStream.MoveNext(cancellation))
        {
            read += tail.ResponseStream.Current.Records.Count;
            bytes += tail.ResponseStream.Current.CalculateSize();
        }

        var tailed = clock.Elapsed;
        Assert.Equal(Total, read);
        var wal = new FileInfo(Path.Combine(service.DataDirectory, "log.db-wal")).Length;
        var db = new FileInfo(Path.Combine(service.DataDirectory, "log.db")).Length;
        output.WriteLine($"{writers} writers: append {Total / appended.TotalSeconds:N0} records/s ({appended.TotalSeconds:F1} s), tail {Total / tailed.TotalSeconds:N0} records/s");
        output.WriteLine($"{bytes / Total} B a record on the wire; file {db >> 20} MiB, WAL {wal >> 20} MiB");
    }
}
