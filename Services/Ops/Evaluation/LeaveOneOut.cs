namespace RecoAspire.Ops.Evaluation;

/// <summary>One viewer's question: where among its sampled others does the held-out title come?</summary>
/// <param name="UserId">The viewer.</param>
/// <param name="ItemId">The held-out title.</param>
/// <param name="Others">Titles not watched by the viewer, distinct, without the held-out one.</param>
public sealed record LeaveOneOutCase(string UserId, string ItemId, IReadOnlyList<string> Others);

/// <summary>Orders titles for a viewer: an in-process model, or the running API.</summary>
public interface IRanker
{
    /// <summary>The same titles, best first.</summary>
    Task<IReadOnlyList<string>> RankAsync(string userId, IReadOnlyList<string> itemIds, CancellationToken cancellationToken);
}

/// <summary>Means over viewers, with 95 % bootstrap intervals.</summary>
public sealed record LeaveOneOutResult(double HitRate, double Ndcg, (double Low, double High) HitRateInterval, (double Low, double High) NdcgInterval, int Users);

/// <summary>
/// The protocol of He et al., "Neural Collaborative Filtering" (2017): the held-out title is ranked among itself and its sampled
/// negatives; HR@10 counts ranks below 10, NDCG@10 = ln 2 / ln(rank + 2) with ranks from 0.
/// </summary>
public static class LeaveOneOut
{
    public const int Cutoff = 10;

    private const int BootstrapRounds = 1_000;

    /// <summary>Rank, from 0, to hit and gain.</summary>
    public static (double Hit, double Gain) Score(int rank) => rank is >= 0 and < Cutoff ? (1, Math.Log(2) / Math.Log(rank + 2)) : (0, 0);

    /// <summary>Asks the ranker for every case, at most <paramref name="parallel"/> at a time.</summary>
    public static async Task<LeaveOneOutResult> EvaluateAsync(
        IReadOnlyList<LeaveOneOutCase> cases, IRanker ranker, int parallel, Action<int>? onDone, CancellationToken cancellationToken)
    {
        var hits = new double[cases.Count];
        var gains = new double[cases.Count];
        var done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, cases.Count),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var order = await ranker.RankAsync(cases[i].UserId, [.. cases[i].Others, cases[i].ItemId], token);
                (hits[i], gains[i]) = Score(IndexOf(order, cases[i].ItemId));
                onDone?.Invoke(Interlocked.Increment(ref done));
            });
        return new LeaveOneOutResult(Mean(hits), Mean(gains), Bootstrap(hits), Bootstrap(gains), cases.Count);
    }

    private static int IndexOf(IReadOnlyList<string> order, string itemId)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (order[i] == itemId) return i;
        }

        return -1;
    }

    private static double Mean(double[] values) => values.Length == 0 ? 0 : values.Average();

    // Efron 1979; the seed is fixed so that a run can be repeated.
    private static (double Low, double High) Bootstrap(double[] values)
    {
        if (values.Length == 0) return (0, 0);
        var random = new Random(20_170_407);
        var means = new double[BootstrapRounds];
        for (var round = 0; round < BootstrapRounds; round++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Length; i++) sum += values[random.Next(values.Length)];
            means[round] = sum / values.Length;
        }

        Array.Sort(means);
        return (means[BootstrapRounds / 40], means[BootstrapRounds - 1 - (BootstrapRounds / 40)]);
    }
}
