using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Recall;

/// <summary>
/// The plainest exact search there is, to hold the real one against: item by item, one product after the other, in double. It shares
/// neither the order of rows nor the arithmetic with it.
/// </summary>
internal static class PlainSearch
{
    // About a millisecond: the thread goes back to the pool, where requests wait for it, between two slices.
    private const int SliceProducts = 1 << 20;

    // Of the sum of the products' magnitudes: what float32 loses in a sum of up to 4,096 of them.
    private const double Rounding = 1e-5;

    /// <summary>
    /// The share of the <paramref name="limit"/> best allowed items that <paramref name="found"/> holds. An item counts when its exact
    /// score is no less than the last of the best, so that it does not matter which of equal ones were found. Null when no item is allowed.
    /// </summary>
    public static async Task<double?> RecallAsync(
        VectorTableSnapshot table, float[] query, Func<int, bool> allowed, IReadOnlyCollection<int> found, int limit, CancellationToken cancellationToken)
    {
        var best = new double[limit];
        var count = 0;
        var products = 0;
        foreach (var item in table.Items())
        {
            if (!allowed(item)) continue;
            count = Keep(best, count, Dot(table.Find(item), query).Score);
            products += query.Length;
            if (products < SliceProducts) continue;
            products = 0;
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        if (count == 0) return null;
        var last = best[count - 1];
        return found.Distinct().Count(IsAmongTheBest) / (double)count;

        bool IsAmongTheBest(int item)
        {
            if (!allowed(item) || table.Find(item) is not { IsEmpty: false } vector) return false;
            var (score, magnitude) = Dot(vector, query);
            return score >= last - (Rounding * magnitude);
        }
    }

    // Best first; returns how many are kept.
    private static int Keep(double[] best, int count, double score)
    {
        if (count == best.Length && score <= best[count - 1]) return count;
        var at = count == best.Length ? count - 1 : count;
        for (; at > 0 && best[at - 1] < score; at--) best[at] = best[at - 1];
        best[at] = score;
        return Math.Min(count + 1, best.Length);
    }

    private static (double Score, double Magnitude) Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sum, magnitude) = (0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var product = (double)a[i] * b[i];
            sum += product;
            magnitude += Math.Abs(product);
        }

        return (sum, magnitude);
    }
}
