using RecoAspire.Sandbox.Tests.Manifests;
using RecoAspire.Sandbox.Tests.Sandboxes;

namespace RecoAspire.Sandbox.Tests;

/// <summary>The operator's tool as an image: one command, no files, read-only.</summary>
public sealed class OpsTests(PublishedServices published)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ops_says_what_it_can_do()
    {
        var (exitCode, output) = await OpsAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("status", output);
        Assert.Contains("rebuild", output);
    }

    [Fact]
    public async Task A_command_that_cannot_be_done_fails_with_one_line()
    {
        var (exitCode, output) = await OpsAsync("status");

        Assert.NotEqual(0, exitCode);
        Assert.StartsWith("error: ", output);
        Assert.DoesNotContain('\n', output);
    }

    [Fact]
    public async Task A_command_that_does_not_exist_fails_with_exit_code_2()
    {
        var (exitCode, output) = await OpsAsync("make-coffee");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("error: ", output);
        Assert.DoesNotContain('\n', output);
    }

    [Fact]
    public async Task The_entry_point_of_the_Dockerfile_a_link_starts_the_same_program()
    {
        PublishedServices.Require();
        var link = Path.Combine(published.Application("ops"), "service.dll");
        if (!File.Exists(link)) File.CreateSymbolicLink(link, "Ops.dll");

        var (exitCode, output) = await OpsAsync("--help", ["dotnet", "/app/service.dll"]);

        Assert.Equal(0, exitCode);
        Assert.Contains("status", output);
    }

    private async Task<(int ExitCode, string Output)> OpsAsync(string command, string[]? entryPoint = null)
    {
        PublishedServices.Require();
        var plan = new SandboxPlan(
            "ops", 1654, ReadOnlyRoot: true, [new("/tmp", MountKind.Scratch)], new Dictionary<string, string>(), [], [command],
            new Dictionary<string, int>(), [], Limit, []);
        using var sandbox = SandboxProcess.Start(
            plan, published.Bubblewrap.Command(plan, published.Application("ops"), entryPoint ?? PublishedServices.EntryPoint("ops")));
        return (await sandbox.WaitForExitAsync(Limit, Cancellation), sandbox.Output);
    }
}
