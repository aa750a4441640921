using CsCheck;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Graph.Stores;
using RecoAspire.Graph.Views;

namespace RecoAspire.Graph.Tests;

public sealed class GraphViewTests
{
    [Fact]
    public void Records_that_cannot_be_read_are_skipped_and_the_rest_of_the_batch_counts()
    {
        using var fixture = new GraphFixture();
        var crowd = Catalogue.Film("crowd", actors: [.. Enumerable.Range(0, 101).Select(i => $"A{i}")]);
        var labels = Catalogue.Film("labels", genres: [.. Enumerable.Range(0, 33).Select(i => $"g{i}")]);
        var longName = Catalogue.Film("long", director: new string('x', 501), genres: ["drame"]);
        fixture.Deliver(
            Catalogue.Stored(0, Catalogue.Upsert(Catalogue.Film("good", "D"))),
            new StoredRecord { Offset = 1, Record = new Contracts.EventLog.V1.Record { EventId = "x", Key = "x", Payload = ByteString.CopyFrom(0xff, 0xff) } },
            Catalogue.Stored(2, new CatalogChange()),
            Catalogue.Stored(3, Catalogue.Upsert(Catalogue.Film("not an id", "D"))),
            Catalogue.Stored(4, Catalogue.Upsert(crowd)),
            Catalogue.Stored(5, Catalogue.Upsert(labels)),
            Catalogue.Stored(6, Catalogue.Upsert(longName)),
            Catalogue.Stored(7, Catalogue.Removed("nobody")),
            Catalogue.Stored(8, Catalogue.Upsert(Catalogue.Film("also-good", "D"))));
        Assert.Equal(3, fixture.Graph.ItemCount);
        Assert.Equal(["also-good"], fixture.Related("good"));
        Assert.Equal(["drame"], fixture.Graph.Neighbours("long").Select(n => n.Node.Shown));
        Assert.Equal(9, fixture.Position());
    }

    [Fact]
    public void Records_that_come_again_change_nothing()
    {
        using var fixture = new GraphFixture();
        fixture.Put(Catalogue.Film("a", "D"), Catalogue.Film("a", "E"));
        fixture.Deliver(Catalogue.Stored(0, Catalogue.Upsert(Catalogue.Film("a", "D"))));
        Assert.Equal("E", Assert.Single(fixture.Graph.Neighbours("a")).Node.Shown);
        Assert.Equal(2, fixture.Position());
    }

    [Fact]
    public void A_batch_that_cannot_be_stored_leaves_the_view_as_it_was()
    {
        using var fixture = new GraphFixture();
        fixture.Put(Catalogue.Film("a", "D"));
        var digest = fixture.Digest();
        // A record without content fails in the middle of the batch, as a full disk would.
        Assert.ThrowsAny<Exception>(() => fixture.Deliver(Catalogue.Stored(1, Catalogue.Upsert(Catalogue.Film("b", "D"))), new StoredRecord { Offset = 2 }));
        Assert.Equal(digest, fixture.Digest());
        Assert.Equal(1, fixture.Graph.ItemCount);
        fixture.Put(Catalogue.Film("c", "D"));
        Assert.Equal(["c"], fixture.Related("a"));
        fixture.Restart();
        Assert.Equal(["c"], fixture.Related("a"));
    }

    [Fact]
    public async Task An_expansion_during_changes_sees_the_graph_before_or_after_a_batch()
    {
        const int films = 200, rounds = 60;
        using var fixture = new GraphFixture();
        Fill(0);
        using var start = new Barrier(2);
        var done = false;
        var reader = Task.Run(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            do
            {
                // In every state all films share exactly one director, so all the others are found by one path.
                var related = fixture.Expand([("f0", 1)], limit: 1000);
                Assert.Equal(films - 1, related.Count);
                Assert.Single(related.Select(r => r.Via.Key).Distinct());
                Assert.Single(related.Select(r => r.Score).Distinct());
            }
            while (!Volatile.Read(ref done));
        }, TestContext.Current.CancellationToken);
        start.SignalAndWait(TestContext.Current.CancellationToken);
        for (var round = 1; round <= rounds; round++) Fill(round);
        Volatile.Write(ref done, true);
        await reader;

        void Fill(int round) => fixture.Put([.. Enumerable.Range(0, films).Select(i => Catalogue.Film($"f{i}", $"Director {round % 3}"))]);
    }

    [Fact]
    public void Flipped_bytes_are_detected_or_harmless_and_never_served()
    {
        byte[] healthy;
        string expected;
        using (var fixture = new GraphFixture())
        {
            fixture.Put([.. Enumerable.Range(0, 300).Select(i => Catalogue.Film($"i{i}", $"Directör {i % 40}", [$"Actor {i % 70}"], ["drame"]))]);
            expected = Content(fixture.View);
            fixture.View.Dispose();
            healthy = File.ReadAllBytes(Path.Combine(fixture.Folder, "graph.db"));
        }

        var folder = Directory.CreateTempSubdirectory("graph-").FullName;
        var detected = 0;
        Gen.Select(Gen.Int[0, healthy.Length - 1], Gen.Int[0, 7]).Sample(
            flip =>
            {
                var damaged = (byte[])healthy.Clone();
                damaged[flip.Item1] ^= (byte)(1 << flip.Item2);
                File.WriteAllBytes(Path.Combine(folder, "graph.db"), damaged);
                try
                {
                    using var store = new SqliteItemStore(folder, busyTimeoutSeconds: 1);
                    using var view = new GraphView(store, NullLogger<GraphView>.Instance);
                    Assert.Equal(expected, Content(view));
                }
                catch (Exception e) when (e is InvalidDataException or SqliteException or InvalidCastException)
                {
                    Assert.DoesNotContain("locked", e.Message);
                    detected++;
                }
            },
            iter: 500, threads: 1);
        // The rest hit free pages and unused space in pages.
        Assert.True(detected > 100, $"only {detected} of 500 flips were noticed");
        Directory.Delete(folder, recursive: true);

        static string Content(GraphView view) =>
            view.GetDigestAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()
            + string.Concat(view.Snapshot.Neighbours("i7")) + view.GetPositionAsync("catalog", CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    [Fact]
    public void A_store_of_another_layout_is_refused_with_a_clear_error()
    {
        var folder = Directory.CreateTempSubdirectory("graph-").FullName;
        new SqliteItemStore(folder).Dispose();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "graph.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("layout 99", Assert.Throws<InvalidDataException>(() => new SqliteItemStore(folder)).Message);
        Directory.Delete(folder, recursive: true);
    }
}
