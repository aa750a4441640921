namespace RecoAspire.Topology.Reading;

/// <summary>A value in a YAML file, with the line in which it begins.</summary>
internal abstract record SourceNode(int Line);

/// <param name="Text">What it says.</param>
/// <param name="IsPlain">Without quotes: it may be a number or a truth value.</param>
/// <param name="Line">Where it begins.</param>
internal sealed record SourceScalar(string Text, bool IsPlain, int Line) : SourceNode(Line);

internal sealed record SourceList(IReadOnlyList<SourceNode> Items, int Line) : SourceNode(Line);

internal sealed record SourceMap(IReadOnlyList<SourceEntry> Entries, int Line) : SourceNode(Line);

/// <summary>What could not be read; the error is already written down.</summary>
internal sealed record SourceGap(int Line) : SourceNode(Line);

internal sealed record SourceEntry(string Key, int Line, SourceNode Value);
