using RecoAspire.AppHost.Tests.Topology;
using RecoAspire.Publishing;
using RecoAspire.Tests;

namespace RecoAspire.AppHost.Tests.Publishing;

/// <summary>The command line of <c>publish</c>: what it says, its exit codes, and that it writes only when it shall.</summary>
public sealed class PublishCommandTests : IDisposable
{
    private static readonly string Manifest = Path.Combine(RealData.ProjectRoot, "aspire-manifest", "aspire-manifest.json");

    private readonly string _root = Directory.CreateTempSubdirectory("publish-").FullName;
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void It_writes_the_set_and_says_how_many_files()
    {
        Assert.Equal(0, Publish());
        Assert.Matches(@"\A.*: [0-9]+ files, [0-9]+ written, 0 removed\n\z", _output.ToString());
        Assert.Equal("", _error.ToString());
        var before = Bytes();
        Assert.Equal(0, Publish());
        Assert.EndsWith(", 0 written, 0 removed\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Bytes());
    }

    [Fact]
    public void An_invalid_topology_gives_all_errors_one_a_line_and_nothing_is_written()
    {
        var topology = Topology(TopologyText.Replace(TopologyText.With("api_servers: 40", "api_servers: -3"), "tag: 0.1.0", "tag: latest"));
        foreach (var mode in (string[][])[[], ["--diff"], ["--check"]])
        {
            _error.GetStringBuilder().Clear();
            Assert.Equal(2, Publish(["--topology", topology, .. mode]));
            Assert.Matches(@"\Aregions\[1\]\.capacity\.api_servers: must be 0 or more, is -3 \(line [0-9]+\)\nimages\.tag: must not be 'latest': that is another image tomorrow \(line [0-9]+\)\n\z", _error.ToString());
        }

        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_topology_that_is_not_there_is_one_line()
    {
        Assert.Equal(2, Publish("--topology", Path.Combine(_root, "none.yaml")));
        Assert.Equal($"{_root}/none.yaml: Could not find file '{_root}/none.yaml'.\n", _error.ToString());
    }

    [Theory]
    [InlineData("error: Unrecognized command or argument '--fast'.", "--fast")]
    [InlineData("error: Unrecognized command or argument 'here'.", "here")]
    [InlineData("error: Required argument missing for option: '--topology'.", "--topology")]
    [InlineData("error: --diff and --check exclude each other.", "--diff", "--check")]
    [InlineData("error: --summary goes with --diff.", "--summary")]
    [InlineData("error: --schemas goes with --check.", "--schemas", "x")]
    [InlineData("error: A path must not be empty.", "--topology", "")]
    [InlineData("error: --output-path is a folder; for the manifest alone: --publisher manifest --output-path FILE.json.", "--output-path=out/m.json")]
    public void A_wrong_command_line_is_one_line(string expected, params string[] arguments)
    {
        var command = Command(arguments);
        Assert.Equal(2, command.Begin());
        Assert.Equal($"{expected}\n", _error.ToString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_shows_every_option(string option)
    {
        Assert.Equal(0, Command(option).Begin());
        foreach (var name in (string[])["--output-path <DIR>", "--topology <FILE>", "--diff", "--summary", "--check", "--schemas <DIR>"]) Assert.Contains(name, _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void Settings_of_the_app_model_go_on_to_it()
    {
        var command = Command("--Data:Root=/x", "--engines", "local", "--Gateway:Replicas", "3", "--output-path", Folder);
        Assert.Null(command.Begin());
        Assert.Equal(["--Data:Root=/x", "--engines", "local", "--Gateway:Replicas", "3"], command.AppHostArguments[3..]);
    }

    [Fact]
    public void A_diff_without_changes_says_so()
    {
        Publish();
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, Publish("--diff"));
        Assert.Equal("nothing would change\n", _output.ToString());
    }

    [Fact]
    public void A_diff_shows_what_would_be_added_changed_and_removed_and_writes_nothing()
    {
        Publish();
        Edit("aspire-manifest.json", t => t.Replace("\"eventlog\": {", "\"event-log\": {", StringComparison.Ordinal));
        Edit("k8s/old.yaml", _ => "a: 1\n");
        var before = Bytes();
        _output.GetStringBuilder().Clear();
        Assert.Equal(1, Publish("--diff"));
        var lines = _output.ToString().Split('\n');
        Assert.Equal(["--- a/aspire-manifest.json", "+++ b/aspire-manifest.json"], lines[..2]);
        Assert.StartsWith("@@ ", lines[2], StringComparison.Ordinal);
        Assert.Contains("-    \"event-log\": {", lines);
        Assert.Contains("+    \"eventlog\": {", lines);
        Assert.Equal(["--- a/k8s/old.yaml", "+++ /dev/null"], lines.SkipWhile(l => l != "--- a/k8s/old.yaml").Take(2));
        Assert.Contains("-a: 1", lines);
        Assert.Equal("0 added, 1 changed, 1 removed", lines[^2]);
        Assert.Equal(before, Bytes());
    }

    [Fact]
    public void A_diff_against_an_empty_folder_adds_every_file_and_makes_no_folder()
    {
        Assert.Equal(1, Publish("--diff", "--summary"));
        Assert.StartsWith("A DEPLOY.md\nA aspire-manifest.json\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"\n[0-9]+ added, 0 changed, 0 removed\n\z", _output.ToString());
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_summary_names_the_files_only()
    {
        Publish();
        Edit("aspire-manifest.json", t => t + " ");
        Edit("dns/old.json", _ => "{}\n");
        _output.GetStringBuilder().Clear();
        Assert.Equal(1, Publish("--diff", "--summary"));
        Assert.Equal("M aspire-manifest.json\nD dns/old.json\n0 added, 1 changed, 1 removed\n", _output.ToString());
    }

    [Fact]
    public void Colours_are_only_for_terminals()
    {
        Assert.Equal(1, Publish("--diff"));
        Assert.DoesNotContain('\e', _output.ToString());
        Assert.Equal(1, Publish(colour: true, "--diff"));
        Assert.Contains("\e[32m+{\e[0m\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_finds_what_has_drifted_and_mends_nothing()
    {
        Publish();
        Assert.Equal(0, Publish("--check"));
        Edit("k8s/old.yaml", _ => "a: 1\n");
        Edit("aspire-manifest.json", t => t + " ");
        var before = Bytes();
        _output.GetStringBuilder().Clear();
        Assert.Equal(1, Publish("--check"));
        Assert.StartsWith("aspire-manifest.json: is not what the topology gives (publish --diff shows it)\nk8s/old.yaml: nothing writes it\n", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(", 2 findings\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Bytes());
    }

    [Fact]
    public void A_check_asks_the_further_checks_with_folder_and_schemas()
    {
        Publish();
        _output.GetStringBuilder().Clear();
        (string, string?)? asked = null;
        var surroundings = new PublishCommand.Surroundings { Output = _output, Error = _error, Colour = false, FurtherChecks = Further };
        Assert.Equal(1, Run(Command(surroundings, "--check", "--schemas", Path.Combine(_root, "schemas"), "--output-path", Folder)));
        Assert.Equal((Folder, Path.Combine(_root, "schemas")), asked);
        Assert.StartsWith("k8s/x.yaml: wrong\n", _output.ToString(), StringComparison.Ordinal);

        IReadOnlyList<string> Further(Deployment deployment, string folder, string? schemas)
        {
            asked = (folder, schemas);
            return ["k8s/x.yaml: wrong"];
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_one_line()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        var command = Command("--output-path", Path.Combine(_root, "file", "set"));
        Assert.Equal(1, Run(command));
        Assert.Matches(@"\Aerror: .+\n\z", _error.ToString());
    }

    [Fact]
    public void An_app_model_that_wrote_nothing_has_failed()
    {
        var command = Command("--output-path", Folder);
        Assert.Null(command.Begin());
        Assert.NotEqual(0, command.Finish());
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Nothing_is_left_over_where_the_app_model_wrote_the_manifest()
    {
        var command = Command("--output-path", Folder);
        Assert.Equal(0, Run(command));
        Assert.False(File.Exists(command.AppHostArguments[2]));
    }

    [Fact]
    public async Task The_process_shows_no_temporary_name_and_ends_with_the_codes()
    {
        await using (var written = AppHostProcess.StartSuite(null, "publish", "--output-path", Folder))
        {
            Assert.Equal(0, await written.ExitCodeAsync());
            Assert.StartsWith($"{Folder}: ", Assert.Single(written.Output.Lines), StringComparison.Ordinal);
        }

        Edit("aspire-manifest.json", t => t + " ");
        await using (var diff = AppHostProcess.StartSuite(null, "publish", "--diff", "--output-path", Folder)) Assert.Equal(1, await diff.ExitCodeAsync());
        var topology = Topology(TopologyText.With("role: secondary", "role: primary"));
        await using (var refused = AppHostProcess.StartSuite(null, "publish", "--topology", topology, "--output-path", Path.Combine(_root, "other")))
        {
            Assert.Equal(2, await refused.ExitCodeAsync());
            Assert.StartsWith("regions: exactly one must have the role primary, 2 have: 'us-east-1', 'eu-west-1' (line ", Assert.Single(refused.Error.Lines), StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(_root, "other")));
        }
    }

    private string Folder => Path.Combine(_root, "set");

    private PublishCommand Command(params string[] arguments) => Command(Spoken(colour: false), arguments);

    // The check of references is tested over the whole set elsewhere; here it would only take its time.
    private PublishCommand.Surroundings Spoken(bool colour) => new() { Output = _output, Error = _error, Colour = colour, FurtherChecks = (_, _, _) => [] };

    private static PublishCommand Command(PublishCommand.Surroundings surroundings, params string[] arguments) => PublishCommand.From(["publish", .. arguments], surroundings)!;

    private int Publish(params string[] arguments) => Publish(colour: false, arguments);

    private int Publish(bool colour, params string[] arguments) =>
        Run(Command(Spoken(colour), ["--output-path", Folder, .. arguments]));

    // In place of the app model: the committed manifest, as it would be for the folder in which it is asked for.
    private static int Run(PublishCommand command)
    {
        if (command.Begin() is { } exitCode) return exitCode;
        File.WriteAllText(command.AppHostArguments[2], ManifestPaths.Move(File.ReadAllText(Manifest), Path.GetDirectoryName(Manifest)!, Path.GetDirectoryName(command.AppHostArguments[2])!));
        return command.Finish();
    }

    private string Topology(string text)
    {
        var path = Path.Combine(_root, "topology.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private void Edit(string path, Func<string, string> edit)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, edit(File.Exists(full) ? File.ReadAllText(full) : ""));
    }

    private Dictionary<string, string> Bytes() => Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).ToDictionary(f => f, f => Convert.ToHexString(File.ReadAllBytes(f)));
}
