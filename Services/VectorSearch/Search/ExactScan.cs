using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Search;

/// <summary>
/// Exact search: every allowed row is scored. Several queries share one pass, tile by tile, so that the rows come from
/// memory once and from the cache afterwards.
/// </summary>
internal static class ExactScan
{
    // 128 rows × 256 dimensions × 4 bytes = 128 KB: well inside a second-level cache.
    private const int TileRows = 128;

    /// <param name="table">What to search.</param>
    /// <param name="allowed">Bits by item number; covers every item of the table.</param>
    /// <param name="queries">Padded queries, one after the other, each of the table's stride.</param>
    /// <param name="best">One per query.</param>
    public static void Run(VectorTableSnapshot table, ReadOnlySpan<ulong> allowed, ReadOnlySpan<float> queries, ReadOnlySpan<TopK> best)
    {
        Span<int> chosen = stackalloc int[TileRows];
        Span<float> scores = stackalloc float[TileRows];
        var stride = table.Stride;
        for (var block = 0; block < table.BlockCount; block++)
        {
            var rows = table.Block(block);
            var firstRow = block * table.RowsPerBlock;
            var blockRows = Math.Min(table.RowsPerBlock, table.Rows - firstRow);
            for (var tile = 0; tile < blockRows; tile += TileRows)
            {
                var count = Choose(table, rows, firstRow, tile, Math.Min(TileRows, blockRows - tile), allowed, chosen);
                if (count == 0) continue;
                for (var q = 0; q < best.Length; q++)
                {
                    DotKernel.Score(ref rows.First, stride, chosen[..count], queries.Slice(q * stride, stride), scores);
                    best[q].Offer(scores[..count], chosen[..count], rows.Items);
                }
            }
        }
    }

    private static int Choose(
        VectorTableSnapshot table, VectorBlock rows, int firstRow, int tile, int length, ReadOnlySpan<ulong> allowed, Span<int> chosen)
    {
        var count = 0;
        var items = rows.Items.AsSpan(tile, length);
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            if (!table.IsLive(firstRow + tile + i) || (allowed[item >> 6] >> item & 1) == 0) continue;
            chosen[count++] = tile + i;
        }

        return count;
    }
}
