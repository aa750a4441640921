using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.EventLog.Tests.Api;

public sealed class TailTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_follow_the_stream_ends_at_the_end()
    {
        await AppendAsync("ends", Ids(0, 25));
        var batches = await ReadAsync(new TailRequest { Topic = "ends", FromOffset = 5, MaxBatchRecords = 8 });
        Assert.Equal([8, 8, 4], batches.Select(b => b.Records.Count));
        Assert.All(batches, b => Assert.Equal(25, b.EndOffset));
        Assert.Equal(Ids(5, 20), batches.SelectMany(b => b.Records).Select(r => r.Record.EventId));
    }

    [Fact]
    public async Task A_topic_nobody_has_written_to_is_empty()
    {
        var batch = Assert.Single(await ReadAsync(new TailRequest { Topic = "nothing" }));
        Assert.Empty(batch.Records);
        Assert.Equal(0, batch.EndOffset);
    }

    [Fact]
    public async Task A_batch_is_cut_at_a_mebibyte()
    {
        for (var i = 0; i < 3; i++)
        {
            var request = new AppendRequest { Topic = "cut" };
            request.Records.AddRange(Enumerable.Range(0, 10).Select(n => TestRecords.Create($"{i}-{n}", payloadBytes: 200_000)));
            await service.Client.AppendAsync(request, cancellationToken: Cancellation);
        }

        var batches = await ReadAsync(new TailRequest { Topic = "cut" });
        Assert.Equal(30, batches.Sum(b => b.Records.Count));
        Assert.All(batches, b => Assert.InRange(b.CalculateSize(), 1, 1024 * 1024 + 4096));
        Assert.All(batches.SkipLast(1), b => Assert.Equal(5, b.Records.Count));
    }

    [Fact]
    public async Task Followers_see_every_record_once_and_in_order_while_others_write()
    {
        using var barrier = new Barrier(5);
        var followers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            using var tail = service.Client.Tail(new TailRequest { Topic = "followed", Follow = true }, cancellationToken: Cancellation);
            barrier.SignalAndWait(Cancellation);
            var seen = new List<string>();
            while (seen.Count < 2_000 && await tail.ResponseStream.MoveNext(Cancellation))
            {
                foreach (var stored in tail.ResponseStream.Current.Records)
                {
                    Assert.Equal(seen.Count, stored.Offset);
                    seen.Add(stored.Record.EventId);
                }
            }

            return seen;
        }, Cancellation)).ToArray();
        var writers = Enumerable.Range(0, 2).Select(w => Task.Run(async () =>
        {
            barrier.SignalAndWait(Cancellation);
            for (var i = 0; i < 100; i++) await AppendAsync("followed", Enumerable.Range(0, 10).Select(n => $"{w}-{i * 10 + n}"));
        }, Cancellation));
        await Task.WhenAll(writers);
        var views = await Task.WhenAll(followers);
        Assert.All(views, v => Assert.Equal(views[0], v));
        Assert.Equal(2_000, views[0].Distinct().Count());
        for (var w = 0; w < 2; w++)
            Assert.Equal(Enumerable.Range(0, 1_000).Select(n => $"{w}-{n}"), views[0].Where(id => id.StartsWith($"{w}-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_first_batch_of_a_follower_says_where_the_topic_ends()
    {
        await AppendAsync("first", Ids(0, 3));
        using var tail = service.Client.Tail(new TailRequest { Topic = "first", FromOffset = 3, Follow = true }, cancellationToken: Cancellation);
        Assert.True(await tail.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(new TailBatch { EndOffset = 3 }, tail.ResponseStream.Current);
    }

    [Fact]
    public async Task Topics_and_groups_are_told()
    {
        await AppendAsync("info", Ids(0, 7));
        var info = await service.Client.GetInfoAsync(new GetInfoRequest(), cancellationToken: Cancellation);
        Assert.Matches("^[0-9a-f]{32}$", info.LogId);
        Assert.Equal(7, Assert.Single(info.Topics, t => t.Topic == "info").NextOffset);
        var get = new GetOffsetRequest { Group = "g", Topic = "info" };
        Assert.Equal(0, (await service.Client.GetOffsetAsync(get, cancellationToken: Cancellation)).Offset);
        await service.Client.CommitOffsetAsync(new CommitOffsetRequest { Group = "g", Topic = "info", Offset = 6 }, cancellationToken: Cancellation);
        var back = await service.Client.CommitOffsetAsync(new CommitOffsetRequest { Group = "g", Topic = "info", Offset = 2 }, cancellationToken: Cancellation);
        Assert.Equal(6, back.Offset);
        Assert.Equal(6, (await service.Client.GetOffsetAsync(get, cancellationToken: Cancellation)).Offset);
    }

    private static IEnumerable<string> Ids(int from, int count) => Enumerable.Range(from, count).Select(i => $"{i}");

    private async Task AppendAsync(string topic, IEnumerable<string> ids) =>
        await service.Client.AppendAsync(TestRecords.Append(topic, ids), cancellationToken: Cancellation);

    private async Task<List<TailBatch>> ReadAsync(TailRequest request)
    {
        using var tail = service.Client.Tail(request, cancellationToken: Cancellation);
        return await tail.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
    }
}
