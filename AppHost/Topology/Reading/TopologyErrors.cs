namespace RecoAspire.Topology.Reading;

/// <summary>Everything that is wrong with a file, and where.</summary>
internal sealed class TopologyErrors
{
    private readonly List<(string Path, string Message, int Line, bool Silences)> _errors = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal) { [TopologyPath.Root] = 1 };

    public bool Any => _errors.Count > 0;

    /// <summary>Each with path and line, in the file's order.</summary>
    public IReadOnlyList<string> Lines => [.. _errors.OrderBy(e => e.Line).Select(e => $"{e.Path}: {e.Message} (line {e.Line})").Distinct()];

    /// <summary>Remembers in which line a path stands.</summary>
    public void Locate(string path, int line) => _lines[path] = line;

    /// <param name="path">Where the error is.</param>
    /// <param name="message">What is demanded, and what is there instead.</param>
    /// <param name="line">Its line; without one that of the nearest part of the path that the file has.</param>
    public void Add(string path, string message, int? line = null) => _errors.Add((path, message, line ?? LineOf(path), true));

    /// <summary>Adds an error that leaves the rest of its section readable: what else is wrong there is still looked for.</summary>
    public void AddAlone(string path, string message) => _errors.Add((path, message, LineOf(path), false));

    /// <summary>Adds the error unless the condition holds.</summary>
    /// <returns>Whether it holds.</returns>
    public bool Demand(bool condition, string path, string message)
    {
        if (!condition) Add(path, message);
        return condition;
    }

    /// <summary>Whether something is wrong at a path or below it, so that nothing more can be said of it.</summary>
    public bool AreIn(string path) => _errors.Exists(e => e.Silences && (TopologyPath.IsIn(e.Path, path) || e.Path == TopologyPath.Root));

    private int LineOf(string path)
    {
        int line;
        while (!_lines.TryGetValue(path, out line)) path = TopologyPath.Outer(path);
        return line;
    }
}
