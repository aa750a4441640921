using System.Diagnostics;

namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>The scripts that people and jobs run: started by a real shell, with programs in place of the clouds' that write down how they were called.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scripts-").FullName;

    public ScriptTests()
    {
        CommittedSet.Save(CommittedSet.Generate(CommittedSet.TopologyText), Path.Combine(_folder, "set"));
        foreach (var program in (string[])["kubectl", "aws"]) Program(program, $"echo {program} \"$@\" >> \"{_folder}/calls\"");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_published_script_is_one_that_a_shell_can_read()
    {
        var scripts = Directory.EnumerateFiles(Path.Combine(_folder, "set"), "*.sh", SearchOption.AllDirectories).ToList();
        Assert.True(scripts.Count >= 8);
        foreach (var script in scripts)
        {
            var (code, _, error) = Run(File.ReadLines(script).First().Contains("bash", StringComparison.Ordinal) ? "bash" : "sh", ["-n", script]);
            Assert.True(code == 0, $"{script}: {error}");
        }
    }

    [Fact]
    public void Failover_makes_room_first_then_moves_the_names()
    {
        var (code, _, error) = Failover("away", "us-east-1");
        Assert.True(code == 0, error);
        var calls = File.ReadAllLines(Path.Combine(_folder, "calls"));
        Assert.Equal(3, calls.Length);
        Assert.Equal("kubectl --context eu-west-1 --namespace recommendation patch horizontalpodautoscaler gateway --type merge --patch {\"spec\":{\"minReplicas\":120}}", calls[0]);
        Assert.StartsWith("kubectl --context eu-west-1 --namespace recommendation rollout status deployment/gateway", calls[1], StringComparison.Ordinal);
        Assert.StartsWith("aws route53 change-resource-record-sets --hosted-zone-id Z1 --change-batch file://", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("dns/failover/us-east-1-away.json", calls[2], StringComparison.Ordinal);
        Assert.True(File.Exists(calls[2].Split("file://")[1]));
    }

    [Fact]
    public void Failback_waits_for_the_region_moves_the_names_and_gives_the_room_back()
    {
        var (code, _, error) = Failover("back", "us-east-1");
        Assert.True(code == 0, error);
        var calls = File.ReadAllLines(Path.Combine(_folder, "calls"));
        Assert.StartsWith("kubectl --context us-east-1 --namespace recommendation rollout status", calls[0], StringComparison.Ordinal);
        Assert.EndsWith("us-east-1-back.json", calls[1], StringComparison.Ordinal);
        Assert.EndsWith("{\"spec\":{\"minReplicas\":40}}", calls[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_calls_nobody()
    {
        var (code, output, error) = Failover("--dry-run", "away", "eu-west-1");
        Assert.True(code == 0, error);
        Assert.False(File.Exists(Path.Combine(_folder, "calls")));
        Assert.Contains("would run: aws route53", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("away", "mars-1")]
    [InlineData("up", "us-east-1")]
    [InlineData("away")]
    public void What_failover_does_not_know_is_one_line_and_nothing_is_called(params string[] arguments)
    {
        var (code, _, error) = Failover(arguments);
        Assert.Equal(2, code);
        Assert.Single(error.Trim().Split('\n'));
        Assert.False(File.Exists(Path.Combine(_folder, "calls")));
    }

    [Fact]
    public void When_the_room_cannot_be_made_the_names_stay()
    {
        Program("kubectl", "exit 1");
        var (code, _, _) = Failover("away", "us-east-1");
        Assert.NotEqual(0, code);
        Assert.False(File.Exists(Path.Combine(_folder, "calls")));
    }

    [Fact]
    public void A_copy_of_vectors_that_was_changed_is_not_restored()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        File.WriteAllText(Path.Combine(copy, "qdrant-0.text.snapshot.gz"), "changed");
        File.WriteAllText(Path.Combine(copy, "complete"), "");
        File.WriteAllText(Path.Combine(copy, "SHA256SUMS"), $"{new string('0', 64)}  qdrant-0.text.snapshot.gz\n");
        var (code, _, error) = Run("bash", [Path.Combine(_folder, "set", "backup", "scripts", "restore-vector-db.sh"), "us-east-1", copy]);
        Assert.Equal(1, code);
        Assert.Contains("is not what was written", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "calls")));
    }

    private (int Code, string Output, string Error) Failover(params string[] arguments) =>
        Run("bash", [Path.Combine(_folder, "set", "backup", "scripts", "failover.sh"), .. arguments]);

    private void Program(string name, string body)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (int Code, string Output, string Error) Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(_folder, "bin")}:{start.Environment["PATH"]}";
        start.Environment["HOSTED_ZONE_ID"] = "Z1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return (process.ExitCode, output, error.Result);
    }
}
