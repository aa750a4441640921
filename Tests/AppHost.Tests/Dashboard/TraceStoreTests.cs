using CsCheck;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The store of traces against a list that does the same slowly.</summary>
public sealed class TraceStoreTests
{
    private static readonly TelemetrySource Source = new("shop", "one", "local", 0);
    private static readonly Gen<(int MaxTraces, int MaxSpans, int MaxBytes, (int Trace, int Length, bool Error)[] Spans, int TrimTo)> Any = Gen.Select(
        Gen.Int[1, 6], Gen.Int[1, 5], Gen.Int[300, 8_000], Gen.Select(Gen.Int[1, 12], Gen.Int[0, 600], Gen.Bool).Array[0, 100], Gen.Int[0, 4_000]);

    [Fact]
    public void It_holds_what_its_limits_allow_oldest_gone_first_and_counts_what_is_gone() => Any.Sample(one =>
    {
        var store = new TraceStore(one.MaxTraces, one.MaxSpans, one.MaxBytes);
        var oracle = new List<(TraceId Id, List<Span> Spans)>();
        var dropped = 0L;
        var number = 0;
        foreach (var (trace, length, error) in one.Spans)
        {
            var (id, span) = (new TraceId(0, (ulong)trace), Span(++number, length, error));
            store.Add([(id, span)]);
            AddToOracle(id, span);
            Compare();
        }

        store.Trim(one.TrimTo);
        while (oracle.Count > 0 && Size() > one.TrimTo) DropOldest();
        Compare();

        void AddToOracle(TraceId id, Span span)
        {
            var at = oracle.FindIndex(t => t.Id == id);
            var known = at < 0 ? [] : oracle[at].Spans;
            if (known.Count == one.MaxSpans || known.Sum(s => (long)s.Bytes) + span.Bytes > one.MaxBytes)
            {
                dropped++;
                return;
            }

            if (at < 0)
            {
                if (oracle.Count == one.MaxTraces) DropOldest();
                oracle.Add((id, known));
            }

            known.Add(span);
            while (Size() > one.MaxBytes) DropOldest();
        }

        void DropOldest()
        {
            dropped += oracle[0].Spans.Count;
            oracle.RemoveAt(0);
        }

        long Size() => oracle.Sum(t => t.Spans.Sum(s => (long)s.Bytes));

        void Compare()
        {
            Assert.InRange(store.Bytes, 0, one.MaxBytes);
            Assert.Equal((Size(), oracle.Sum(t => t.Spans.Count), dropped), (store.Bytes, store.SpanCount, store.Dropped));
            var (found, total) = store.List(_ => true, int.MaxValue);
            Assert.Equal(oracle.Count, total);
            Assert.Equal(oracle.Select(t => (t.Id, t.Spans.Count, t.Spans.Count(s => s.IsError))).Reverse(), found.Select(f => (f.Id, f.Spans, f.Errors)));
            foreach (var (id, spans) in oracle) Assert.Equal(spans.OrderBy(s => s.StartNs).Select(s => s.Id), store.Find(id)!.Value.Spans.Select(s => s.Id));
        }
    });

    [Fact]
    public void A_span_larger_than_everything_leaves_nothing_behind()
    {
        var store = new TraceStore(10, 10, 1_000);
        store.Add([(new TraceId(0, 1), Span(1, 10_000, false))]);
        Assert.Equal((0, 0, 1), (store.Bytes, store.SpanCount, store.Dropped));
        Assert.Empty(store.List(_ => true, 10).Found);
    }

    [Fact]
    public void A_trace_without_its_root_yet_is_named_after_its_earliest_span()
    {
        var store = new TraceStore(10, 10, 100_000);
        store.Add([(new TraceId(0, 1), Span(5, 0, false, parent: 3)), (new TraceId(0, 1), Span(2, 0, false, parent: 1))]);
        Assert.Equal("span 2", store.List(_ => true, 10).Found[0].Name);
        store.Add([(new TraceId(0, 1), Span(9, 0, false))]);
        Assert.Equal("span 9", store.List(_ => true, 10).Found[0].Name);
    }

    [Fact]
    public async Task Writers_and_readers_at_once_lose_nothing()
    {
        var store = new TraceStore(50, 20, 100_000);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                store.Add([(new TraceId(0, (ulong)(i / 3) + 1), Span((writer * 10_000) + i + 1, i % 200, false))]);
                if (i % 100 == 0) store.List(_ => true, 10);
            }
        })));
        Assert.Equal(8_000, store.SpanCount + store.Dropped);
        Assert.Equal(store.SpanCount, store.List(_ => true, int.MaxValue).Found.Sum(t => t.Spans));
        store.Trim(0);
        Assert.Equal((0, 0, 8_000), (store.Bytes, store.SpanCount, store.Dropped));
    }

    private static Span Span(int number, int length, bool error, int parent = 0) => new()
    {
        Source = Source,
        Id = (ulong)number,
        ParentId = (ulong)parent,
        Name = $"span {number}",
        Scope = "Tests",
        Kind = 1,
        StartNs = number * 1_000,
        EndNs = (number * 1_000) + 500,
        IsError = error,
        StatusMessage = null,
        Attributes = length == 0 ? [] : [new KeyText("text", new string('x', length))],
        Events = [],
        Links = [],
    };
}
