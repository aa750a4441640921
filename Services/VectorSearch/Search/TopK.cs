using System.Buffers;
using RecoAspire.ServiceDefaults.Concurrency;

namespace RecoAspire.VectorSearch.Search;

/// <summary>
/// Keeps the best k of a stream: a binary heap with the worst kept entry on top. Higher score first, equal scores in the
/// ordinal order of item ids.
/// </summary>
internal sealed class TopK(int k, ItemNumbers ids) : IDisposable
{
    private readonly float[] _scores = ArrayPool<float>.Shared.Rent(k);
    private readonly int[] _items = ArrayPool<int>.Shared.Rent(k);

    public int Count { get; private set; }

    /// <summary>Offers the scores of a tile of rows.</summary>
    public void Offer(ReadOnlySpan<float> scores, ReadOnlySpan<int> chosen, ReadOnlySpan<int> items)
    {
        var i = 0;
        for (; i < scores.Length && Count < k; i++) Add(scores[i], items[chosen[i]]);
        for (; i < scores.Length; i++)
        {
            // Most rows end here: worse than the worst kept.
            if (scores[i] < _scores[0]) continue;
            if (IsWorse(_scores[0], _items[0], scores[i], items[chosen[i]])) SinkFromRoot(scores[i], items[chosen[i]]);
        }
    }

    /// <summary>Takes everything out, best first.</summary>
    public void Drain(Span<int> items, Span<float> scores)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            (items[i], scores[i]) = (_items[0], _scores[0]);
            Count--;
            if (Count > 0) SinkFromRoot(_scores[Count], _items[Count]);
        }
    }

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_scores);
        ArrayPool<int>.Shared.Return(_items);
    }

    private void Add(float score, int item)
    {
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!IsWorse(score, item, _scores[parent], _items[parent])) break;
            (_scores[at], _items[at]) = (_scores[parent], _items[parent]);
            at = parent;
        }

        (_scores[at], _items[at]) = (score, item);
    }

    private void SinkFromRoot(float score, int item)
    {
        var at = 0;
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= Count) break;
            if (child + 1 < Count && IsWorse(_scores[child + 1], _items[child + 1], _scores[child], _items[child])) child++;
            if (!IsWorse(_scores[child], _items[child], score, item)) break;
            (_scores[at], _items[at]) = (_scores[child], _items[child]);
            at = child;
        }

        (_scores[at], _items[at]) = (score, item);
    }

    private bool IsWorse(float score, int item, float otherScore, int otherItem) =>
        score < otherScore || (score == otherScore && string.CompareOrdinal(ids.IdOf(item), ids.IdOf(otherItem)) > 0);
}
