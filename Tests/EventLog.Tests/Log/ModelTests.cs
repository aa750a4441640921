using CsCheck;
using RecoAspire.EventLog.Log;

namespace RecoAspire.EventLog.Tests.Log;

/// <summary>Random appends, reads and restarts against the simplest model: a list per topic.</summary>
public sealed class ModelTests
{
    private abstract record Step;

    private sealed record Append(string Topic, int[] Ids) : Step;

    private sealed record Restart : Step;

    private sealed record Commit(string Topic, int Offset, bool Force) : Step;

    private static readonly Gen<string> GenTopic = Gen.Int[0, 2].Select(i => ((string[])["a", "b", "c"])[i]);

    private static readonly Gen<Step> GenStep = Gen.Frequency(
        (12, Gen.Select(GenTopic, Gen.Int[0, 60].Array[1, 20], Step (topic, ids) => new Append(topic, ids))),
        (2, Gen.Const<Step>(new Restart())),
        (3, Gen.Select(GenTopic, Gen.Int[0, 60], Gen.Bool, Step (topic, offset, force) => new Commit(topic, offset, force))));

    [Fact]
    public async Task The_log_behaves_like_a_list_per_topic()
    {
        await GenStep.Array[1, 30].SampleAsync(async steps =>
        {
            // Five ids fill the memory table, so that every place of an id and every move is reached.
            using var log = new TestLog(freezeIdsAt: 5);
            var model = new Dictionary<string, List<string>>();
            var groups = new Dictionary<string, long>();
            foreach (var step in steps)
            {
                switch (step)
                {
                    case Restart:
                        log.Reopen();
                        break;
                    case Commit commit:
                        var expected = groups.TryGetValue(commit.Topic, out var known) && !commit.Force ? Math.Max(known, commit.Offset) : commit.Offset;
                        groups[commit.Topic] = expected;
                        Assert.Equal(expected, await log.Writer.WriteAsync(new PendingGroupOffset("g", commit.Topic, commit.Offset, commit.Force)));
                        break;
                    case Append append:
                        await AppendAndCompareAsync(log, model, append);
                        break;
                }
            }

            foreach (var (topic, ids) in model)
            {
                Assert.Equal(ids, log.ReadAll(topic, maxRecords: 7).Select(r => r.Record.EventId));
                Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => (long)i), log.ReadAll(topic).Select(r => r.Offset));
            }
        }, iter: 150, threads: 1);
    }

    private static async Task AppendAndCompareAsync(TestLog log, Dictionary<string, List<string>> model, Append append)
    {
        if (!model.TryGetValue(append.Topic, out var list)) model[append.Topic] = list = [];
        var offsets = new List<long>();
        var duplicates = 0;
        foreach (var id in append.Ids.Select(i => $"e{i}"))
        {
            var at = list.IndexOf(id);
            if (at >= 0) duplicates++;
            else list.Add(id);
            offsets.Add(at >= 0 ? at : list.Count - 1);
        }

        var response = await log.AppendAsync(append.Topic, append.Ids.Select(i => $"e{i}"));
        Assert.Equal(offsets, response.Offsets);
        Assert.Equal((duplicates, list.Count), (response.Duplicates, response.NextOffset));
    }
}
