using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Recall;
using RecoAspire.VectorSearch.Search;

namespace RecoAspire.VectorSearch.Tests;

/// <summary>The real engine, held against the plain computation; and engines that are wrong in known ways.</summary>
public sealed class RecallTests : IDisposable
{
    private const int Items = 500;
    private readonly ViewFixture _fixture = new();
    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _owned.ForEach(o => o.Dispose());
        _fixture.Dispose();
    }

    [Fact]
    public async Task The_exact_engine_finds_all_of_the_ten_best()
    {
        Fill("text", dimensions: 33);
        Fill("collaborative", dimensions: 20);
        var sampler = Sampler(new SearchEngine(_fixture.Time));
        Assert.Null(sampler.Of("text"));
        Ask(sampler, "text", 33);
        Ask(sampler, "collaborative", 20);
        Assert.Null(sampler.Of("text"));
        await sampler.MeasureAsync(Cancellation);
        Assert.Equal((1.0, 1.0), (sampler.Of("text"), sampler.Of("collaborative")));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public async Task An_engine_that_misses_some_of_the_best_falls_below_one(int missed)
    {
        Fill("text", 33);
        var sampler = Sampler(new WrongEngine(new SearchEngine(_fixture.Time), missed));
        Ask(sampler, "text", 33);
        await sampler.MeasureAsync(Cancellation);
        Assert.Equal(1 - (missed / 10.0), sampler.Of("text")!.Value, 1e-9);
    }

    [Fact]
    public async Task Which_of_equal_items_were_found_does_not_matter_and_one_found_twice_counts_once()
    {
        _fixture.Apply([.. Enumerable.Range(0, 40).Select(i => LogRecords.Vector("own", "1", $"item-{i:00}", 1, 0))]);
        var table = _fixture.View.State.Spaces["own"].Current!.Table;
        var last = table.Items().TakeLast(10).ToArray();
        Assert.Equal(1.0, await PlainSearch.RecallAsync(table, [1, 0], _ => true, last, 10, Cancellation));
        Assert.Equal(0.1, await PlainSearch.RecallAsync(table, [1, 0], _ => true, [.. Enumerable.Repeat(last[0], 10)], 10, Cancellation));
        Assert.Equal(0.9, await PlainSearch.RecallAsync(table, [1, 0], item => item != last[0], last, 10, Cancellation));
        Assert.Null(await PlainSearch.RecallAsync(table, [1, 0], _ => false, last, 10, Cancellation));
    }

    [Fact]
    public async Task A_space_with_fewer_items_than_ten_can_reach_one()
    {
        _fixture.Apply([.. Enumerable.Range(0, 4).Select(i => LogRecords.Vector("own", "1", $"item-{i}", 1, i))]);
        var sampler = Sampler(new SearchEngine(_fixture.Time));
        Ask(sampler, "own", 2);
        await sampler.MeasureAsync(Cancellation);
        Assert.Equal(1.0, sampler.Of("own"));
    }

    [Fact]
    public async Task Conditions_of_the_query_hold_for_both()
    {
        Fill("text", 8);
        _fixture.Apply([.. Enumerable.Range(0, Items).Select(i => LogRecords.Upsert(new() { Id = $"i{i}", Kind = Contracts.Catalog.V1.ItemKind.Film, MinimumAgeYears = i % 2 == 0 ? 18 : 0 }))]);
        var sampler = Sampler(new SearchEngine(_fixture.Time));
        Ask(sampler, "text", 8, new Filter { MaxAgeYears = 10 });
        await sampler.MeasureAsync(Cancellation);
        Assert.Equal(1.0, sampler.Of("text"));
    }

    [Fact]
    public void Plain_and_fast_search_agree_on_any_vectors()
    {
        Gen.Select(Gen.Int[1, 64], Gen.Int[1, 60], Gen.Int).Sample((dimensions, count, seed) =>
        {
            var random = new Random(seed);
            using var fixture = new ViewFixture();
            // Few distinct values: many ties.
            fixture.Apply([.. Enumerable.Range(0, count).Select(i => LogRecords.Vector("own", "1", $"i{i}", [.. Enumerable.Range(0, dimensions).Select(_ => (float)random.Next(-1, 2))]))]);
            using var sampler = new RecallSampler(fixture.View, new SearchEngine(fixture.Time), new RecallOptions(), fixture.Time, NullLogger<RecallSampler>.Instance);
            var query = new VectorQuery { Space = "own", Vector = LogRecords.Bytes([1, .. Enumerable.Range(1, dimensions - 1).Select(_ => (float)random.Next(-1, 2))]) };
            sampler.Offer([query], [new SearchResult { Status = QueryStatus.Ok }], ItemConditions.Default);
            sampler.MeasureAsync(CancellationToken.None).GetAwaiter().GetResult();
            Assert.Equal(1.0, sampler.Of("own"));
        }, iter: 100);
    }

    [Fact]
    public async Task One_query_of_a_space_is_answered_again_in_a_minute_off_the_request_path()
    {
        Fill("text", 8);
        var engine = new CountingEngine(new SearchEngine(_fixture.Time));
        var time = new AnnouncingTime();
        var sampler = Sampler(engine, time: time);
        await sampler.StartAsync(Cancellation);
        await time.TimerCreated.Task.WaitAsync(Cancellation);
        for (var i = 0; i < 50; i++) Ask(sampler, "text", 8);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, engine.Calls);
        time.Advance(TimeSpan.FromSeconds(1));
        await engine.Called.Task.WaitAsync(Cancellation);
        await sampler.StopAsync(Cancellation);
        Assert.Equal(1, engine.Calls);
    }

    [Fact]
    public async Task A_minutes_work_is_bounded_and_what_does_not_fit_waits_for_the_next()
    {
        Fill("a", 8);
        Fill("b", 8);
        Fill("large", 64);
        var sampler = Sampler(new SearchEngine(_fixture.Time), new RecallOptions { MaxProducts = Items * 8 });
        Ask(sampler, "large", 64);
        Ask(sampler, "a", 8);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Ask(sampler, "b", 8);
        await sampler.MeasureAsync(Cancellation);
        Assert.Equal((1.0, null), (sampler.Of("a"), sampler.Of("b")));
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Ask(sampler, "a", 8);
        await sampler.MeasureAsync(Cancellation);
        Assert.Equal((1.0, null), (sampler.Of("b"), sampler.Of("large")));
    }

    [Fact]
    public async Task Failed_and_empty_queries_and_a_sampler_that_is_off_report_nothing()
    {
        Fill("text", 8);
        var sampler = Sampler(new SearchEngine(_fixture.Time));
        Ask(sampler, "nowhere", 8);
        Ask(sampler, "text", 9);
        sampler.Offer([new VectorQuery { Space = "text", Vector = LogRecords.Bytes(new float[8]) }], [new SearchResult { Status = QueryStatus.Ok }], ItemConditions.Default);
        await sampler.MeasureAsync(Cancellation);
        var off = Sampler(new SearchEngine(_fixture.Time), new RecallOptions { Enabled = false });
        Ask(off, "text", 8);
        await off.MeasureAsync(Cancellation);
        Assert.Equal((null, null, null), (sampler.Of("nowhere"), sampler.Of("text"), off.Of("text")));
    }

    [Fact]
    public async Task It_is_a_gauge_of_the_space()
    {
        Fill("gauged", 8);
        var sampler = Sampler(new SearchEngine(_fixture.Time));
        var seen = new List<(string Space, double Value)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == MetricNames.VectorSearchRecall) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => seen.Add(((string)tags[0].Value!, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.DoesNotContain(seen, s => s.Space == "gauged");
        Ask(sampler, "gauged", 8);
        await sampler.MeasureAsync(Cancellation);
        listener.RecordObservableInstruments();
        Assert.Contains(("gauged", 1.0), seen);
    }

    private void Fill(string space, int dimensions)
    {
        var random = new Random(dimensions);
        _fixture.Apply([.. Enumerable.Range(0, Items).Select(i => LogRecords.Vector(space, "v1", $"i{i}", ExactSearchTests.RandomVector(random, dimensions)))]);
        _fixture.Apply(LogRecords.Published(space, "v1", dimensions));
    }

    private void Ask(RecallSampler sampler, string space, int dimensions, Filter? filter = null)
    {
        VectorQuery[] queries = [new() { Space = space, Vector = LogRecords.Bytes(ExactSearchTests.RandomVector(new Random(7), dimensions)) }];
        sampler.Offer(queries, _fixture.Search(queries, 10, filter).Results, ItemConditions.From(filter));
    }

    private RecallSampler Sampler(ISearchEngine engine, RecallOptions? options = null, TimeProvider? time = null)
    {
        var sampler = new RecallSampler(_fixture.View, engine, options ?? new RecallOptions(), time ?? _fixture.Time, NullLogger<RecallSampler>.Instance);
        _owned.Add(sampler);
        return sampler;
    }

    /// <summary>Says when somebody has begun to wait: an advance before that would be lost.</summary>
    private sealed class AnnouncingTime : FakeTimeProvider
    {
        public TaskCompletionSource TimerCreated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            TimerCreated.TrySetResult();
            return timer;
        }
    }

    /// <summary>Leaves out the best and fills up with what comes after the ten best, as an index that is searched too shallowly does.</summary>
    private sealed class WrongEngine(ISearchEngine engine, int missed) : ISearchEngine
    {
        public SearchResponse Search(SearchState state, IReadOnlyList<VectorQuery> queries, ItemConditions conditions, IReadOnlyList<string> excluded, int limit)
        {
            var right = engine.Search(state, queries, conditions, excluded, limit + missed);
            var response = new SearchResponse();
            foreach (var result in right.Results)
            {
                var wrong = new SearchResult { Status = result.Status, ModelVersion = result.ModelVersion };
                wrong.ItemIds.AddRange(result.ItemIds.Skip(missed));
                wrong.Scores.AddRange(result.Scores.Skip(missed));
                response.Results.Add(wrong);
            }

            return response;
        }
    }

    private sealed class CountingEngine(ISearchEngine engine) : ISearchEngine
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SearchResponse Search(SearchState state, IReadOnlyList<VectorQuery> queries, ItemConditions conditions, IReadOnlyList<string> excluded, int limit)
        {
            Interlocked.Increment(ref _calls);
            Called.TrySetResult();
            return engine.Search(state, queries, conditions, excluded, limit);
        }
    }
}
