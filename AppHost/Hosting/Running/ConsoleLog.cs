using System.Text.RegularExpressions;

namespace RecoAspire.Hosting.Running;

/// <summary>What the person at the terminal reads: one line per line of a resource, with its name in front, in its colour.</summary>
public sealed partial class ConsoleLog(TextWriter output, bool colour)
{
    private static readonly string[] Colours = ["36", "33", "32", "35", "34", "96", "93", "92", "95", "94"];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _colourOf = new(StringComparer.Ordinal);
    private int _width = 8;

    /// <summary>Colours only for people: not into files or pipes, and not where NO_COLOR is set.</summary>
    public static bool WantsColour => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Gives the resources their colours and a common width.</summary>
    public void Introduce(IEnumerable<string> names)
    {
        lock (_gate)
        {
            foreach (var name in names)
            {
                _colourOf.TryAdd(name, Colours[_colourOf.Count % Colours.Length]);
                _width = Math.Max(_width, name.Length);
            }
        }
    }

    /// <summary>A line of the host itself.</summary>
    public void Host(string line)
    {
        lock (_gate) output.WriteLine(line);
    }

    /// <summary>A line of a resource.</summary>
    public void Resource(string name, string line)
    {
        // Resources always colour their lines, for the dashboard; a file or a pipe gets them plain.
        if (!colour) line = Colour().Replace(line, "");
        lock (_gate)
        {
            var prefix = $"{name.PadRight(_width)} |";
            output.WriteLine(colour && _colourOf.TryGetValue(name, out var code) ? $"\u001b[{code}m{prefix}\u001b[0m {line}" : $"{prefix} {line}");
        }
    }

    /// <summary>Lines that belong together: no other line comes between them.</summary>
    public void Block(string name, string notice, IEnumerable<string> lines)
    {
        lock (_gate)
        {
            Notice(name, notice);
            foreach (var line in lines) Resource(name, line);
        }
    }

    /// <summary>Something about a resource that the person should notice.</summary>
    public void Notice(string name, string line) => Resource(name, colour ? $"\u001b[1;31m{line}\u001b[0m" : line);

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();
}
