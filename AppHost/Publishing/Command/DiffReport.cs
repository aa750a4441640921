using DiffPlex.Renderer;

namespace RecoAspire.Publishing;

/// <summary>Shows changes as <c>diff -u</c> does.</summary>
/// <param name="output">Where to.</param>
/// <param name="colour">With escape sequences, as terminals show them.</param>
internal sealed class DiffReport(TextWriter output, bool colour)
{
    private const string Reset = "\e[0m";

    /// <summary>Writes the changes and a line that counts them.</summary>
    /// <param name="changes">In the order in which they are shown.</param>
    /// <param name="summary">Only which files, not what in them.</param>
    public void Write(IReadOnlyList<FileChange> changes, bool summary)
    {
        foreach (var change in changes)
        {
            if (summary) output.WriteLine($"{Letter(change)} {change.Path}");
            else WriteUnified(change);
        }

        output.WriteLine(
            changes.Count == 0
                ? "nothing would change"
                : $"{changes.Count(c => c.Before is null)} added, {changes.Count(c => c.Before is not null && c.After is not null)} changed, {changes.Count(c => c.After is null)} removed");
    }

    private void WriteUnified(FileChange change)
    {
        var text = UnidiffRenderer.GenerateUnidiff(
            change.Before ?? "", change.After ?? "", change.Before is null ? "/dev/null" : $"a/{change.Path}", change.After is null ? "/dev/null" : $"b/{change.Path}");
        foreach (var line in text.TrimEnd('\n', '\r').Split('\n')) WriteLine(line.TrimEnd('\r'));
    }

    private void WriteLine(string line)
    {
        var start = !colour ? "" : line switch
        {
            ['-', '-', '-', ..] or ['+', '+', '+', ..] => "\e[1m",
            ['-', ..] => "\e[31m",
            ['+', ..] => "\e[32m",
            ['@', ..] => "\e[36m",
            _ => "",
        };
        output.WriteLine(start.Length > 0 ? $"{start}{line}{Reset}" : line);
    }

    private static char Letter(FileChange change) => change.Before is null ? 'A' : change.After is null ? 'D' : 'M';
}
