using RecoAspire.EventLog.Log;

namespace RecoAspire.EventLog.Tests.Log;

public sealed class AppendTests
{
    [Fact]
    public async Task Offsets_are_contiguous_from_zero_in_each_topic()
    {
        using var log = new TestLog();
        Assert.Equal([0, 1, 2], (await log.AppendAsync("a", "x", "y", "z")).Offsets);
        Assert.Equal([0, 1], (await log.AppendAsync("b", "x", "y")).Offsets);
        var third = await log.AppendAsync("a", "w");
        Assert.Equal([3], third.Offsets);
        Assert.Equal(4, third.NextOffset);
        Assert.Equal(["x", "y", "z", "w"], log.ReadAll("a").Select(r => r.Record.EventId));
        Assert.Equal([0, 1, 2, 3], log.ReadAll("a").Select(r => r.Offset));
    }

    [Fact]
    public async Task A_record_sent_again_keeps_its_first_offset_and_content()
    {
        using var log = new TestLog();
        await log.AppendAsync("t", "a", "b");
        var again = await log.AppendAsync("t", "b", "c", "a");
        Assert.Equal([1, 2, 0], again.Offsets);
        Assert.Equal((2, 3), (again.Duplicates, again.NextOffset));
    }

    [Fact]
    public async Task Duplicates_inside_one_append_are_one_record()
    {
        using var log = new TestLog();
        var response = await log.AppendAsync("t", "a", "b", "a", "a", "c");
        Assert.Equal([0, 1, 0, 0, 2], response.Offsets);
        Assert.Equal(2, response.Duplicates);
        Assert.Equal(3, log.ReadAll("t").Count);
    }

    [Fact]
    public async Task Ids_are_known_after_a_restart_wherever_they_are_kept()
    {
        // Ten ids fill the memory table here, so that ids are in the table, in the frozen one and in the index.
        using var log = new TestLog(freezeIdsAt: 10);
        for (var i = 0; i < 12; i++) await log.AppendAsync("t", Enumerable.Range(i * 7, 7).Select(n => $"e{n}"));
        log.Reopen();
        Assert.Equal(84, log.File.Find("t")!.NextOffset);
        var again = await log.AppendAsync("t", Enumerable.Range(0, 84).Select(n => $"e{n}"));
        Assert.Equal(Enumerable.Range(0, 84).Select(n => (long)n), again.Offsets);
        Assert.Equal(84, again.Duplicates);
    }

    [Fact]
    public async Task The_identity_of_a_log_is_made_once()
    {
        using var first = new TestLog();
        using var second = new TestLog();
        var id = first.File.LogId;
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.NotEqual(id, second.File.LogId);
        await first.AppendAsync("t", "a");
        first.Reopen();
        Assert.Equal(id, first.File.LogId);
    }

    [Fact]
    public async Task Writers_at_the_same_time_lose_nothing_and_share_commits()
    {
        using var log = new TestLog();
        using var barrier = new Barrier(8);
        var cancellation = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                barrier.SignalAndWait(cancellation);
                // Each id is sent by two writers at the same moment.
                var response = await log.AppendAsync("t", Enumerable.Range(0, 5).Select(n => $"{w / 2}-{i}-{n}"));
                Assert.Equal(5, response.Offsets.Distinct().Count());
            }
        }, cancellation)));
        var all = log.ReadAll("t");
        Assert.Equal(4 * 50 * 5, all.Count);
        Assert.Equal(all.Count, all.Select(r => r.Record.EventId).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, all.Count).Select(n => (long)n), all.Select(r => r.Offset));
    }

    [Fact]
    public async Task Too_many_topics_are_refused_and_the_others_of_the_commit_go_on()
    {
        using var log = new TestLog();
        for (var i = 0; i < LogLimits.MaxTopics; i++) await log.AppendAsync($"t{i}", "a");
        var refused = log.AppendAsync("one-more", "a");
        var taken = log.AppendAsync("t0", "b");
        var error = await Assert.ThrowsAsync<WriteRefusedException>(() => refused);
        Assert.Contains("256 topics", error.Message);
        Assert.Equal([1], (await taken).Offsets);
        Assert.Null(log.File.Find("one-more"));
    }

    [Fact]
    public async Task Group_offsets_go_forward_unless_forced()
    {
        using var log = new TestLog();
        Assert.Equal(5, await log.Writer.WriteAsync(new PendingGroupOffset("g", "t", 5, force: false)));
        Assert.Equal(5, await log.Writer.WriteAsync(new PendingGroupOffset("g", "t", 3, force: false)));
        Assert.Equal(7, await log.Writer.WriteAsync(new PendingGroupOffset("g", "t", 7, force: false)));
        Assert.Equal(2, await log.Writer.WriteAsync(new PendingGroupOffset("g", "t", 2, force: true)));
        log.Reopen();
        Assert.Equal(2, await log.Writer.WriteAsync(new PendingGroupOffset("g", "t", 1, force: false)));
    }

    [Fact]
    public async Task A_full_disk_refuses_the_append_leaves_nothing_behind_and_heals()
    {
        using var log = new TestLog(maxBytes: 200_000);
        await log.AppendAsync("t", "a");
        var error = await Assert.ThrowsAsync<WriteRefusedException>(() => log.AppendAsync("t", Enumerable.Range(0, 5_000).Select(n => $"big-{n}")));
        Assert.Equal("the disk is full", error.Message);
        Assert.Equal("the disk is full", log.Writer.Failure);
        Assert.Equal(1, log.File.Find("t")!.NextOffset);
        // Nothing of it was kept, in memory neither: an id of the refused append is new.
        var small = await log.AppendAsync("t", "big-7");
        Assert.Equal((0, 2), (small.Duplicates, small.NextOffset));
        Assert.Null(log.Writer.Failure);
        log.MaxBytes = 0;
        log.Reopen();
        var response = await log.AppendAsync("t", Enumerable.Range(0, 5_000).Select(n => $"big-{n}"));
        Assert.Equal((1, 5_001), (response.Duplicates, response.NextOffset));
        Assert.Equal(5_001, log.ReadAll("t").Count);
    }

    [Fact]
    public async Task A_full_queue_refuses_instead_of_growing()
    {
        using var log = new TestLog();
        using var hold = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = log.Writer.WriteAsync(new BlockingWrite(hold, blocked));
        await blocked.Task;
        var queued = Enumerable.Range(0, LogLimits.MaxQueuedAppends).Select(i => log.AppendAsync("t", $"e{i}")).ToList();
        var error = await Assert.ThrowsAsync<WriteRefusedException>(() => log.AppendAsync("t", "one more"));
        Assert.True(error.Retryable);
        hold.Set();
        await first;
        await Task.WhenAll(queued);
        Assert.Equal(LogLimits.MaxQueuedAppends, log.ReadAll("t").Count);
        await log.AppendAsync("t", "one more");
    }

    [Fact]
    public async Task Closing_answers_what_is_queued_and_refuses_what_comes_later()
    {
        using var log = new TestLog();
        var queued = Enumerable.Range(0, 100).Select(i => log.AppendAsync("t", $"e{i}")).ToList();
        log.Writer.Dispose();
        Assert.All(queued, q => Assert.True(q.IsCompleted));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => (long)n), queued.Select(q => q.Result.Offsets[0]));
        await Assert.ThrowsAsync<WriteRefusedException>(() => log.AppendAsync("t", "late"));
    }

    private sealed class BlockingWrite(ManualResetEventSlim hold, TaskCompletionSource blocked) : PendingWrite<bool>
    {
        protected override bool Answer => true;

        public override void Apply(RecoAspire.EventLog.Stores.LogFile file, long nowMs)
        {
            blocked.SetResult();
            hold.Wait();
        }
    }
}
