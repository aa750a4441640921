using RecoAspire.Graph.Structure;

namespace RecoAspire.Graph.Expansion;

/// <summary>Keeps the best of many scored items: higher score first, equal scores in the ordinal order of ids.</summary>
internal sealed class BestItems(int limit, GraphSnapshot graph)
{
    private readonly PriorityQueue<int, (long Score, int Item)> _kept = new(Math.Min(limit, 1024), new WorstFirst(graph));
    private long _least = long.MinValue;

    public void Offer(int item, long score)
    {
        if (_kept.Count < limit)
        {
            _kept.Enqueue(item, (score, item));
        }
        else
        {
            // Most items end here.
            if (score < _least) return;
            _kept.EnqueueDequeue(item, (score, item));
        }

        if (_kept.Count == limit && _kept.TryPeek(out _, out var worst)) _least = worst.Score;
    }

    /// <summary>Empties it, best first.</summary>
    public (int Item, long Score)[] Drain()
    {
        var result = new (int, long)[_kept.Count];
        for (var i = result.Length - 1; i >= 0; i--)
        {
            _kept.TryDequeue(out var item, out var priority);
            result[i] = (item, priority.Score);
        }

        return result;
    }

    private sealed class WorstFirst(GraphSnapshot graph) : IComparer<(long Score, int Item)>
    {
        public int Compare((long Score, int Item) x, (long Score, int Item) y) => x.Score != y.Score
            ? x.Score.CompareTo(y.Score)
            : string.CompareOrdinal(graph.IdOf(y.Item), graph.IdOf(x.Item));
    }
}
