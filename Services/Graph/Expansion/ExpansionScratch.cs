using System.Collections.Concurrent;

namespace RecoAspire.Graph.Expansion;

/// <summary>
/// Working arrays of one expansion, by item and by node number. An entry counts only when its mark equals the current
/// epoch, so that nothing has to be cleared between requests.
/// </summary>
internal sealed class ExpansionScratch
{
    public int Epoch { get; private set; }

    public long[] Score { get; private set; } = [];

    public int[] ScoreMark { get; private set; } = [];

    public int[] ExcludedMark { get; private set; } = [];

    public int[] Touched { get; private set; } = [];

    public int TouchedCount { get; set; }

    public long[] Mass { get; private set; } = [];

    public int[] MassMark { get; private set; } = [];

    /// <summary>The largest part of a node's mass that one seed brought, and that seed's item number.</summary>
    public long[] BestMass { get; private set; } = [];

    public int[] BestSeed { get; private set; } = [];

    public List<int> Nodes { get; } = [];

    public List<int> Hubs { get; } = [];

    public void Begin(int items, int nodes)
    {
        if (Score.Length < items)
        {
            var length = items + items / 4;
            (Score, ScoreMark, ExcludedMark, Touched) = (new long[length], new int[length], new int[length], new int[length]);
        }

        if (Mass.Length < nodes)
        {
            var length = nodes + nodes / 4;
            (Mass, MassMark, BestMass, BestSeed) = (new long[length], new int[length], new long[length], new int[length]);
        }

        if (Epoch == int.MaxValue)
        {
            Array.Clear(ScoreMark);
            Array.Clear(ExcludedMark);
            Array.Clear(MassMark);
            Epoch = 0;
        }

        Epoch++;
        TouchedCount = 0;
        Nodes.Clear();
        Hubs.Clear();
    }
}

/// <summary>Lends working arrays; keeps as many as there are processors.</summary>
internal sealed class ScratchPool
{
    private readonly ConcurrentBag<ExpansionScratch> _idle = [];

    public ExpansionScratch Rent() => _idle.TryTake(out var scratch) ? scratch : new ExpansionScratch();

    public void Return(ExpansionScratch scratch)
    {
        if (_idle.Count < Environment.ProcessorCount) _idle.Add(scratch);
    }
}
