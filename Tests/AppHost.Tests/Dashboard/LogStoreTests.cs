using CsCheck;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The store of log records against a list that does the same slowly.</summary>
public sealed class LogStoreTests
{
    private static readonly TelemetrySource Source = new("shop", "one", "local", 0);
    private static readonly Gen<(int MaxRecords, int MaxBytes, int[] Lengths, int TrimTo)> Any = Gen.Select(Gen.Int[1, 10], Gen.Int[200, 8_000], Gen.Int[0, 800].Array[0, 80], Gen.Int[0, 4_000]);

    [Fact]
    public void It_holds_what_its_limits_allow_oldest_gone_first_and_counts_what_is_gone() => Any.Sample(one =>
    {
        var store = new LogStore(one.MaxRecords, one.MaxBytes);
        var oracle = new List<LogRecord>();
        var dropped = 0L;
        foreach (var length in one.Lengths)
        {
            var record = Record(length);
            store.Add([record]);
            if (record.Bytes > one.MaxBytes) dropped++;
            else oracle.Add(record);
            while (oracle.Count > one.MaxRecords || oracle.Sum(r => (long)r.Bytes) > one.MaxBytes) DropOldest();
            Compare();
        }

        store.Trim(one.TrimTo);
        while (oracle.Count > 0 && oracle.Sum(r => (long)r.Bytes) > one.TrimTo) DropOldest();
        Compare();

        void DropOldest()
        {
            dropped++;
            oracle.RemoveAt(0);
        }

        void Compare()
        {
            Assert.InRange(store.Bytes, 0, one.MaxBytes);
            Assert.Equal((oracle.Sum(r => (long)r.Bytes), oracle.Count, dropped), (store.Bytes, store.Count, store.Dropped));
            var (found, total) = store.List(_ => true, null, int.MaxValue);
            Assert.Equal(oracle.Count, total);
            Assert.Equal(oracle.AsEnumerable().Reverse(), found);
        }
    });

    [Fact]
    public void Ids_rise_and_older_pages_follow_them()
    {
        var store = new LogStore(10, 1 << 20);
        store.Add([.. Enumerable.Range(0, 25).Select(_ => Record(1))]);
        var (newest, total) = store.List(_ => true, null, 4);
        Assert.Equal(10, total);
        Assert.Equal([24, 23, 22, 21], newest.Select(r => r.Id));
        Assert.Equal([20, 19, 18, 17], store.List(_ => true, 21, 4).Found.Select(r => r.Id));
        Assert.Equal([15], store.List(_ => true, 16, 4).Found.Select(r => r.Id));
    }

    private static LogRecord Record(int length) => new()
    {
        Source = Source,
        AtNs = 0,
        Level = 2,
        Category = "Tests",
        Message = new string('x', length),
        TraceId = default,
        SpanId = 0,
        Attributes = [],
        Exception = null,
    };
}
