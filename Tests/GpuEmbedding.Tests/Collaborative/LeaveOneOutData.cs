using System.Globalization;
using System.IO.Compression;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.Tests;

namespace RecoAspire.GpuEmbedding.Tests.Collaborative;

/// <summary>The MovieLens 1M leave-one-out split of He et al. 2017, and its protocol.</summary>
internal sealed class LeaveOneOutData
{
    private readonly List<(int Viewer, int Item, int[] Others)> _tests = [];

    private LeaveOneOutData(Interactions train) => Train = train;

    public Interactions Train { get; }

    public static LeaveOneOutData Load()
    {
        var folder = RealData.Require("ncf");
        var rows = new List<List<int>>();
        var items = 0;
        foreach (var line in Lines(Path.Combine(folder, "ml-1m.train.tsv.gz")))
        {
            var fields = line.Split('\t');
            if (!int.TryParse(fields[0], CultureInfo.InvariantCulture, out var viewer)) continue;
            var item = int.Parse(fields[1], CultureInfo.InvariantCulture);
            while (rows.Count <= viewer) rows.Add([]);
            rows[viewer].Add(item);
            items = Math.Max(items, item + 1);
        }

        var tests = new List<(int, int, int[])>();
        foreach (var line in Lines(Path.Combine(folder, "ml-1m.test.negative.gz")))
        {
            var fields = line.Split('\t');
            var pair = fields[0].Trim('(', ')').Split(',');
            var (viewer, item) = (int.Parse(pair[0], CultureInfo.InvariantCulture), int.Parse(pair[1], CultureInfo.InvariantCulture));
            var others = fields[1..].Select(f => int.Parse(f, CultureInfo.InvariantCulture)).Where(o => o != item).Distinct().ToArray();
            items = Math.Max(items, Math.Max(item, others.Max()) + 1);
            tests.Add((viewer, item, others));
        }

        var train = Interactions.FromRows(
            [.. rows.Select(r => ((ReadOnlyMemory<int>)r.ToArray(), (ReadOnlyMemory<float>)Enumerable.Repeat(1f, r.Count).ToArray()))], items);
        var data = new LeaveOneOutData(train);
        data._tests.AddRange(tests);
        return data;
    }

    /// <summary>HR@10 and NDCG@10 = ln 2 / ln(rank + 2), rank from 0 among the test item and its sampled others.</summary>
    public (double Hr, double Ndcg) Evaluate(Func<int, int, float> score)
    {
        double hits = 0, gain = 0;
        foreach (var (viewer, item, others) in _tests)
        {
            var own = score(viewer, item);
            var rank = others.Count(o => score(viewer, o) > own);
            if (rank >= 10) continue;
            hits++;
            gain += Math.Log(2) / Math.Log(rank + 2);
        }

        return (hits / _tests.Count, gain / _tests.Count);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
