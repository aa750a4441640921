namespace RecoAspire.GpuEmbedding.Collaborative;

/// <summary>
/// A trained model that is being served: the items' vectors and their Gram matrix, which is all that folding in a viewer needs.
/// </summary>
public sealed class CollaborativeModel : IDisposable
{
    private readonly AlsOptions _options;
    private readonly Factors _items;
    private readonly float[] _gram;
    private readonly Dictionary<string, int> _rows;
    private readonly Lock _gate = new();
    private readonly Stack<RowSolver> _idleSolvers = new();
    private bool _disposed;

    /// <param name="version">Name of the version.</param>
    /// <param name="vectors">Item ids with their vectors, all of the same length.</param>
    /// <param name="options">Regularisation as in training.</param>
    /// <param name="trainedAtMs">Unix time in milliseconds.</param>
    /// <param name="interactions">Entries it was trained on.</param>
    public CollaborativeModel(string version, IReadOnlyDictionary<string, float[]> vectors, AlsOptions options, long trainedAtMs, long interactions)
    {
        Version = version;
        TrainedAtMs = trainedAtMs;
        Interactions = interactions;
        _options = options;
        Dimensions = vectors.Values.First().Length;
        _items = new Factors(vectors.Count, Dimensions);
        _rows = new Dictionary<string, int>(vectors.Count, StringComparer.Ordinal);
        // In the order of ids: the Gram matrix is a sum, and its last bits depend on the order.
        foreach (var (id, vector) in vectors.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            vector.CopyTo(_items.Row(_rows.Count));
            _rows.Add(id, _rows.Count);
        }

        _gram = RowSolver.Gram(_items);
    }

    public string Version { get; }

    public int Dimensions { get; }

    public long TrainedAtMs { get; }

    public long Interactions { get; }

    public int Items => _items.Rows;

    /// <summary>
    /// The viewer's vector given what was watched: the same exact solution as a training half-step. Writes
    /// <see cref="Dimensions"/> floats and returns how many of the items are known; with none the vector is zero.
    /// </summary>
    public int FoldIn(IReadOnlyList<(string ItemId, float Weight)> history, Span<float> vector)
    {
        var columns = new int[history.Count];
        var weights = new float[history.Count];
        var known = 0;
        foreach (var (itemId, weight) in history)
        {
            if (!_rows.TryGetValue(itemId, out var row)) continue;
            columns[known] = row;
            weights[known++] = weight;
        }

        if (known == 0)
        {
            vector.Clear();
            return 0;
        }

        var solver = Rent();
        try
        {
            var regularization = _options.Regularization * (known + (_options.UnobservedWeight * Items));
            solver.Solve(_items, _gram, columns.AsSpan(0, known), weights.AsSpan(0, known), _options.UnobservedWeight, regularization, vector);
        }
        finally
        {
            Return(solver);
        }

        return known;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_idleSolvers.TryPop(out var solver)) solver.Dispose();
        }
    }

    private RowSolver Rent()
    {
        lock (_gate)
        {
            if (_idleSolvers.TryPop(out var solver)) return solver;
        }

        return new RowSolver(Dimensions);
    }

    private void Return(RowSolver solver)
    {
        lock (_gate)
        {
            if (!_disposed && _idleSolvers.Count < Environment.ProcessorCount)
            {
                _idleSolvers.Push(solver);
                return;
            }
        }

        solver.Dispose();
    }
}
