using CsCheck;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Stores;

namespace RecoAspire.VectorSearch.Tests;

public sealed class PersistenceTests
{
    private static readonly Gen<IMessage> Changes = Gen.OneOf(
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 20], Gen.Single[-2, 2]).Select((space, version, item, x) =>
            (IMessage)LogRecords.Vector(SpaceName(space), $"v{version}", $"i{item}", x, 1, x * x)),
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 20]).Select((space, item) => (IMessage)LogRecords.Removed(SpaceName(space), $"i{item}")),
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3]).Select((space, version) => (IMessage)LogRecords.Published(SpaceName(space), $"v{version}", 3)),
        Gen.Select(Gen.Int[0, 20], Gen.Int[1, 7], Gen.Int[0, 18]).Select((item, kind, age) =>
            (IMessage)LogRecords.Upsert(new Item { Id = $"i{item}", Kind = (ItemKind)kind, MinimumAgeYears = age, Genres = { "drame" } })),
        Gen.Int[0, 20].Select(item => (IMessage)LogRecords.RemovedItem($"i{item}")));

    [Fact]
    public void A_restart_and_a_rebuild_answer_the_same_with_the_same_digest()
    {
        Changes.Array[0, 200].Sample(changes =>
        {
            using var fixture = new ViewFixture();
            Feed(fixture, changes, batch: 7);
            var (digest, answers) = (fixture.Digest(), Answers(fixture));
            var positions = (fixture.Position(Topics.Embeddings), fixture.Position(Topics.Catalog));

            fixture.Restart();
            Assert.Equal(digest, fixture.Digest());
            Assert.Equal(answers, Answers(fixture));
            Assert.Equal(positions, (fixture.Position(Topics.Embeddings), fixture.Position(Topics.Catalog)));

            fixture.Reset();
            Assert.Equal(0, fixture.Position(Topics.Embeddings));
            // The topics come in another interleaving than before.
            Feed(fixture, [.. changes.Where(c => c is CatalogChange)], batch: 50);
            Feed(fixture, [.. changes.Where(c => c is EmbeddingChange)], batch: 50);
            Assert.Equal(digest, fixture.Digest());
            Assert.Equal(answers, Answers(fixture));
        }, iter: 60);
    }

    [Fact]
    public void Records_that_come_again_change_nothing()
    {
        using var fixture = new ViewFixture();
        StoredRecord[] records = [LogRecords.Stored(0, LogRecords.Vector("own", "1", "a", 1, 2)), LogRecords.Stored(1, LogRecords.Vector("own", "1", "a", 2, 1))];
        fixture.Apply(Topics.Embeddings, [LogRecords.Vector("own", "1", "a", 1, 2), LogRecords.Vector("own", "1", "a", 2, 1)]);
        var digest = fixture.Digest();
        fixture.Deliver(Topics.Embeddings, [records[0]]);
        Assert.Equal(digest, fixture.Digest());
        Assert.Equal(2, fixture.Position(Topics.Embeddings));
    }

    [Fact]
    public void Records_that_cannot_be_read_are_skipped_and_the_rest_of_the_batch_counts()
    {
        using var fixture = new ViewFixture();
        var broken = new StoredRecord { Offset = 1, Record = new Contracts.EventLog.V1.Record { EventId = "x", Key = "x", Payload = ByteString.CopyFrom(0xff, 0xff) } };
        StoredRecord[] records =
        [
            LogRecords.Stored(0, LogRecords.Vector("own", "1", "good", 1, 2)),
            broken,
            LogRecords.Stored(2, LogRecords.Vector("own", "1", "nan", float.NaN, 2)),
            LogRecords.Stored(3, LogRecords.Vector("own", "1", "infinite", float.PositiveInfinity, 2)),
            LogRecords.Stored(4, LogRecords.Vector("own", "1", "huge", 3e38f, 2)),
            LogRecords.Stored(5, LogRecords.Vector("own", "1", "dimensions", 1, 2, 3)),
            LogRecords.Stored(6, LogRecords.Vector("own", "1", "", 1, 2)),
            LogRecords.Stored(7, LogRecords.Vector("Own Space", "1", "name", 1, 2)),
            LogRecords.Stored(8, LogRecords.Vector("own", "", "version", 1, 2)),
            LogRecords.Stored(9, LogRecords.Vector("own", "1", "empty")),
            LogRecords.Stored(10, LogRecords.Published("own", "1", 7)),
            LogRecords.Stored(11, new EmbeddingChange()),
            LogRecords.Stored(12, new EmbeddingChange { Upsert = new ItemVector { Space = "own", ModelVersion = "1", ItemId = "odd", Vector = ByteString.CopyFrom(1, 2, 3) } }),
            LogRecords.Stored(13, LogRecords.Vector("own", "1", "also-good", 1, 2)),
        ];
        fixture.Deliver(Topics.Embeddings, records);
        Assert.Equal(["also-good", "good"], fixture.Search("own", [1, 2]).ItemIds);
        Assert.Equal(14, fixture.Position(Topics.Embeddings));
    }

    [Fact]
    public void A_record_that_would_make_one_space_too_many_is_skipped()
    {
        using var fixture = new ViewFixture();
        fixture.Apply([.. Enumerable.Range(0, 70).Select(i => LogRecords.Vector($"space-{i:00}", "1", "a", 1))]);
        Assert.Equal(64, fixture.View.State.Spaces.Count);
        Assert.Equal(QueryStatus.Ok, fixture.Search("space-63", [1]).Status);
        Assert.Equal(QueryStatus.SpaceUnknown, fixture.Search("space-64", [1]).Status);
    }

    [Fact]
    public void A_batch_that_cannot_be_stored_leaves_the_view_as_it_was()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Vector("own", "1", "a", 1, 2));
        var digest = fixture.Digest();
        // A batch whose enumeration fails half-way stands for a full disk: the transaction must not be committed.
        var records = new FailingList(LogRecords.Stored(1, LogRecords.Vector("own", "1", "b", 1, 2)));
        Assert.ThrowsAny<IOException>(() => fixture.Deliver(Topics.Embeddings, records));
        Assert.Equal(["a"], fixture.Search("own", [1, 2]).ItemIds);
        Assert.Equal(digest, fixture.Digest());
        Assert.Equal(1, fixture.Position(Topics.Embeddings));
        fixture.Apply(LogRecords.Vector("own", "1", "c", 1, 2));
        Assert.Equal(["a", "c"], fixture.Search("own", [1, 2]).ItemIds);
    }

    [Fact]
    public void A_store_of_another_layout_is_refused_with_a_clear_error()
    {
        var folder = Directory.CreateTempSubdirectory("vectors-").FullName;
        new SqliteVectorStore(folder).Dispose();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "vectors.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var error = Assert.Throws<InvalidDataException>(() => new SqliteVectorStore(folder));
        Assert.Contains("layout 99", error.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Flipped_bytes_are_detected_or_harmless_and_never_served()
    {
        string folder;
        ViewDigest digest;
        byte[] healthy;
        using (var fixture = new ViewFixture())
        {
            fixture.Apply([.. Enumerable.Range(0, 300).Select(i => LogRecords.Vector("own", "1", $"i{i}", i, 1, 2))]);
            fixture.Apply([.. Enumerable.Range(0, 300).Select(i => LogRecords.Upsert(new Item { Id = $"i{i}", Kind = ItemKind.Film, Genres = { $"g{i}" } }))]);
            digest = fixture.Digest();
            fixture.View.Dispose();
            healthy = File.ReadAllBytes(Path.Combine(fixture.Folder, "vectors.db"));
            folder = Directory.CreateTempSubdirectory("vectors-").FullName;
        }

        var detected = 0;
        Gen.Select(Gen.Int[0, healthy.Length - 1], Gen.Int[0, 7]).Sample(
            flip =>
            {
                var damaged = (byte[])healthy.Clone();
                damaged[flip.Item1] ^= (byte)(1 << flip.Item2);
                File.WriteAllBytes(Path.Combine(folder, "vectors.db"), damaged);
                try
                {
                    using var store = new SqliteVectorStore(folder, busyTimeoutSeconds: 1);
                    using var view = new Views.VectorsView(store, Microsoft.Extensions.Logging.Abstractions.NullLogger<Views.VectorsView>.Instance);
                    Assert.Equal(digest, view.GetDigestAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
                    Assert.Equal(300, view.GetPositionAsync(Topics.Embeddings, CancellationToken.None).AsTask().GetAwaiter().GetResult());
                }
                catch (Exception e) when (e is InvalidDataException or SqliteException or InvalidCastException)
                {
                    Assert.DoesNotContain("locked", e.Message);
                    detected++;
                }
            },
            iter: 500, threads: 1);
        // The rest hit free pages, unused space in pages, and the secondary index.
        Assert.True(detected > 100, $"only {detected} of 500 flips were noticed");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_second_process_on_the_same_folder_is_refused()
    {
        using var fixture = new ViewFixture();
        fixture.Apply(LogRecords.Vector("own", "1", "a", 1));
        var error = Assert.Throws<SqliteException>(() => new SqliteVectorStore(fixture.Folder, busyTimeoutSeconds: 1));
        Assert.Contains("locked", error.Message);
    }

    private static string SpaceName(int space) => space switch { 0 => "text", 1 => "collaborative", _ => "own" };

    private static void Feed(ViewFixture fixture, IMessage[] changes, int batch)
    {
        foreach (var chunk in changes.Chunk(batch))
        {
            fixture.Apply(Topics.Embeddings, [.. chunk.Where(c => c is EmbeddingChange)]);
            fixture.Apply(Topics.Catalog, [.. chunk.Where(c => c is CatalogChange)]);
        }
    }

    private static string Answers(ViewFixture fixture)
    {
        var queries = new List<VectorQuery>();
        foreach (var space in new[] { "text", "collaborative", "own" })
            foreach (var version in new[] { "", "v0", "v1", "v2", "v3" })
                queries.Add(new() { Space = space, ModelVersion = version, Vector = LogRecords.Bytes(1, 0.5f, -1) });
        return fixture.Search(queries, 50).ToString() + fixture.Search(queries, 50, new() { MaxAgeYears = 10 });
    }

    private sealed class FailingList(StoredRecord first) : IReadOnlyList<StoredRecord>
    {
        public int Count => 2;

        public StoredRecord this[int index] => index == 0 ? first : throw new IOException("no more");

        public IEnumerator<StoredRecord> GetEnumerator()
        {
            yield return first;
            throw new IOException("no more");
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
