using CsCheck;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Tests;

/// <summary>Random histories of a catalogue against an expansion written as plainly as possible.</summary>
public sealed class GraphModelTests
{
    private static readonly string[] People = ["Agnès Varda", "agnes varda", "Jacques Demy", "Anna Karina", "ANNA  KARINA", "Léa", "Noé", "X"];
    private static readonly string[] Words = ["drame", "Drame", "comédie", "action"];

    private static readonly Gen<Item> Items = Gen.Select(
        Gen.Int[0, 12], Gen.Int[1, 7], Gen.Select(Pick(People), Gen.Int[0, 5]).List[0, 5], Pick(Words).List[0, 3],
        Pick("", "FR", "BE"), Pick("", "s1", "i3"), Gen.Int[0, 2], Gen.Int[0, 3])
        .Select((id, kind, credits, genres, country, series, season, episode) =>
        {
            var item = new Item { Id = $"i{id}", Kind = (ItemKind)kind, Title = $"Title {id}", Genres = { genres }, Channel = "arte", SeriesId = series, Season = season, Episode = episode };
            item.Credits.AddRange(credits.Select(c => new Credit { Name = c.Item1, Role = (CreditRole)c.Item2 }));
            if (country.Length > 0) item.Countries.Add(country);
            return item;
        });

    // Null = removal of the item with that number.
    private static readonly Gen<(Item? Item, int Id)> Changes = Gen.Frequency(
        (3, Items.Select(i => ((Item?)i, 0))), (1, Gen.Int[0, 12].Select(id => ((Item?)null, id))));

    [Theory]
    [InlineData(20_000)]
    [InlineData(3)]
    public void Every_expansion_is_that_of_the_naive_model(int maxFanOut)
    {
        Gen.Select(Changes.Array[1, 60], Gen.Select(Gen.Int[0, 14], Gen.Single[0.1f, 5f]).List[1, 6], Gen.Int[1, 15]).Sample((changes, seeds, limit) =>
        {
            using var fixture = new GraphFixture(maxFanOut);
            var model = new Dictionary<string, Item>();
            foreach (var batch in changes.Chunk(5))
            {
                fixture.Apply([.. batch.Select(c => c.Item is null ? Catalogue.Removed($"i{c.Id}") : Catalogue.Upsert(c.Item))]);
                foreach (var (item, id) in batch)
                {
                    if (item is null) model.Remove($"i{id}");
                    else model[item.Id] = item;
                }
            }

            var weighted = seeds.Select(s => ($"i{s.Item1}", s.Item2)).ToArray();
            var expected = Naive(model, weighted, maxFanOut);
            var actual = fixture.Expand(weighted, limit, "i7");
            Assert.Equal(Math.Min(limit, expected.Count), actual.Count);
            for (var i = 0; i < actual.Count; i++)
            {
                Assert.Equal(expected[fixture.Graph.IdOf(actual[i].Item)], actual[i].Score, 1e-6);
                if (i > 0) Assert.True(actual[i].Score <= actual[i - 1].Score);
                PathChecks.IsTrue(fixture.Graph, actual[i], weighted);
            }

            var least = actual.Count == 0 ? double.MaxValue : actual[^1].Score;
            Assert.All(expected.Where(e => actual.All(a => fixture.Graph.IdOf(a.Item) != e.Key)), e => Assert.True(e.Value <= least + 1e-6));
            Assert.Equal(model.Count, fixture.Graph.ItemCount);
            Assert.Equal(model.Values.Sum(i => ItemLinks.Read(i).Count), fixture.Graph.EdgeCount);
            Assert.Equal(model.Values.SelectMany(ItemLinks.Read).Select(NodeOf).Distinct().Count(), fixture.Graph.NodeCount);
        }, iter: 300);
    }

    [Fact]
    public void A_restart_and_a_rebuild_answer_the_same_and_the_order_of_arrival_does_not_matter()
    {
        Gen.Select(Changes.Array[1, 60], Gen.Int).Sample((changes, seed) =>
        {
            using var fixture = new GraphFixture();
            foreach (var batch in changes.Chunk(7)) fixture.Apply([.. batch.Select(Message)]);
            var (digest, answers) = (fixture.Digest(), Answers(fixture, labels: true));
            fixture.Restart();
            Assert.Equal(digest, fixture.Digest());
            Assert.Equal(answers, Answers(fixture, labels: true));
            fixture.Reset();
            Assert.Equal(0, fixture.Graph.NodeCount);
            foreach (var batch in changes.Chunk(20)) fixture.Apply([.. batch.Select(Message)]);
            Assert.Equal(digest, fixture.Digest());
            Assert.Equal(answers, Answers(fixture, labels: true));

            // Only each item's last change, in any order: everything but the spelling of names is the same.
            using var other = new GraphFixture();
            var last = changes.GroupBy(c => c.Item?.Id ?? $"i{c.Id}").Select(g => g.Last()).ToArray();
            new Random(seed).Shuffle(last);
            other.Apply([.. last.Select(Message)]);
            Assert.Equal(digest, other.Digest());
            Assert.Equal(Answers(fixture, labels: false), Answers(other, labels: false));
        }, iter: 150);
    }

    private static Google.Protobuf.IMessage Message((Item? Item, int Id) change) =>
        change.Item is null ? Catalogue.Removed($"i{change.Id}") : Catalogue.Upsert(change.Item);

    private static string Answers(GraphFixture fixture, bool labels)
    {
        var related = fixture.Expand([.. Enumerable.Range(0, 4).Select(i => ($"i{i * 3}", 1f + i))], 50);
        return string.Join('\n', related.Select(r =>
            $"{fixture.Graph.IdOf(r.Item)} {r.Score:R} {fixture.Graph.IdOf(r.Seed)} {(labels ? r.Via.Shown : r.Via.Key)} {r.Relation} {r.Share:R}"))
            + string.Join(' ', Enumerable.Range(0, 13).Select(i => fixture.Graph.NextEpisode($"i{i}")));
    }

    private static Dictionary<string, double> Naive(Dictionary<string, Item> catalogue, (string Id, float Weight)[] seeds, int maxFanOut)
    {
        var links = catalogue.Values.ToDictionary(i => i.Id, ItemLinks.Read);
        var degrees = links.Values.SelectMany(l => l).GroupBy(NodeOf).ToDictionary(g => g.Key, g => g.Count());
        var scores = new Dictionary<string, double>();
        var reached = new HashSet<string>();
        foreach (var (seed, weight) in seeds.Where(s => links.ContainsKey(s.Id)))
        {
            foreach (var (candidate, itemLinks) in links)
            {
                foreach (var from in links[seed])
                {
                    foreach (var to in itemLinks.Where(l => NodeOf(l) == NodeOf(from)))
                    {
                        var degree = degrees[NodeOf(from)];
                        var mean = Math.Sqrt(RelationWeights.Of(from.Relation) * RelationWeights.Of(to.Relation));
                        scores[candidate] = scores.GetValueOrDefault(candidate) + weight * mean / Math.Log(2 + degree);
                        if (degree <= maxFanOut) reached.Add(candidate);
                    }
                }
            }
        }

        return scores.Where(s => reached.Contains(s.Key) && s.Key != "i7" && seeds.All(seed => seed.Id != s.Key) && catalogue[s.Key].Kind != ItemKind.Series)
            .ToDictionary(s => s.Key, s => s.Value);
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static (NodeType, string) NodeOf(Link link) => (RelationWeights.TypeOf(link.Relation), link.Key);
}
