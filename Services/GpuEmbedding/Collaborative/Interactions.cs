namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>Who watched what: compressed rows (by viewer or by item) of column numbers with weights.</summary>
public sealed class Interactions
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _weights;

    private Interactions(int[] starts, int[] columns, float[] weights, int columnCount)
    {
        _starts = starts;
        _columns = columns;
        _weights = weights;
        ColumnCount = columnCount;
    }

    public int RowCount => _starts.Length - 1;

    public int ColumnCount { get; }

    /// <summary>Entries in all.</summary>
    public int Count => _columns.Length;

    /// <summary>Columns of a row.</summary>
    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>Weights of a row's entries.</summary>
    public ReadOnlySpan<float> Weights(int row) => _weights.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>From rows, each with its columns and weights (same lengths).</summary>
    public static Interactions FromRows(IReadOnlyList<(ReadOnlyMemory<int> Columns, ReadOnlyMemory<float> Weights)> rows, int columnCount)
    {
        var starts = new int[rows.Count + 1];
        for (var r = 0; r < rows.Count; r++) starts[r + 1] = starts[r] + rows[r].Columns.Length;
        var columns = new int[starts[^1]];
        var weights = new float[starts[^1]];
        for (var r = 0; r < rows.Count; r++)
        {
            rows[r].Columns.Span.CopyTo(columns.AsSpan(starts[r]));
            rows[r].Weights.Span.CopyTo(weights.AsSpan(starts[r]));
        }

        return new Interactions(starts, columns, weights, columnCount);
    }

    /// <summary>The same entries, by column. Rows of the result list their entries in ascending order.</summary>
    public Interactions Transpose()
    {
        var starts = new int[ColumnCount + 1];
        foreach (var column in _columns) starts[column + 1]++;
        for (var c = 0; c < ColumnCount; c++) starts[c + 1] += starts[c];
        var next = starts.AsSpan(0, ColumnCount).ToArray();
        var columns = new int[Count];
        var weights = new float[Count];
        for (var row = 0; row < RowCount; row++)
        {
            for (var e = _starts[row]; e < _starts[row + 1]; e++)
            {
                var at = next[_columns[e]]++;
                columns[at] = row;
                weights[at] = _weights[e];
            }
        }

        return new Interactions(starts, columns, weights, RowCount);
    }
}
