using System.Reflection;
using System.Text.Json;
using RecoAspire.Publishing.Checking;
using RecoAspire.Topology;

namespace RecoAspire.Publishing;

/// <summary>
/// <c>publish [--output-path DIR] [--topology FILE]</c>: writes the manifest and everything made from it; with <c>--diff</c> or
/// <c>--check</c> it only looks. The app model writes the manifest, in whichever way it does; this command does the rest.
/// Exit codes: 0; 1 where it cannot be written, or a diff or check finds something; 2 where the input is wrong.
/// </summary>
public sealed class PublishCommand
{
    private const int Found = 1;
    private const int BadInput = 2;

    private readonly string[] _arguments;
    private readonly Surroundings _surroundings;

    // Not in the set's folder: looking writes nothing there, two at once do not meet, and nothing is left over in it.
    private readonly string _manifest = Path.Combine(Path.GetTempPath(), $"recoaspire-manifest-{Guid.NewGuid():N}.json");

    private PublishOptions _options = new() { Mode = PublishMode.Write, AppHostArguments = [] };
    private DeploymentTopology? _topology;

    private PublishCommand(string[] arguments, Surroundings surroundings)
    {
        _arguments = arguments;
        _surroundings = surroundings;
    }

    /// <summary>What the app host is started with, so that it writes the manifest where this command finds it.</summary>
    public string[] AppHostArguments => ["publish", "--output-path", _manifest, .. _options.AppHostArguments];

    /// <summary>The command, when the first word is <c>publish</c>; else null.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="surroundings">What it speaks to; null: the console.</param>
    public static PublishCommand? From(string[] args, Surroundings? surroundings = null) =>
        args is ["publish", .. var rest] ? new PublishCommand(rest, surroundings ?? new Surroundings()) : null;

    /// <summary>Looks at the command line and the topology, before anything is started or written.</summary>
    /// <returns>The exit code, when there is nothing further to do.</returns>
    public int? Begin()
    {
        var options = PublishOptions.Parse(_arguments, _surroundings.Output, out var error);
        if (options is null) return Fail(BadInput, $"error: {error}");
        if (options.Mode == PublishMode.Help) return 0;
        _options = options;
        try
        {
            _topology = TopologyFile.Read(TopologyPath);
            return null;
        }
        catch (TopologyException e)
        {
            return Fail(BadInput, [.. e.Errors]);
        }
    }

    /// <summary>Writes, compares or checks the set, once the app host has written the manifest.</summary>
    /// <returns>The exit code.</returns>
    public int Finish()
    {
        // The app host has said why.
        if (!File.Exists(_manifest)) return Environment.ExitCode == 0 ? Found : Environment.ExitCode;
        try
        {
            var manifest = ManifestPaths.Move(File.ReadAllText(_manifest), Path.GetTempPath(), Folder);
            var model = AppModel.Parse(manifest);
            PublishedFile[] files = [new("aspire-manifest.json", manifest), .. Publisher.Write(_topology!, model)];
            return _options.Mode switch
            {
                PublishMode.Diff => Diff(files),
                PublishMode.Check => Check(files, Publisher.Describe(_topology!, model)),
                _ => Write(files),
            };
        }
        catch (Exception e) when (e is PublishException or JsonException)
        {
            return Fail(BadInput, $"error: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(Found, $"error: {e.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            File.Delete(_manifest);
        }
    }

    private int Write(PublishedFile[] files)
    {
        var changes = new SetFolder(Folder).Write(files);
        var removed = changes.Count(c => c.After is null);
        _surroundings.Output.WriteLine($"{Folder}: {files.Length} files, {changes.Count - removed} written, {removed} removed");
        return 0;
    }

    private int Diff(PublishedFile[] files)
    {
        var changes = new SetFolder(Folder).Compare(files);
        new DiffReport(_surroundings.Output, _surroundings.Colour).Write(changes, _options.Summary);
        return changes.Count == 0 ? 0 : Found;
    }

    private int Check(PublishedFile[] files, Deployment deployment)
    {
        var drifted = new SetFolder(Folder).Compare(files).Select(c => (c.Before, c.After) switch
        {
            (null, _) => $"{c.Path}: is missing",
            (_, null) => $"{c.Path}: nothing writes it",
            _ => $"{c.Path}: is not what the topology gives (publish --diff shows it)",
        });
        string[] findings = [.. drifted, .. (_surroundings.FurtherChecks ?? References)(deployment, Folder, _options.SchemasFolder is { } schemas ? Path.GetFullPath(schemas) : null)];
        foreach (var finding in findings) _surroundings.Output.WriteLine(finding);
        _surroundings.Output.WriteLine($"{Folder}: {files.Length} files, {(findings.Length == 0 ? "nothing wrong" : $"{findings.Length} findings")}");
        return findings.Length == 0 ? 0 : Found;
    }

    private IReadOnlyList<string> References(Deployment deployment, string folder, string? schemas)
    {
        var result = PublishedSetCheck.Run(folder, SetCheck.Options(deployment, schemas));
        foreach (var note in result.Notes) _surroundings.Output.WriteLine($"note: {note}");
        return [.. result.Findings.Select(f => f.ToString())];
    }

    private int Fail(int exitCode, params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines) _surroundings.Error.WriteLine(line);
        return exitCode;
    }

    private string Folder => Path.GetFullPath(_options.OutputPath ?? Path.Combine(AppHostDirectory, "..", "aspire-manifest"));

    private string TopologyPath => Path.GetFullPath(_options.TopologyPath ?? Path.Combine(AppHostDirectory, "Topology", "topology.yaml"));

    private static string AppHostDirectory => typeof(PublishCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase)).Value!;

    /// <summary>What the command speaks to.</summary>
    public sealed record Surroundings
    {
        public TextWriter Output { get; init; } = Console.Out;

        public TextWriter Error { get; init; } = Console.Error;

        /// <summary>Whether <see cref="Output"/> shows colours.</summary>
        public bool Colour { get; init; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

        /// <summary>What <c>--check</c> looks for beyond drift, from what is deployed, the set's folder and a folder of schemas: one line for each finding.</summary>
        public Func<Deployment, string, string?, IReadOnlyList<string>>? FurtherChecks { get; init; }
    }
}
