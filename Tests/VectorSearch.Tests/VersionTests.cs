using RecoAspire.Contracts.VectorSearch.V1;

namespace RecoAspire.VectorSearch.Tests;

public sealed class VersionTests
{
    [Fact]
    public void Vectors_of_a_space_that_never_publishes_are_current_at_once()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Vector("own", "1", "a", 1));
        Assert.Equal("1", fixture.Search("own", [1]).ModelVersion);
        fixture.Apply(LogRecords.Vector("own", "2", "b", 1, 1));
        Assert.Equal(["b"], fixture.Search("own", [1, 1]).ItemIds);
        Assert.Equal(["a"], fixture.Search("own", [1], version: "1").ItemIds);
    }

    [Fact]
    public void The_collaborative_model_is_unknown_before_its_first_publication()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Vector("collaborative", "m1", "a", 1));
        Assert.Equal(QueryStatus.SpaceUnknown, fixture.Search("collaborative", [1]).Status);
        Assert.Equal(QueryStatus.VersionUnknown, fixture.Search("collaborative", [1], version: "m1").Status);
        fixture.Apply(LogRecords.Published("collaborative", "m1", 1));
        Assert.Equal(["a"], fixture.Search("collaborative", [1]).ItemIds);
    }

    [Fact]
    public void A_new_version_becomes_current_when_it_is_published_and_the_one_before_stays_searchable()
    {
        using var fixture = new ViewFixture();
        for (var m = 1; m <= 3; m++)
        {
            fixture.Apply(LogRecords.Vector("collaborative", $"m{m}", "a", m, 0), LogRecords.Vector("collaborative", $"m{m}", "b", 0, m));
            if (m > 1) Assert.Equal($"m{m - 1}", fixture.Search("collaborative", [1, 0]).ModelVersion);
            fixture.Apply(LogRecords.Published("collaborative", $"m{m}", 2));
            Assert.Equal($"m{m}", fixture.Search("collaborative", [1, 0]).ModelVersion);
        }

        Assert.Equal(2f, fixture.Search("collaborative", [1, 0], version: "m2").Scores[0]);
        var gone = fixture.Search("collaborative", [1, 0], version: "m1");
        Assert.Equal((QueryStatus.VersionUnknown, "m3"), (gone.Status, gone.ModelVersion));
    }

    [Fact]
    public void Publishing_the_previous_version_again_goes_back_to_it()
    {
        using var fixture = new ViewFixture();
        foreach (var m in new[] { "m1", "m2", "m1" })
            fixture.Apply(LogRecords.Vector("collaborative", m, "a", 1), LogRecords.Published("collaborative", m, 1));
        Assert.Equal("m1", fixture.Search("collaborative", [1]).ModelVersion);
        Assert.Equal(QueryStatus.Ok, fixture.Search("collaborative", [1], version: "m2").Status);
    }

    [Fact]
    public void Versions_that_are_never_published_do_not_pile_up()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Published("collaborative", "m0", 1));
        for (var m = 1; m <= 5; m++) fixture.Apply(LogRecords.Vector("collaborative", $"m{m}", "a", 1));
        Assert.Equal(["m4", "m5"], fixture.View.State.Spaces["collaborative"].Pending.Select(v => v.Name));
        fixture.Restart();
        Assert.Equal(["m4", "m5"], fixture.View.State.Spaces["collaborative"].Pending.Select(v => v.Name));
    }

    [Fact]
    public async Task A_search_during_publications_sees_one_whole_version_or_the_other()
    {
        const int items = 500, publications = 40;
        using var fixture = new ViewFixture();
        Fill(fixture, 1, items);
        using var start = new Barrier(3);
        var done = false;
        var seen = new HashSet<float>[2];
        var readers = Enumerable.Range(0, 2).Select(r => Task.Run(() =>
        {
            seen[r] = [];
            start.SignalAndWait(TestContext.Current.CancellationToken);
            do
            {
                // Every vector of version m holds m: a mixture would show two values.
                var result = fixture.Search("collaborative", [1, 1], limit: items);
                Assert.Equal(items, result.ItemIds.Count);
                var score = Assert.Single(result.Scores.Distinct());
                Assert.Equal($"m{(int)score / 2}", result.ModelVersion);
                seen[r].Add(score);
            }
            while (!Volatile.Read(ref done));
        }, TestContext.Current.CancellationToken)).ToArray();
        start.SignalAndWait(TestContext.Current.CancellationToken);
        for (var m = 2; m <= publications; m++) Fill(fixture, m, items);
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
        Assert.All(seen, s => Assert.NotEmpty(s));
    }

    [Fact]
    public async Task A_search_during_updates_and_compactions_sees_every_item_exactly_once()
    {
        const int items = 300, rounds = 30;
        using var fixture = new ViewFixture();
        fixture.Apply([.. Enumerable.Range(0, items).Select(i => LogRecords.Vector("own", "1", $"i{i}", 1, i))]);
        using var start = new Barrier(2);
        var done = false;
        var reader = Task.Run(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            do
            {
                var ids = fixture.Search("own", [1, 1], limit: 1000).ItemIds;
                Assert.Equal(items, ids.Count);
                Assert.Equal(items, ids.Distinct().Count());
            }
            while (!Volatile.Read(ref done));
        }, TestContext.Current.CancellationToken);
        start.SignalAndWait(TestContext.Current.CancellationToken);
        // 30 × 300 rewritten rows go through several compactions.
        for (var round = 1; round <= rounds; round++)
            fixture.Apply([.. Enumerable.Range(0, items).Select(i => LogRecords.Vector("own", "1", $"i{i}", round, i))]);
        Volatile.Write(ref done, true);
        await reader;
        Assert.True(fixture.View.State.Spaces["own"].Current!.Table.Rows < rounds * items / 2);
    }

    private static void Fill(ViewFixture fixture, int m, int items)
    {
        fixture.Apply([.. Enumerable.Range(0, items).Select(i => LogRecords.Vector("collaborative", $"m{m}", $"i{i}", m, m))]);
        fixture.Apply(LogRecords.Published("collaborative", $"m{m}", 2));
    }
}
