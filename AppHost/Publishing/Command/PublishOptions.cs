using System.CommandLine;
using System.CommandLine.Help;

namespace RecoAspire.Publishing;

/// <summary>What the command shall do.</summary>
public enum PublishMode { Write, Diff, Check, Help }

/// <summary>The command line of <c>publish</c>.</summary>
public sealed record PublishOptions
{
    // Settings of the app model; everything else is a setting of its configuration, which has a colon: --Data:Root=DIR.
    private static readonly string[] AppHostOptions = ["--engines"];

    /// <summary>What is to be done.</summary>
    public required PublishMode Mode { get; init; }

    /// <summary>The set's folder; null: the project's own.</summary>
    public string? OutputPath { get; init; }

    /// <summary>The topology's file; null: the project's own.</summary>
    public string? TopologyPath { get; init; }

    /// <summary>Where further schemas lie that a check may use.</summary>
    public string? SchemasFolder { get; init; }

    /// <summary>Names of changed files only.</summary>
    public bool Summary { get; init; }

    /// <summary>What goes on to the app model.</summary>
    public required IReadOnlyList<string> AppHostArguments { get; init; }

    /// <summary>Reads what follows the word <c>publish</c>.</summary>
    /// <param name="arguments">Without that word.</param>
    /// <param name="help">Where the usage goes when it is asked for.</param>
    /// <param name="error">What is wrong with it, in one line; null: nothing.</param>
    public static PublishOptions? Parse(IReadOnlyList<string> arguments, TextWriter help, out string? error)
    {
        var outputPath = Text("--output-path", "DIR", "The set's folder. Default: aspire-manifest/ beside the AppHost.");
        var topology = Text("--topology", "FILE", "The topology. Default: AppHost/Topology/topology.yaml.");
        var diff = new Option<bool>("--diff") { Description = "Write nothing: show what would change. Exit code 1 when something would." };
        var summary = new Option<bool>("--summary") { Description = "With --diff: only the names of the files." };
        var check = new Option<bool>("--check") { Description = "Write nothing: check what is in the folder. Exit code 1 when something is wrong." };
        var schemas = Text("--schemas", "DIR", "With --check: a folder with further schemas.");
        var command = new Command("publish", "Writes aspire-manifest.json and everything that follows from it and the topology. Exit codes: 0 done, 1 not possible, 2 wrong input.")
        {
            outputPath, topology, diff, summary, check, schemas, new HelpOption(),
        };
        var (own, others) = Split(arguments);
        var parsed = command.Parse(own);
        if (parsed.Action is HelpAction)
        {
            parsed.Invoke(new InvocationConfiguration { Output = help });
            error = null;
            return new PublishOptions { Mode = PublishMode.Help, AppHostArguments = [] };
        }

        var options = new PublishOptions
        {
            Mode = parsed.GetValue(diff) ? PublishMode.Diff : parsed.GetValue(check) ? PublishMode.Check : PublishMode.Write,
            AppHostArguments = others,
        };
        error = parsed.Errors.Count > 0 ? parsed.Errors[0].Message.ReplaceLineEndings(" ") : null;
        if (error is not null) return null;
        options = options with
        {
            OutputPath = parsed.GetValue(outputPath),
            TopologyPath = parsed.GetValue(topology),
            SchemasFolder = parsed.GetValue(schemas),
            Summary = parsed.GetValue(summary),
        };
        error = options switch
        {
            { OutputPath: "" } or { TopologyPath: "" } or { SchemasFolder: "" } => "A path must not be empty.",
            { OutputPath: { } path } when path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) => "--output-path is a folder; for the manifest alone: --publisher manifest --output-path FILE.json.",
            { Mode: PublishMode.Diff } when parsed.GetValue(check) => "--diff and --check exclude each other.",
            { Summary: true, Mode: not PublishMode.Diff } => "--summary goes with --diff.",
            { SchemasFolder: not null, Mode: not PublishMode.Check } => "--schemas goes with --check.",
            _ => null,
        };
        return error is null ? options : null;
    }

    private static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    private static (List<string> Own, List<string> Others) Split(IReadOnlyList<string> arguments)
    {
        List<string> own = [], others = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].Split('=')[0];
            var isAppHosts = AppHostOptions.Contains(name) || (name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':'));
            (isAppHosts ? others : own).Add(arguments[i]);
            if (isAppHosts && name.Length == arguments[i].Length && i + 1 < arguments.Count) others.Add(arguments[++i]);
        }

        return (own, others);
    }
}
