using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Tests;

namespace RecoAspire.VectorSearch.Tests;

public sealed class RealVectorsTests
{
    [Fact]
    public void All_1000_film_queries_get_the_true_nearest_neighbours()
    {
        const int k = 10;
        var folder = RealData.Require("vectors/film-lsa-33k");
        var rows = NumPyFile.ReadHalf(Path.Combine(folder, "base.npy.gz"));
        var queries = NumPyFile.ReadHalf(Path.Combine(folder, "query.npy.gz"));
        var truth = NumPyFile.ReadSingle(Path.Combine(folder, "groundtruth-cosine.npy.gz"));
        using var fixture = new ViewFixture();
        foreach (var batch in rows.Select((v, i) => LogRecords.Vector("text", "lsa", $"film-{i}", v)).Chunk(1000)) fixture.Apply(batch);
        Assert.Equal(33_532, rows.Length);

        var hits = 0;
        foreach (var batch in queries.Select((q, i) => (Query: new VectorQuery { Space = "text", Vector = LogRecords.Bytes(q) }, Index: i)).Chunk(16))
        {
            var results = fixture.Search([.. batch.Select(b => b.Query)], k).Results;
            for (var b = 0; b < batch.Length; b++)
            {
                // The truth was rounded to float32 after other arithmetic, and exact duplicates are in the base: scores decide.
                for (var i = 0; i < k; i++) Assert.Equal(truth[batch[b].Index][i], results[b].Scores[i], 1e-5);
                hits += results[b].Scores.Count(s => s >= truth[batch[b].Index][k - 1] - 1e-5f);
            }
        }

        Assert.Equal(queries.Length * k, hits);
    }
}
