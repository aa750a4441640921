using System.ComponentModel;
using System.Diagnostics;

namespace RecoAspire.Publishing.Checking;

/// <summary>A folder that kustomize cannot render, or no kustomize.</summary>
internal sealed class KustomizeException(string message) : Exception(message);

/// <summary>Renders a folder with <c>kustomize build</c> or <c>kubectl kustomize</c>, whichever there is.</summary>
internal sealed class Kustomize
{
    private readonly string program;
    private readonly string verb;
    private readonly TimeSpan timeout;

    private Kustomize(string program, string verb, TimeSpan timeout)
    {
        this.program = program;
        this.verb = verb;
        this.timeout = timeout;
    }

    /// <param name="folders">Searched first to last.</param>
    /// <param name="timeout">Of one rendering.</param>
    /// <exception cref="KustomizeException">None of the folders has either.</exception>
    public static Kustomize Find(IReadOnlyList<string> folders, TimeSpan timeout)
    {
        foreach (var (name, verb) in new[] { ("kubectl", "kustomize"), ("kustomize", "build") })
            foreach (var file in folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)))
                if (File.Exists(file) || File.Exists($"{file}.exe")) return new Kustomize(file, verb, timeout);
        throw new KustomizeException("neither kubectl nor kustomize was found (PATH): overlays cannot be rendered");
    }

    /// <summary>The folders of PATH.</summary>
    public static IReadOnlyList<string> SearchPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    /// <summary>Every object of the overlay.</summary>
    /// <exception cref="KustomizeException">It cannot be rendered, or not in time, or the result is not YAML.</exception>
    public IReadOnlyList<YamlNode> Render(string folder)
    {
        using var process = Start(folder);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new KustomizeException($"{Path.GetFileName(program)} did not end within {timeout.TotalSeconds} s");
        }

        // The streams end with the process, but are read to their ends after it.
        var text = output.GetAwaiter().GetResult();
        if (process.ExitCode != 0) throw new KustomizeException(errors.GetAwaiter().GetResult().ReplaceLineEndings(" ").Replace(folder, ".", StringComparison.Ordinal).Trim());
        try
        {
            return YamlDocuments.Read(text);
        }
        catch (YamlFormatException e)
        {
            throw new KustomizeException($"line {e.Line} of the rendered overlay: {e.Message}");
        }
    }

    private Process Start(string folder)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(folder);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new KustomizeException($"'{program}' cannot be started: {e.Message}");
        }
    }
}
