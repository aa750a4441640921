using System.Collections.Concurrent;
using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Tests;

namespace RecoAspire.EventLog.Tests;

/// <summary>
/// The promise: an acknowledged event survives `kill -9` at any point, exactly once, at the offset that was acknowledged. The
/// writers keep writing while the process dies and comes back; what was not acknowledged they send again.
/// <c>RECO_KILL_SEED</c> repeats a run's moments, <c>RECO_KILL_POINTS</c> sets their number.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Writers = 4;

    [Fact]
    public async Task Acknowledged_events_survive_kills_exactly_once()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("RECO_KILL_SEED"), out var given) ? given : Random.Shared.Next();
        var kills = int.TryParse(Environment.GetEnvironmentVariable("RECO_KILL_POINTS"), out var points) ? points : 50;
        output.WriteLine($"seed {seed}, {kills} kill points");
        var cancellation = TestContext.Current.CancellationToken;
        await using var service = ServiceProcess.Create("EventLog");
        await service.StartAsync(cancellation);
        using var channel = service.OpenChannel();
        var client = new EventLogService.EventLogServiceClient(channel);
        var acknowledged = new ConcurrentDictionary<string, long>();
        using var done = new CancellationTokenSource();
        long resent = 0, duplicates = 0;

        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            var random = new Random(seed + w);
            for (var batch = 0; !done.IsCancellationRequested; batch++)
            {
                var ids = Enumerable.Range(0, random.Next(1, 400)).Select(n => $"w{w}-{batch}-{n}").ToArray();
                var request = TestRecords.Append("kill", ids);
                for (var attempt = 0; ; attempt++)
                {
                    try
                    {
                        var response = await client.AppendAsync(request, deadline: DateTime.UtcNow.AddSeconds(20), cancellationToken: cancellation);
                        Interlocked.Add(ref duplicates, response.Duplicates);
                        for (var i = 0; i < ids.Length; i++) Assert.True(acknowledged.TryAdd(ids[i], response.Offsets[i]));
                        break;
                    }
                    catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
                    {
                        Interlocked.Increment(ref resent);
                        await Task.Delay(20, cancellation);
                    }
                }
            }
        }, cancellation)).ToArray();

        var moments = new Random(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            // Not a race that is waited out: the moment of death is the random input of this test.
            // One in five comes without waiting for an append to succeed, so that it may hit recovery.
            var before = moments.Next(5) == 0 ? -1 : acknowledged.Count;
            while (acknowledged.Count == before && !writers.Any(w => w.IsFaulted)) await Task.Delay(1, cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(moments.NextDouble() * 100), cancellation);
            await service.KillAsync();
            await service.StartAsync(cancellation);
        }

        await done.CancelAsync();
        await Task.WhenAll(writers);
        var found = await ReadAllAsync(client, cancellation);
        output.WriteLine($"{acknowledged.Count:N0} events acknowledged, {resent} appends sent again, {duplicates:N0} of their records had been kept");
        Assert.Equal(acknowledged.Count, found.Count);
        foreach (var (id, offset) in acknowledged) Assert.Equal(id, found[(int)offset]);
        Assert.True(resent >= kills / 2, "the kills hit no append: the test proves nothing");
    }

    private static async Task<List<string>> ReadAllAsync(EventLogService.EventLogServiceClient client, CancellationToken cancellation)
    {
        var found = new List<string>();
        using var tail = client.Tail(new TailRequest { Topic = "kill", MaxBatchRecords = 5_000 }, cancellationToken: cancellation);
        while (await tail.ResponseStream.MoveNext(cancellation))
        {
            foreach (var stored in tail.ResponseStream.Current.Records)
            {
                Assert.Equal(found.Count, stored.Offset);
                found.Add(stored.Record.EventId);
            }
        }

        Assert.Equal(found.Count, found.Distinct().Count());
        return found;
    }
}
