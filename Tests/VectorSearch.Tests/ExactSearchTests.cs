using CsCheck;
using RecoAspire.Contracts.VectorSearch.V1;

namespace RecoAspire.VectorSearch.Tests;

public sealed class ExactSearchTests
{
    private static readonly Gen<(int Dimensions, int Count, int Limit, int Seed)> Cases =
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 400], Gen.Int[1, 50], Gen.Int);

    [Theory]
    [InlineData("text")]
    [InlineData("collaborative")]
    public void Every_answer_is_that_of_the_naive_scan(string space)
    {
        Cases.Sample((dimensions, count, limit, seed) =>
        {
            var random = new Random(seed);
            var vectors = Enumerable.Range(0, count).Select(_ => RandomVector(random, dimensions)).ToArray();
            using var fixture = new ViewFixture();
            fixture.Apply([.. vectors.Select((v, i) => LogRecords.Vector(space, "v1", $"i{i}", v))]);
            fixture.Apply(LogRecords.Published(space, "v1", dimensions));
            var queries = Enumerable.Range(0, 3).Select(_ => RandomVector(random, dimensions)).ToArray();
            var results = fixture.Search([.. queries.Select(q => new VectorQuery { Space = space, Vector = LogRecords.Bytes(q) })], limit).Results;

            for (var q = 0; q < queries.Length; q++)
            {
                var expected = vectors.Select((v, i) => (Id: $"i{i}", Score: Naive(v, queries[q], space == "text")))
                    .OrderByDescending(e => e.Score).Take(limit).ToArray();
                Assert.Equal(expected.Length, results[q].Scores.Count);
                for (var i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i].Score, results[q].Scores[i], 1e-4 * dimensions);
                    var own = vectors[int.Parse(results[q].ItemIds[i].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)];
                    Assert.Equal(Naive(own, queries[q], space == "text"), results[q].Scores[i], 1e-4 * dimensions);
                }

                Assert.Equal(results[q].ItemIds.Count, results[q].ItemIds.Distinct().Count());
            }
        }, iter: 60);
    }

    [Fact]
    public void Equal_scores_come_in_the_ordinal_order_of_item_ids_whatever_the_order_of_arrival()
    {
        Gen.Shuffle(Enumerable.Range(0, 300).Select(i => $"item-{i}").ToArray()).Sample(ids =>
        {
            using var fixture = new ViewFixture();
            fixture.Apply([.. ids.Select(id => LogRecords.Vector("own", "1", id, 1, 0))]);
            var expected = ids.Order(StringComparer.Ordinal).Take(20);
            Assert.Equal(expected, fixture.Search("own", [3, 0], limit: 20).ItemIds);
        }, iter: 20);
    }

    [Fact]
    public void The_256_bit_kernel_agrees_with_the_512_bit_one()
    {
        Gen.Select(Gen.Int[1, 20], Gen.Int).Sample((chunks, seed) =>
        {
            var random = new Random(seed);
            var stride = chunks * 16;
            var rows = RandomVector(random, stride * 8);
            var query = RandomVector(random, stride);
            int[] chosen = [0, 3, 7];
            var narrow = new float[3];
            var wide = new float[3];
            Search.DotKernel.Score256(ref rows[0], stride, chosen, query, narrow);
            Search.DotKernel.Score(ref rows[0], stride, chosen, query, wide);
            for (var i = 0; i < 3; i++) Assert.Equal(wide[i], narrow[i], 1e-4 * stride);
        });
    }

    internal static float[] RandomVector(Random random, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() * 2 - 1)];

    private static double Naive(float[] a, float[] b, bool cosine)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return cosine ? dot / Math.Sqrt(aa * bb) : dot;
    }
}
